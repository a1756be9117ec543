// The view of the maps of one text: which of them is chosen, and who has to know.

const byId = (id) => document.getElementById(id);
const PART_NAMES = { encoder: "Encoder", decoder: "Decoder", cross: "Cross: decoder to encoder" };
// No layer and no head: the mean of all.
const chosen = { part: 0, layer: null, head: null, query: 0, rule: "largest" };

class MapsView {
  constructor() {
    this.parts = [];
    this.grid = new Grid(byId("grid"), (layer, head) => {
      Object.assign(chosen, { layer, head });
      this.update();
    });
    const pin = (query) => this.pin(query);
    this.large = new LargeMap(byId("map"), byId("room"), byId("cells"), { point: (at) => this.tip(at), pin });
    this.row = new Row(pin);
    byId("rule").addEventListener("change", (event) => {
      chosen.rule = event.target.value;
      this.repaint();
    });
    byId("smaller").addEventListener("click", () => this.large.zoomBy(1 / 1.4));
    byId("larger").addEventListener("click", () => this.large.zoomBy(1.4));
    byId("fit").addEventListener("click", () => this.large.zoomBy(0));
  }

  // Shows other maps; their weights are unpacked.
  show(parts) {
    this.parts = parts;
    chosen.part = 0;
    byId("parts").hidden = parts.length === 1;
    byId("parts").replaceChildren(...parts.map((each, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.value = each.kind;
      button.textContent = PART_NAMES[each.kind];
      button.addEventListener("click", () => {
        chosen.part = i;
        this.updatePart();
      });
      return button;
    }));
    this.updatePart();
  }

  // The colours of a theme, "light" or "dark".
  paint(theme) {
    this.palette = paletteOf(theme);
    if (this.parts.length > 0) {
      this.repaint();
    }
  }

  current() {
    return this.parts[chosen.part];
  }

  pin(query) {
    chosen.query = query;
    this.large.pinned = query;
    this.large.draw();
    this.updateRow();
  }

  // After another part was chosen, or at the start.
  updatePart() {
    const part = this.current();
    Object.assign(chosen, { layer: null, head: null, query: Math.min(1, part.queries.length - 1) });
    this.large.pinned = chosen.query;
    this.grid.show(part);
    for (const button of byId("parts").children) {
      button.setAttribute("aria-pressed", button.value === part.kind);
    }
    const pooled = Math.max(part.queries.length, part.keys.length) > SMALL;
    byId("pooled").textContent = pooled
        ? "Each point of a small map shows the largest weight of its block." : "";
    this.repaint();
  }

  // After colours have changed.
  repaint() {
    const part = this.current();
    const layers = [...part.layers.keys(), null];
    const paintNext = () => {
      if (part === this.current() && layers.length > 0) {
        this.grid.paint(layers.shift(), this.palette, chosen.rule);
        setTimeout(paintNext);
      }
    };
    paintNext();
    this.update();
  }

  // After another map was chosen.
  update() {
    const part = this.current();
    const { layer, head, rule } = chosen;
    const map = part.map(layer, head);
    this.grid.select(layer, head);
    this.large.show(part, layer, map, this.palette, rule);
    byId("large-title").textContent = title(layer, head);
    byId("map").setAttribute("aria-label", `${title(layer, head)}: ${part.queries.length} rows that`
        + ` look, ${part.keys.length} columns that are looked at`);
    this.updateLegend(part, layer, topOf(map, rule));
    this.updateRow();
  }

  updateRow() {
    const { layer, head, query, rule } = chosen;
    const part = this.current();
    this.row.show(part, layer, part.map(layer, head), query, title(layer, head).toLowerCase(), this.palette, rule);
  }

  updateLegend(part, layer, top) {
    const scale = document.createElement("span");
    scale.className = "scale";
    const steps = [...Array(17).keys()].map((i) => css(this.palette.colours[Math.round((i * 255) / 16)]));
    scale.style.background = `linear-gradient(to right, ${steps.join(", ")})`;
    const items = [["0", scale, top === 1 ? "1" : top.toPrecision(3)]];
    const { window, globals } = part.layers[layer ?? 0];
    if (window !== undefined || part.kind === "decoder") {
      const swatch = document.createElement("span");
      swatch.className = "swatch";
      swatch.style.background = css(this.palette.unseen);
      items.push([swatch, "not looked at"]);
    }
    if (window !== undefined) {
      const windows = new Set(part.layers.map((each) => each.window));
      items.push([layer !== null || windows.size === 1 ? `window ${window}` : "windows differ"]);
      items.push([globals.length === 0 ? "no global tokens" : `◆ global: ${ranges(globals)}`]);
    }
    byId("legend").replaceChildren(...items.map((item) => {
      const group = small("");
      group.append(...item);
      return group;
    }));
  }

  // What the cursor of the large map stands on; null for nothing.
  tip(at) {
    const tip = byId("tip");
    tip.hidden = !at;
    if (!at) {
      return;
    }
    const part = this.current();
    const seen = part.sees(chosen.layer, at.query, at.key);
    const weight = document.createElement("strong");
    weight.textContent = seen ? digits(at.weight, part.bits) : "not looked at";
    tip.replaceChildren(weight, token(part.queries[at.query]), " → ", token(part.keys[at.key]),
        small(`row ${at.query}, column ${at.key}`));
    const [x, y, size] = at.box;
    const frame = byId("map");
    const left = Math.min(frame.clientWidth - tip.offsetWidth - 4, Math.max(4, x + size / 2 - tip.offsetWidth / 2));
    const below = y + size + 8;
    const above = y - tip.offsetHeight - 8;
    tip.style.left = left + "px";
    tip.style.top = (above > 0 ? above : below) + "px";
    if (at.aloud) {
      byId("said").textContent = tip.innerText.replace(/\n/g, " ");
    }
  }
}

// 0, 1, 2, 5 as 0–2, 5.
function ranges(numbers) {
  const runs = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) {
      last[1] = number;
    } else {
      runs.push([number, number]);
    }
  }
  return runs.map(([from, to]) => (from === to ? from : `${from}–${to}`)).join(", ");
}
