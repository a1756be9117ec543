// One view of one model: the fields, the examples, the run, and what came of it.

import { direction, element } from "./show.js";
import { Failure, events, gone, post } from "./server.js";
import { partsOf, showAttention } from "./attention.js";
import { USUAL_MASK, maskOf } from "./mask.js";

const MOST_SHOWN = 20_000;
let count = 0;

export class Panel {
  constructor(model, task) {
    Object.assign(this, { model, task, id: "view" + count++, inputs: new Map(), running: null, last: null, mask: null });
    this.root = element("div", { class: task.wide ? "view wide" : "view" }, this.form(), this.result());
    this.fill(task.examples[0], USUAL_MASK);
    this.maskToken().catch(() => {}); // asked again by a run
  }

  // The mask of the model; asked until the server has answered once.
  maskToken() {
    this.mask ??= (this.task.route === "fill-mask" ? maskOf(this.model) : Promise.resolve("")).then((mask) => {
      this.maskIs(mask);
      return mask;
    }, (error) => {
      this.mask = null;
      throw error;
    });
    return this.mask;
  }

  // Until now the page has assumed the usual one.
  maskIs(mask) {
    for (const input of this.inputs.values()) {
      if (mask && mask !== USUAL_MASK && typeof input.value === "string" && !input.value.includes(mask)) {
        input.value = input.value.replaceAll(USUAL_MASK, mask);
      }
    }
    for (const each of this.fields.querySelectorAll("[data-mask-name]")) {
      each.textContent = "Insert " + mask;
    }
    for (const [i, each] of [...this.fields.querySelectorAll(".examples button")].entries()) {
      each.textContent = this.exampleName(this.task.examples[i], mask);
    }
  }

