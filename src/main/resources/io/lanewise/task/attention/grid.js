// The small maps: a row a layer, a column a head, the means at the ends.

const SMALL = 64;
const GAP = 3;

class Grid {
  constructor(element, choose) {
    this.element = element;
    this.choose = choose;
    element.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.layOut()).observe(element.parentElement);
  }

  // Lays the grid out for a part; nothing is painted yet.
  show(part) {
    this.part = part;
    this.cells = [];
    this.element.replaceChildren();
    this.element.style.setProperty("--columns", part.heads + 1);
    const numbers = [...Array(part.heads).keys(), null];
    this.element.append(this.row([this.head("columnheader", ""), ...numbers.map((head) =>
        this.head("columnheader", head === null ? "mean" : String(head), headName(head)))]));
    for (const layer of [...part.layers.keys(), null]) {
      const name = layer === null ? "mean" : String(layer);
      const cells = numbers.map((head) => this.cell(layer, head));
      this.cells.push(cells);
      this.element.append(this.row([this.head("rowheader", name, layerName(layer)), ...cells]));
    }
    this.layOut();
  }

  // As large as the panel is wide, so that all heads are seen, however many there are.
  layOut() {
    if (!this.part) {
      return;
    }
    const { part, element } = this;
    const columns = part.heads + 1;
    const names = 36 + 8 + 8 + 4; // the layers' names, padding, the place before the mean, outline
    const room = (element.parentElement.clientWidth || 360) - names;
    const gap = room / columns < 14 ? 1 : GAP;
    const size = Math.max(4, Math.min(64, Math.floor(room / columns) - gap));
    const shape = Math.min(1.5, Math.max(0.5, part.queries.length / part.keys.length));
    element.style.setProperty("--gap", gap + "px");
    element.style.setProperty("--small", size + "px");
    element.style.setProperty("--tall", Math.max(4, Math.round(size * shape)) + "px");
    // The numbers of heads that find room; the mean is told by its place and its name.
    const step = Math.ceil((7 * String(part.heads - 1).length + 3) / (size + gap));
    for (const [i, head] of [...element.firstChild.children].slice(1).entries()) {
      head.classList.toggle("hushed", i === part.heads ? size < 28 : i % step !== 0);
    }
  }

  row(cells) {
    const row = document.createElement("div");
    row.setAttribute("role", "row");
    row.append(...cells);
    return row;
  }

  head(role, text, name) {
    const head = document.createElement("span");
    head.setAttribute("role", role);
    head.textContent = text;
    if (name) {
      head.setAttribute("aria-label", name);
      head.title = name;
    }
    return head;
  }

  cell(layer, head) {
    const cell = document.createElement("button");
    cell.type = "button";
    cell.tabIndex = -1;
    cell.setAttribute("role", "gridcell");
    cell.setAttribute("aria-label", title(layer, head));
    cell.title = title(layer, head);
    cell.className = layer === null || head === null ? "mean" : "";
    const canvas = document.createElement("canvas");
    canvas.width = Math.min(SMALL, this.part.keys.length);
    canvas.height = Math.min(SMALL, this.part.queries.length);
    cell.append(canvas);
    cell.addEventListener("click", () => this.choose(layer, head));
    return cell;
  }

  // The place of a layer and a head among the cells.
  place(layer, head) {
    return [layer === null ? this.part.layers.length : layer, head === null ? this.part.heads : head];
  }

  // Paints the maps of one layer, or of the means.
  paint(layer, palette, rule) {
    for (const head of [...Array(this.part.heads).keys(), null]) {
      const [row, column] = this.place(layer, head);
      const canvas = this.cells[row][column].firstChild;
      paint(canvas, this.part, layer, this.part.map(layer, head), palette, rule);
    }
  }

  select(layer, head) {
    const [row, column] = this.place(layer, head);
    for (const cell of this.cells.flat()) {
      const selected = cell === this.cells[row][column];
      cell.setAttribute("aria-selected", selected);
      cell.tabIndex = selected ? 0 : -1;
    }
    this.at = [row, column];
  }

  key(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step || !this.at || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    event.preventDefault();
    const row = Math.min(this.part.layers.length, Math.max(0, this.at[0] + step[0]));
    const column = Math.min(this.part.heads, Math.max(0, this.at[1] + step[1]));
    this.choose(row === this.part.layers.length ? null : row, column === this.part.heads ? null : column);
    this.cells[row][column].focus();
  }
}

function layerName(layer) {
  return layer === null ? "mean of layers" : "layer " + layer;
}

function headName(head) {
  return head === null ? "mean of heads" : "head " + head;
}

function title(layer, head) {
  const text = layer === null && head === null
      ? "mean of all layers and heads" : layerName(layer) + ", " + headName(head);
  return text[0].toUpperCase() + text.slice(1);
}
