// The large map: tokens on both axes, drawn for the part that the scrolled frame shows.

const LARGEST_CELL = 56;
const READABLE_CELL = 15;

class LargeMap {
  constructor(frame, room, canvas, told) {
    Object.assign(this, { frame, room, canvas, told, pinned: 0, cursor: null, zoom: null });
    frame.addEventListener("scroll", () => this.draw(), { passive: true });
    canvas.addEventListener("pointermove", (event) => this.point(event));
    canvas.addEventListener("pointerleave", () => this.move(null));
    canvas.addEventListener("click", (event) => {
      this.point(event);
      this.pin();
    });
    frame.addEventListener("keydown", (event) => this.key(event));
    frame.addEventListener("blur", () => this.move(null));
    new ResizeObserver(() => this.layOut()).observe(frame.parentElement);
  }

  show(part, layer, map, palette, rule) {
    const other = part !== this.part;
    Object.assign(this, { part, layer, map, palette, rule });
    if (other) {
      Object.assign(this, { zoom: null, cursor: null });
      this.rowLabels = part.queries.map(label);
      this.columnLabels = part.keys.map(label);
      this.frame.scrollTo(0, 0);
    }
    this.image = picture(
        part, layer, map, part.queries.length, part.keys.length, palette, rule);
    this.layOut();
  }

  // Sizes in CSS pixels.
  layOut() {
    if (!this.part) {
      return;
    }
    const style = getComputedStyle(this.frame);
    this.font = "12px " + style.getPropertyValue("--mono");
    this.ink = style.getPropertyValue("--ink");
    this.muted = style.getPropertyValue("--muted");
    this.accent = style.getPropertyValue("--accent");
    this.ground = style.getPropertyValue("--surface");
    const width = this.frame.clientWidth;
    const most = width < 500 ? 76 : 120;
    const context = this.canvas.getContext("2d");
    context.font = this.font;
    const longest = (labels) =>
      Math.min(most, labels.reduce((w, text) => Math.max(w, context.measureText(text).width), 0));
    const rows = this.part.queries.length;
    const columns = this.part.keys.length;
    this.left = Math.ceil(longest(this.rowLabels)) + 24;
    this.labelRoom = longest(this.columnLabels);
    const slanted = Math.ceil(this.labelRoom * 0.71) + 12;
    const height = Math.max(320, Math.min(720, window.innerHeight * 0.78));
    const fit = Math.min(
        (width - this.left - slanted) / columns, (height - slanted - 16) / rows, LARGEST_CELL);
    const few = Math.max(rows, columns) <= 100;
    this.fitted = Math.max(fit, few ? READABLE_CELL : 2);
    this.cell = this.zoom ?? this.fitted;
    this.cell = this.cell >= 4 ? Math.floor(this.cell) : this.cell;
    this.slanted = this.cell >= 19;
    this.top = this.slanted ? slanted + 8 : Math.ceil(this.labelRoom) + 22;
    this.right = this.slanted ? slanted : 8;
    this.room.style.width = this.left + columns * this.cell + this.right + "px";
    this.room.style.height = this.top + rows * this.cell + 8 + "px";
    const wanted = this.top + rows * this.cell + 8;
    this.frame.style.height = Math.min(wanted + 16, Math.max(height, this.top + 160)) + "px";
    this.draw();
  }

  draw() {
    if (!this.part) {
      return;
    }
    const { canvas, frame, cell, left, top } = this;
    const ratio = window.devicePixelRatio || 1;
    const width = frame.clientWidth;
    const height = frame.clientHeight;
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = this.font;
    const columns = this.part.keys.length;
    const rows = this.part.queries.length;
    const x0 = left - frame.scrollLeft;
    const y0 = top - frame.scrollTop;
    context.save();
    context.beginPath();
    context.rect(left, top, width - left, height - top);
    context.clip();
    context.imageSmoothingEnabled = false;
    context.drawImage(this.image, x0, y0, columns * cell, rows * cell);
    this.drawGaps(context, x0, y0, columns, rows, width, height);
    if (this.pinned !== null && this.pinned < rows) {
      this.outline(context, x0, y0 + this.pinned * cell, columns * cell, cell, this.accent, this.cell < 8 ? 1 : 2);
    }
    if (this.cursor) {
      const [query, key] = this.cursor;
      this.outline(context, x0 + key * cell, y0 + query * cell, cell, cell, this.ink, 2);
    }
    context.restore();
    this.drawRowLabels(context, y0, height);
    this.drawColumnLabels(context, x0, width);
  }

  drawGaps(context, x0, y0, columns, rows, width, height) {
    if (this.cell < 10) {
      return;
    }
    context.fillStyle = this.ground;
    for (let i = 1; i < columns; i++) {
      context.fillRect(x0 + i * this.cell - 0.5, y0, 1, rows * this.cell);
    }
    for (let i = 1; i < rows; i++) {
      context.fillRect(x0, y0 + i * this.cell - 0.5, columns * this.cell, 1);
    }
  }

  outline(context, x, y, width, height, colour, line) {
    const grow = this.cell < 6 ? 1 : 0;
    context.lineWidth = line + 2;
    context.strokeStyle = this.ground;
    context.strokeRect(x - grow, y - grow, width + 2 * grow, height + 2 * grow);
    context.lineWidth = line;
    context.strokeStyle = colour;
    context.strokeRect(x - grow, y - grow, width + 2 * grow, height + 2 * grow);
  }

