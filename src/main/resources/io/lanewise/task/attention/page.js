// The page: what is chosen, and who has to know.

const maps = JSON.parse(document.getElementById("maps").textContent);
const parts = maps.parts.map((info) => new Part(info, maps.bits));
// No layer and no head: the mean of all.
const chosen = { part: 0, layer: null, head: null, query: 0, rule: "largest" };
const LONG = 300;
const FOLDED = 3000;
const byId = (id) => document.getElementById(id);
let palette;

const grid = new Grid(byId("grid"), (layer, head) => {
  Object.assign(chosen, { layer, head });
  update();
});
const large = new LargeMap(byId("map"), byId("room"), byId("cells"), { point: tip, pin });
const row = new Row(pin);

function current() {
  return parts[chosen.part];
}

function pin(query) {
  chosen.query = query;
  large.pinned = query;
  large.draw();
  updateRow();
}

// After another part was chosen, or at the start.
function updatePart() {
  const part = current();
  Object.assign(chosen, { layer: null, head: null, query: Math.min(1, part.queries.length - 1) });
  large.pinned = chosen.query;
  grid.show(part);
  for (const button of byId("parts").children) {
    button.setAttribute("aria-pressed", button.value === part.kind);
  }
  const pooled = Math.max(part.queries.length, part.keys.length) > SMALL;
  byId("pooled").textContent = pooled
      ? `Each point of a small map shows the largest weight of its block.` : "";
  repaint();
}

// After colours have changed.
function repaint() {
  const part = current();
  const layers = [...part.layers.keys(), null];
  const paintNext = () => {
    if (part === current() && layers.length > 0) {
      grid.paint(layers.shift(), palette, chosen.rule);
      setTimeout(paintNext);
    }
  };
  paintNext();
  update();
}

// After another map was chosen.
function update() {
  const part = current();
  const { layer, head, rule } = chosen;
  const map = part.map(layer, head);
  grid.select(layer, head);
  large.show(part, layer, map, palette, rule);
  byId("large-title").textContent = title(layer, head);
  byId("map").setAttribute("aria-label", `${title(layer, head)}: ${part.queries.length} rows that`
      + ` look, ${part.keys.length} columns that are looked at`);
  updateLegend(part, layer, topOf(map, rule));
  updateRow();
}

function updateRow() {
  const { layer, head, query, rule } = chosen;
  const part = current();
  row.show(part, layer, part.map(layer, head), query, title(layer, head).toLowerCase(), palette, rule);
}

function updateLegend(part, layer, top) {
  const scale = document.createElement("span");
  scale.className = "scale";
  const steps = [...Array(17).keys()].map((i) => css(palette.colours[Math.round((i * 255) / 16)]));
  scale.style.background = `linear-gradient(to right, ${steps.join(", ")})`;
  const items = [["0", scale, top === 1 ? "1" : top.toPrecision(3)]];
  const { window, globals } = part.layers[layer ?? 0];
  if (window !== undefined || part.kind === "decoder") {
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.background = css(palette.unseen);
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

function tip(at) {
  const tip = byId("tip");
  tip.hidden = !at;
  if (!at) {
    return;
  }
  const part = current();
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

function setMode(mode) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;
  for (const button of document.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", button.dataset.mode === mode);
  }
  palette = paletteOf(document.documentElement.dataset.theme);
}

function showFacts() {
  const part = parts[0];
  const tokens = parts.length > 1
      ? `${part.queries.length} and ${parts[1].queries.length} tokens` : `${part.queries.length} tokens`;
  const exact = maps.bits === 16 ? "16 bits a weight, exact to 0.00001" : "8 bits a weight, exact to 0.004";
  byId("facts").textContent =
      `${maps.family} · ${part.layers.length} layers × ${part.heads} heads · ${tokens} · ${exact}`;
  for (const [name, text] of [["", maps.text], ["and", maps.pair], ["into", maps.target]]) {
    if (text !== null) {
      const line = document.createElement("p");
      line.append(small(name), text);
      line.dir = "auto";
      line.className = text.length > LONG ? "long" : "";
      byId("texts").append(text.length > FOLDED ? folded(line, text) : line);
    }
  }
  byId("parts").hidden = parts.length === 1;
  const names = { encoder: "Encoder", decoder: "Decoder", cross: "Cross: decoder to encoder" };
  parts.forEach((each, i) => {
    const button = document.createElement("button");
    button.type = "button";
    button.value = each.kind;
    button.textContent = names[each.kind];
    button.addEventListener("click", () => {
      chosen.part = i;
      updatePart();
    });
    byId("parts").append(button);
  });
}

// A text of pages, to be opened.
function folded(line, text) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = `${[...text].slice(0, 80).join("")}… (all ${text.length} characters)`;
  details.append(summary, line);
  return details;
}

function listen() {
  let mode = "auto";
  const set = (to) => {
    mode = to;
    setMode(mode);
    repaint();
  };
  for (const button of document.querySelectorAll("[data-mode]")) {
    button.addEventListener("click", () => set(button.dataset.mode));
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => set(mode));
  byId("rule").addEventListener("change", (event) => {
    chosen.rule = event.target.value;
    repaint();
  });
  byId("smaller").addEventListener("click", () => large.zoomBy(1 / 1.4));
  byId("larger").addEventListener("click", () => large.zoomBy(1.4));
  byId("fit").addEventListener("click", () => large.zoomBy(0));
}

async function start() {
  setMode("auto");
  showFacts();
  if (typeof DecompressionStream === "undefined") {
    byId("notice").textContent = "This browser is too old for this page: it cannot unpack (DecompressionStream).";
    return;
  }
  const notice = byId("notice");
  for (const [p, part] of parts.entries()) {
    for (let layer = 0; layer < part.layers.length; layer++) {
      notice.textContent = `Unpacking layer ${layer} …`;
      part.codes.push(await unpacked(byId(`w-${p}-${layer}`), maps.bits));
    }
  }
  notice.textContent = "";
  listen();
  updatePart();
  document.documentElement.dataset.ready = "yes";
}

start();
