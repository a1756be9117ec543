// The pinned row in words: the tokens that can be pinned, and a table of what one looks at.

class Row {
  constructor(pin) {
    this.pin = pin;
    this.asking = document.getElementById("asking");
    this.asking.addEventListener("keydown", (event) => this.key(event));
  }

  show(part, layer, map, query, heading, palette, rule) {
    const keys = part.keys.length;
    const weights = map.subarray(query * keys, (query + 1) * keys);
    const top = topOf(weights, rule);
    const self = part.kind !== "cross";
    document.getElementById("row-title").replaceChildren(
        "What ", token(part.queries[query]), ` looks at `, small(`token ${query} · ${heading}`));
    this.asking.setAttribute("aria-label", "Tokens; choose the one whose row is shown");
    this.strip(part, query, self ? weights : null, top, palette, rule);
    this.strip2(part, self ? null : weights, top, palette, rule);
    this.table(part, layer, query, weights);
  }

  strip(part, query, weights, top, palette, rule) {
    const before = this.asking.contains(document.activeElement);
    this.asking.replaceChildren(...part.queries.map((each, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(token(each));
      button.setAttribute("aria-pressed", i === query);
      button.tabIndex = i === query ? 0 : -1;
      if (weights) {
        colour(button, weights[i], top, palette, rule);
      }
      button.addEventListener("click", () => this.pin(i));
      return button;
    }));
    if (before) {
      this.asking.children[query].focus();
    }
    const chosen = this.asking.children[query];
    this.asking.scrollTop = Math.max(0, chosen.offsetTop - this.asking.clientHeight / 2);
  }

  // Cross attention looks at another text, which stands below.
  strip2(part, weights, top, palette, rule) {
    const asked = document.getElementById("asked");
    asked.hidden = !weights;
    asked.replaceChildren(...(weights ? part.keys : []).map((each, i) => {
      const span = document.createElement("span");
      span.append(token(each));
      colour(span, weights[i], top, palette, rule);
      return span;
    }));
  }

  table(part, layer, query, weights) {
    const order = [...weights.keys()].filter((key) => part.sees(layer, query, key));
    const largest = topOf(weights, "largest");
    order.sort((a, b) => weights[b] - weights[a] || a - b);
    document.getElementById("weights").replaceChildren(...order.map((key) => {
      const row = document.createElement("tr");
      const bar = document.createElement("i");
      bar.style.width = (100 * weights[key]) / largest + "%";
      row.append(cell("td", key, "number"), cell("td", token(part.keys[key])),
          cell("td", digits(weights[key], part.bits), "number"), cell("td", bar, "bar"));
      row.lastChild.setAttribute("aria-hidden", "true");
      return row;
    }));
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      const buttons = [...this.asking.children];
      const at = buttons.indexOf(document.activeElement);
      this.pin(Math.min(buttons.length - 1, Math.max(0, at + step)));
    }
  }
}

// Tokens in other scripts do not turn the line around them.
function token(each) {
  const name = document.createElement("bdi");
  name.className = "token";
  name.textContent = label(each);
  return name;
}

function small(text) {
  const element = document.createElement("small");
  element.textContent = text;
  return element;
}

function cell(kind, content, className) {
  const cell = document.createElement(kind);
  cell.className = className ?? "";
  cell.append(content);
  return cell;
}

function colour(element, weight, top, palette, rule) {
  const ground = shade(palette, weight, top, rule);
  element.style.background = css(ground);
  element.style.color = inkOn(ground);
}