  form() {
    const plain = this.task.fields.filter((field) => !field.more).map((field) => this.field(field));
    const more = this.task.fields.filter((field) => field.more).map((field) => this.field(field));
    this.runButton = element("button", { type: "submit", class: "run" }, "Run");
    this.stopButton = element("button", { type: "button", class: "quiet", hidden: true, click: () => this.running?.abort() }, "Stop");
    this.fields = element("form", { submit: (event) => {
      event.preventDefault();
      this.run();
    }, keydown: (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.run();
      }
    } }, plain,
    more.length > 0 ? element("details", { class: "more" }, element("summary", {}, "Options"), more) : null,
    element("div", { class: "run-line" }, this.runButton, this.stopButton,
        element("span", { class: "hint keys" }, "or ", element("kbd", {}, "Ctrl"), " ", element("kbd", {}, "Enter"))),
    element("div", { class: "examples", role: "group", "aria-label": "Examples" }, element("span", { class: "hint" }, "Try"),
        this.task.examples.map((example) => element("button", { type: "button", class: "example", click: () => this.tryExample(example) },
            this.exampleName(example, USUAL_MASK)))));
    return this.fields;
  }

  exampleName(example, mask) {
    const name = (example.question ?? example.query ?? example.text.split("\n")[0]).replaceAll(USUAL_MASK, mask);
    return name.length > 48 ? name.slice(0, 48).replace(/\s+\S*$/, "") + " …" : name;
  }

  field(field) {
    const id = `${this.id}-${field.id}`;
    if (field.kind === "check") {
      const box = element("input", { type: "checkbox", id });
      this.inputs.set(field, box);
      return element("p", { class: "check" }, box, element("label", { for: id }, field.label));
    }
    const input = field.kind === "select"
        ? element("select", { id }, field.options.map((option) => element("option", {}, option)))
        : field.kind === "line" ? element("input", { type: "text", id, autocomplete: "off" })
            : element("textarea", { id, rows: field.rows, spellcheck: "true" });
    if (field.kind !== "select") {
      input.value = field.value ?? "";
      input.addEventListener("input", () => {
        input.removeAttribute("aria-invalid");
        input.dir = direction(input.value);
      });
    }
    this.inputs.set(field, input);
    const label = element("label", { for: id }, field.label);
    const insert = field.mask ? element("button", { type: "button", class: "quiet small", "data-mask-name": true, click: () => this.insertMask(input) }, "Insert " + USUAL_MASK) : null;
    return element("div", { class: "field" }, element("div", { class: "label-line" }, label, insert), input);
  }

  async insertMask(input) {
    const mask = await this.maskToken().catch(() => USUAL_MASK);
    input.setRangeText(mask, input.selectionStart, input.selectionEnd, "end");
    input.focus();
  }

  result() {
    this.answer = element("div", { class: "answer" }, element("p", { class: "empty" }, "Type something and run it, or choose an example."));
    this.meta = element("p", { class: "meta" });
    this.said = element("p", { class: "unseen", role: "status" });
    this.request = element("details", { class: "request", hidden: true }, element("summary", {}, "Request and answer"));
    this.section = element("section", { class: "result", "aria-label": "Result" }, this.answer, this.meta, this.said, this.request);
    return this.section;
  }

  fill(example, mask) {
    for (const [field, input] of this.inputs) {
      if (field.kind === "check") {
        input.checked = example[field.id] ?? false;
      } else if (field.kind !== "select") {
        input.value = (example[field.id] ?? field.value ?? "").replaceAll(USUAL_MASK, mask || USUAL_MASK);
        input.removeAttribute("aria-invalid");
      }
    }
  }

  async tryExample(example) {
    this.running?.abort();
    this.running = null;
    this.busy(true);
    this.fill(example, await this.maskToken().catch(() => USUAL_MASK));
    await this.run();
  }

  values() {
    return Object.fromEntries([...this.inputs].map(([field, input]) =>
        [field.id, field.kind === "check" ? input.checked : input.value]));
  }

  // A field that has to be filled and is not.
  blank() {
    return [...this.inputs].find(([field, input]) =>
        (field.kind === "line" || field.kind === "text") && !field.optional && input.value.trim() === "");
  }

  async run() {
    if (this.running) {
      return;
    }
    const blank = this.blank();
    if (blank) {
      const [field, input] = blank;
      input.setAttribute("aria-invalid", "true");
      input.focus();
      this.fail(new Failure(`“${field.label}” is empty.`, "Type something, or choose an example."), false);
      return;
    }
    const running = new AbortController();
    this.running = running;
    this.busy(true);
    try {
      const mask = await this.maskToken();
      const values = this.values();
      const body = { model: this.model.id, ...this.task.request(values, mask) };
      await (this.task.start ? this.stream(body, running.signal) : this.once(body, values, mask, running.signal));
    } catch (error) {
      if (this.running !== running) {
        return; // an example runs in its place
      }
      if (error.name === "AbortError") {
        this.said.textContent = "Stopped";
        this.meta.textContent = "Stopped.";
      } else {
        this.fail(error, error.status !== undefined && !(error.status >= 400 && error.status < 429));
      }
    } finally {
      if (this.running === running) {
        this.running = null;
        this.busy(false);
      }
    }
  }

  async once(body, values, mask, signal) {
    const { answer, milliseconds, tokens } = await post(this.task.route, body, signal);
    const parts = this.task.wide ? await partsOf(answer) : null;
    this.last = () => {
      const shown = parts ? showAttention(parts, this.answer) : this.task.show(answer, values, mask);
      if (shown.nodes) {
        this.answer.replaceChildren(...shown.nodes);
      }
      this.said.textContent = shown.said;
    };
    this.last();
    this.describe(milliseconds, tokens);
    this.showRequest(body, answer);
    this.bringIntoView();
  }

  async stream(body, signal) {
    const begin = performance.now();
    const writing = this.task.start();
    const seen = [];
    this.last = null;
    this.answer.replaceChildren(...writing.nodes);
    this.bringIntoView();
    this.answer.classList.remove("old");
    try {
      for await (const event of events(this.task.route, body, signal)) {
        seen.push(event);
        writing.take(event);
      }
      if (!writing.complete()) {
        throw gone();
      }
    } finally {
      this.said.textContent = writing.end();
      this.showRequest(body, seen);
    }
    this.describe(performance.now() - begin, null);
  }

  // On a phone the result stands below the fields.
  bringIntoView() {
    if (this.section.getBoundingClientRect().top > innerHeight - 120) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.section.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
    }
  }

  describe(milliseconds, tokens) {
    const time = milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
    this.meta.textContent = tokens ? `${time} · ${tokens} tokens` : time;
  }

  // The same request for a shell, and the answer as it came.
  showRequest(body, answer) {
    const url = new URL(this.task.route, document.baseURI).href;
    const quoted = JSON.stringify(body).replaceAll("'", "'\\''");
    const json = JSON.stringify(answer, null, 1);
    const shown = json.length > MOST_SHOWN ? json.slice(0, MOST_SHOWN) + `\n… (${json.length} characters)` : json;
    this.request.hidden = false;
    this.request.replaceChildren(element("summary", {}, "Request and answer"),
        element("pre", { tabindex: "0", role: "group", "aria-label": "Request" }, `curl ${url} \\\n  -H 'Content-Type: application/json' \\\n  -d '${quoted}'`),
        element("pre", { tabindex: "0", role: "group", "aria-label": "Answer" }, shown));
  }

  fail(error, again) {
    if (!(error instanceof Failure)) {
      console.warn(error);
    }
    const known = error instanceof Failure ? error : new Failure("The answer cannot be shown.", "Look at it under “Request and answer”.");
    this.last = null;
    this.meta.textContent = "";
    this.said.textContent = "";
    this.answer.replaceChildren(element("div", { class: "failure", role: "alert" },
        element("p", {}, element("strong", {}, known.message)), element("p", {}, known.advice),
        again ? element("button", { type: "button", class: "quiet", click: () => this.run() }, "Try again") : null));
    this.request.hidden = true;
    if (known.status === 401) {
      document.dispatchEvent(new Event("wants-key"));
    }
  }

  busy(is) {
    this.section.setAttribute("aria-busy", is);
    this.answer.classList.toggle("old", is);
    this.runButton.setAttribute("aria-disabled", is);
    this.runButton.textContent = is ? "Running …" : "Run";
    this.stopButton.hidden = !is;
    if (is) {
      this.meta.textContent = "";
    }
  }

  // Draws the last answer again, after the colours have changed.
  repaint() {
    if (!this.task.wide || this.answer.querySelector(".attention")) {
      this.last?.();
    }
  }

  // The view of the maps may have been taken to another panel.
  seen() {
    if (this.task.wide && this.root.checkVisibility() && !this.answer.querySelector(".attention")) {
      this.last?.();
    }
  }
}
