// What answers are drawn with. Texts become text nodes, never HTML.

/* global paletteOf, shade, css, inkOn */

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      made.addEventListener(name, value);
    } else if (value !== null && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.flat().filter((child) => child !== null));
  return made;
}

// A text that a person wrote or a model made; it may run from right to left.
export function words(text, className = "") {
  return element("bdi", { class: className }, text);
}

// "rtl" or "ltr" by the first letter; dir="auto" takes a browser minutes where a text has megabytes.
export function direction(text) {
  const letter = /\p{L}/u.exec(text.slice(0, 1000))?.[0] ?? "";
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(letter) ? "rtl" : "ltr";
}

export function percent(score) {
  const share = 100 * score;
  if (share > 0 && share < 0.1) {
    return "< 0.1 %";
  }
  return share < 100 && share > 99.9 ? "> 99.9 %" : share.toFixed(1) + " %";
}

export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

const FEW = 10;

// Names with bars from 0 to 1, the largest first; many are folded.
export function bars(items, name) {
  const list = (some) => element("ol", { class: "bars", "aria-label": name }, some.map(({ label, score }) => {
    const bar = element("i", { "aria-hidden": "true" });
    bar.style.setProperty("--share", Math.min(1, Math.max(0, score)));
    return element("li", { "data-score": score },
        words(label, "label"), element("span", { class: "score" }, percent(score)), bar);
  }));
  if (items.length <= FEW + 2) {
    return [list(items)];
  }
  return [list(items.slice(0, FEW)),
    element("details", {}, element("summary", {}, `${items.length - FEW} more`), list(items.slice(FEW)))];
}

// Where each code point begins in UTF-16: the server counts places in code points, as Python does.
function beginnings(text) {
  const at = [0];
  for (const character of text) {
    at.push(at.at(-1) + character.length);
  }
  return at;
}

// The text with spans of it marked: {start, end} in code points, the earlier of two that overlap.
export function marked(text, spans, mark) {
  const at = beginnings(text);
  const nodes = [];
  let last = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const [from, to] = [at[span.start] ?? text.length, at[span.end] ?? text.length];
    if (from >= last && to > from) {
      nodes.push(text.slice(last, from), mark(text.slice(from, to), span));
      last = to;
    }
  }
  nodes.push(text.slice(last));
  return element("p", { class: "reading", dir: direction(text) }, nodes);
}

export function cosine(a, b) {
  let [dot, left, right] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    left += a[i] * a[i];
    right += b[i] * b[i];
  }
  return dot / Math.sqrt(left * right) || 0;
}

const WIDE = 16;

// A table of numbers with names at the left, coloured from the lowest (at most 0.9) to 1.
export function heatMap(names, values) {
  const palette = paletteOf(document.documentElement.dataset.theme);
  const low = Math.min(0.9, Math.floor(10 * Math.min(...values.flat())) / 10);
  const share = (value) => Math.min(1, Math.max(0, (value - low) / (1 - low)));
  const number = (i) => String(i + 1);
  const digits = low >= 0.9 ? 3 : 2;
  const table = element("table", { class: names.length > WIDE ? "heat small" : "heat" },
      element("caption", { class: "unseen" }, "Similarity of each sentence (row) to each (column)"),
      element("thead", {}, element("tr", {}, element("td"),
          names.map((name, i) => element("th", { scope: "col", title: name }, number(i))))),
      element("tbody", {}, names.map((name, i) => element("tr", {},
          element("th", { scope: "row", title: name }, element("span", {}, number(i)), words(name)),
          names.map((other, j) => {
            const value = values[i][j];
            const ground = shade(palette, share(value), 1, "one");
            const cell = element("td", { "data-score": value, title: `${number(i)} and ${number(j)}: ${value.toFixed(4)}` },
                value.toFixed(digits).replace(/^(-?)0\./, "$1."));
            cell.style.background = css(ground);
            cell.style.color = inkOn(ground);
            return cell;
          })))));
  const scale = element("i", { "aria-hidden": "true" });
  const steps = [...Array(17).keys()].map((i) => css(palette.colours[Math.round((i * 255) / 16)]));
  scale.style.background = `linear-gradient(to right, ${steps.join(", ")})`;
  return [element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Heat map" }, table),
    element("p", { class: "scale-line" }, low.toFixed(1), scale, "1")];
}