  drawRowLabels(context, y0, height) {
    const strong = [this.pinned, this.cursor?.[0]];
    const from = Math.max(0, Math.floor((this.top - y0) / this.cell));
    const to = Math.min(this.rowLabels.length, Math.ceil((height - y0) / this.cell));
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const i of this.standing(from, to, strong)) {
      const y = y0 + (i + 0.5) * this.cell;
      if (y >= this.top - 1) {
        this.text(context, this.rowLabels[i], this.left - 8, y, i, strong, this.left - 24);
      }
    }
  }

  drawColumnLabels(context, x0, width) {
    const strong = [null, this.cursor?.[1]];
    const from = Math.max(0, Math.floor((this.left - x0) / this.cell));
    const to = Math.min(this.columnLabels.length, Math.ceil((width - x0) / this.cell));
    context.textAlign = "left";
    for (const i of this.standing(from, to, strong)) {
      const x = x0 + (i + 0.5) * this.cell;
      if (x >= this.left - 1) {
        context.save();
        context.translate(x, this.top - 7);
        context.rotate(this.slanted ? -Math.PI / 4 : -Math.PI / 2);
        this.text(context, this.columnLabels[i], 0, 0, i, strong, this.labelRoom + 2);
        context.restore();
      }
    }
  }

  // The labels that find room: those that matter now, then those of global tokens, then the rest.
  standing(from, to, strong) {
    const step = Math.ceil(14 / this.cell);
    const all = [...Array(Math.max(0, to - from)).keys()].map((i) => i + from);
    const rest = all.filter((i) => i % step === 0);
    const placed = [];
    for (const i of [...strong, ...all.filter((i) => this.part.isGlobal(i)), ...rest]) {
      if (i != null && i >= from && i < to && !placed.some((j) => Math.abs(i - j) < step)) {
        placed.push(i);
      }
    }
    return placed;
  }

  text(context, text, x, y, i, strong, room) {
    context.fillStyle =
        i === strong[0] ? this.accent : i === strong[1] || this.part.isGlobal(i) ? this.ink : this.muted;
    context.font = (strong.includes(i) ? "bold " : "") + this.font;
    const marked = this.part.isGlobal(i) ? "◆ " : "";
    let shown = marked + text;
    while (shown.length > 2 && context.measureText(shown).width > room + 14) {
      shown = [...shown.replace(/…$/, "")].slice(0, -1).join("") + "…";
    }
    context.fillText(shown, x, y);
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const key = Math.floor((x - this.left + this.frame.scrollLeft) / this.cell);
    const query = Math.floor((y - this.top + this.frame.scrollTop) / this.cell);
    const rows = y > this.top && query >= 0 && query < this.part.queries.length;
    const inside = rows && x > this.left && key >= 0 && key < this.part.keys.length;
    this.labelled = rows && x <= this.left ? query : null;
    this.move(inside ? [query, key] : null);
    this.canvas.style.cursor = inside || this.labelled !== null ? "pointer" : "";
  }

  // Moves the cursor, and says what stands there.
  move(cursor, aloud) {
    this.cursor = cursor;
    this.draw();
    if (!cursor) {
      this.told.point(null);
      return;
    }
    const [query, key] = cursor;
    const box = [
      this.left + key * this.cell - this.frame.scrollLeft,
      this.top + query * this.cell - this.frame.scrollTop,
      this.cell,
    ];
    this.told.point({ query, key, weight: this.map[query * this.part.keys.length + key], box, aloud });
  }

  pin() {
    const query = this.cursor ? this.cursor[0] : this.labelled;
    if (query !== null && query !== undefined) {
      this.told.pin(query);
    }
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step) {
      const [query, key] = this.cursor ?? [this.pinned ?? 0, -step[1]];
      const to = [
        Math.min(this.part.queries.length - 1, Math.max(0, query + (this.cursor ? step[0] : 0))),
        Math.min(this.part.keys.length - 1, Math.max(0, key + step[1])),
      ];
      this.bringIntoView(to);
      this.move(to, true);
    } else if (event.key === "Enter" || event.key === " ") {
      this.pin();
    } else if (event.key === "Escape") {
      this.move(null);
    } else if (event.key === "+" || event.key === "=") {
      this.zoomBy(1.4);
    } else if (event.key === "-") {
      this.zoomBy(1 / 1.4);
    } else if (event.key === "0") {
      this.zoomBy(0);
    } else {
      return;
    }
    event.preventDefault();
  }

  bringIntoView([query, key]) {
    const { frame, cell, left, top } = this;
    const x = key * cell;
    const y = query * cell;
    frame.scrollLeft = Math.min(x, Math.max(frame.scrollLeft, x + cell - (frame.clientWidth - left - 8)));
    frame.scrollTop = Math.min(y, Math.max(frame.scrollTop, y + cell - (frame.clientHeight - top - 8)));
  }

  // Makes cells larger or smaller around the middle of what is shown; 0 goes back to the start.
  zoomBy(factor) {
    const { frame, left, top } = this;
    const across = (frame.clientWidth - left) / 2;
    const down = (frame.clientHeight - top) / 2;
    const key = (frame.scrollLeft + across) / this.cell;
    const query = (frame.scrollTop + down) / this.cell;
    this.zoom = factor === 0 ? null : Math.min(64, Math.max(1, this.cell * factor));
    if (factor > 1 && Math.floor(this.zoom) === this.cell) {
      this.zoom = this.cell + 1;
    }
    this.layOut();
    frame.scrollTo(key * this.cell - across, query * this.cell - down);
    this.move(null);
  }
}
