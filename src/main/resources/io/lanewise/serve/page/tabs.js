// Tabs as the ARIA Authoring Practices describe them: one stop of the tabulator key, arrows choose.

import { element } from "./show.js";

let count = 0;

export class Tabs {
  // Each item is {label: nodes, panel: () => node}; the panel is made when it is first looked at.
  constructor(list, items, chosen) {
    Object.assign(this, { items, chosen, id: "tabs" + count++ });
    this.tabs = items.map((item, i) => element("button", {
      type: "button", role: "tab", id: `${this.id}-tab${i}`, "aria-controls": `${this.id}-panel${i}`,
      click: () => this.choose(i), keydown: (event) => this.key(event, i),
    }, item.label));
    this.panels = items.map((_, i) => element("div", {
      role: "tabpanel", id: `${this.id}-panel${i}`, "aria-labelledby": `${this.id}-tab${i}`, hidden: true,
    }));
    list.replaceChildren(...this.tabs);
  }

  choose(chosen) {
    for (const [i, tab] of this.tabs.entries()) {
      tab.setAttribute("aria-selected", i === chosen);
      tab.tabIndex = i === chosen ? 0 : -1;
      this.panels[i].hidden = i !== chosen;
    }
    if (!this.panels[chosen].hasChildNodes()) {
      this.panels[chosen].append(this.items[chosen].panel());
    }
    this.bringIntoView(this.tabs[chosen]);
    this.chosen(chosen);
  }

  // In a list that is narrower than its tabs. scrollIntoView would also move where the tabulator key begins.
  bringIntoView(tab) {
    const list = tab.parentElement;
    list.scrollLeft = Math.min(tab.offsetLeft - 16, Math.max(list.scrollLeft, tab.offsetLeft + tab.offsetWidth + 16 - list.clientWidth));
  }

  key(event, i) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const last = this.tabs.length - 1;
    const to = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const next = to < 0 ? last : to > last ? 0 : to;
      this.choose(next);
      this.tabs[next].focus();
    }
  }
}
