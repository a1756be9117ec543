// Each panel is used, and shows what the route answers.
"use strict";

const FACES = "👩‍💻 😀";

// The panel that is seen: of the chosen model, and the chosen view of it.
const seen = (tab) => tab.locator("#panels > [role=tabpanel]:not([hidden]) [role=tabpanel]:not([hidden])");
const scores = (part) => part.evaluateAll((all) => all.map((each) => Number(each.dataset.score)));
const near = (a, b, by = 1e-6) => a.length === b.length && a.every((each, i) => Math.abs(each - b[i]) <= by);

async function choose(tab, model, view) {
  await tab.locator("#models [role=tab]", { has: tab.locator(".model-name", { hasText: new RegExp(`^${model}$`) }) }).evaluate((each) => each.click());
  if (view) {
    await tab.locator("#panels > [role=tabpanel]:not([hidden]) .views [role=tab]", { hasText: view }).click();
  }
  return seen(tab);
}

// Types into the fields, by the beginning of their labels, and runs.
async function run(tab, panel, fields) {
  for (const [label, text] of Object.entries(fields)) {
    await panel.getByLabel(label).first().fill(text);
  }
  await panel.locator(".run").click();
  await settled(tab);
}

async function settled(tab) {
  await tab.waitForFunction(() => !document.querySelector(".answer.old, .writing"));
}

// Spans that are marked: the text, and its place as the server says it.
function marks(panel) {
  return panel.locator(".reading mark").evaluateAll((all) => all.map((each) =>
      ({ text: each.firstChild.textContent, start: Number(each.dataset.start), end: Number(each.dataset.end) })));
}

const pointsOf = (text, { start, end }) => [...text].slice(start, end).join("");

const TASKS = {
  async demo(tab, panel, server, check) {
    const text = `The capital of [MASK] is Paris. ${FACES}`;
    await run(tab, panel, { Text: text });
    const { body } = await server.ask("fill-mask", { model: "demo", inputs: text, parameters: { top_k: 5 } });
    check("five words", body.length === 5);
    check("scores of words", near(await scores(panel.locator(".bars li")), body.map((each) => each.score)));
    check("words", String(await panel.locator(".bars .label").allTextContents()) === String(body.map((each) => each.token_str)));
    check("the best word stands in the text", (await panel.locator(".reading").innerText()) === text.replace("[MASK]", body[0].token_str.trim()));
    await run(tab, panel, { Text: "[MASK] is the capital of [MASK]." });
    const two = await server.ask("fill-mask", { model: "demo", inputs: "[MASK] is the capital of [MASK].", parameters: { top_k: 5 } });
    check("two masks", near(await scores(panel.locator(".bars li")), two.body.flat().map((each) => each.score)));
    check("two marks", (await panel.locator(".reading mark").count()) === 2);
  },
  // A model whose mask is another.
  async words(tab, panel, server, check) {
    check("examples have its mask", (await panel.locator(".example").first().innerText()).includes("<mask>"));
    await panel.getByLabel("Text").fill("the ");
    await panel.getByRole("button", { name: "Insert <mask>" }).click();
    await panel.locator(".run").click();
    await settled(tab);
    const { body } = await server.ask("fill-mask", { model: "words", inputs: "the <mask>", parameters: { top_k: 5 } });
    check("scores of words", near(await scores(panel.locator(".bars li")), body.map((each) => each.score)));
  },
  async sentiment(tab, panel, server, check) {
    const text = "A warm and funny film.";
    await run(tab, panel, { Text: text });
    const { body } = await server.ask("predict", { model: "sentiment", inputs: text });
    check("labels", String(await panel.locator(".bars .label").allTextContents()) === String(body.map((each) => each.label)));
    check("scores of labels", near(await scores(panel.locator(".bars li")), body.map((each) => each.score)));
    check("percent", (await panel.locator(".bars .score").first().innerText()).startsWith((100 * body[0].score).toFixed(1)));
  },
  async sentences(tab, panel, server, check) {
    const lines = ["The capital of France is Paris.", "Rome is a city in Italy.", `She reads a book ${FACES}`];
    await run(tab, panel, { Sentences: lines.join("\n\n") });
    const shown = await scores(panel.locator(".heat td[data-score]"));
    for (let i = 0; i < lines.length; i++) {
      const { body } = await server.ask("similarity", { model: "sentences", inputs: { source_sentence: lines[i], sentences: lines } });
      check(`row ${i} of the heat map`, near(shown.slice(3 * i, 3 * i + 3), body, 1e-5));
    }
  },
  async entities(tab, panel, server, check) {
    const text = `${FACES} Ada wrote from Paris 😀 and nobody lost the bridge near Zurich.`;
    await run(tab, panel, { Text: text });
    const { body } = await server.ask("ner", { model: "entities", inputs: text, parameters: { aggregation_strategy: "simple" } });
    check("something is marked", body.length > 0);
    const shown = await marks(panel);
    check("spans are those of the route", shown.length === body.length && shown.every((each, i) => each.start === body[i].start && each.end === body[i].end));
    check("places count code points", shown.every((each) => each.text === pointsOf(text, each)));
    check("the text is whole", (await panel.locator(".reading").evaluate((each) => {
      const copy = each.cloneNode(true);
      copy.querySelectorAll(".kind-name").forEach((name) => name.remove());
      return copy.textContent;
    })) === text);
    check("scores of spans", near(await scores(panel.locator("tr[data-score]")), body.map((each) => each.score)));
  },
  async answers(tab, panel, server, check) {
    const inputs = { question: "Who wrote?", context: `${FACES} Ada wrote, and nobody lost the clerk 😀 in Paris.` };
    await run(tab, panel, { Question: inputs.question, "Text to look in": inputs.context });
    const { body } = await server.ask("qa", { model: "answers", inputs });
    const [mark] = await marks(panel);
    check("the answer is marked", mark.start === body.start && mark.end === body.end && mark.text === pointsOf(inputs.context, body));
    check("the answer is said", (await panel.locator(".lead bdi").innerText()) === body.answer.trim());
    check("its score", near(await scores(panel.locator(".lead")), [body.score]));
  },
  async passages(tab, panel, server, check) {
    const texts = ["the blue sky", "a mountain is high", "music", "rain"];
    await run(tab, panel, { Query: "how high", Passages: texts.join("\n") });
    const { body } = await server.ask("rerank", { model: "passages", query: "how high", texts });
    const items = panel.locator(".ranked li");
    check("the order", String(await items.evaluateAll((all) => all.map((each) => each.dataset.index))) === String(body.map((each) => each.index)));
    check("scores of passages", near(await scores(items), body.map((each) => each.score)));
    check("passages", String(await panel.locator(".ranked .label").allTextContents()) === String(body.map((each) => texts[each.index])));
    const moves = body.map(({ index }, rank) => (index === rank ? "same place" : `${index > rank ? "up" : "down"} ${Math.abs(index - rank)}`));
    check("moves", String(await panel.locator(".move .unseen").allTextContents()) === String(moves));
  },
  async labels(tab, panel, server, check) {
    await run(tab, panel, { Text: "the match ended", "Labels, with": "sports, music , rain" });
    const parameters = { candidate_labels: ["sports", "music", "rain"], multi_label: false, hypothesis_template: "This example is {}." };
    const { body } = await server.ask("zero-shot", { model: "labels", inputs: "the match ended", parameters });
    check("labels", String(await panel.locator(".bars .label").allTextContents()) === String(body.labels));
    check("scores of labels", near(await scores(panel.locator(".bars li")), body.scores));
    await panel.getByLabel("More than one").check();
    await panel.locator(".run").click();
    await settled(tab);
    const several = await server.ask("zero-shot", { model: "labels", inputs: "the match ended", parameters: { ...parameters, multi_label: true } });
    check("several labels", near(await scores(panel.locator(".bars li")), several.body.scores));
  },
  async summaries(tab, panel, server, check) {
    const text = "the old man wrote a letter";
    await run(tab, panel, { Text: text });
    const { body } = await server.ask("summarize", { model: "summaries", inputs: text, parameters: { num_beams: 1 } });
    const whole = (Array.isArray(body) ? body[0] : body).summary_text;
    check("the summary", (await panel.locator(".summary").evaluate((each) => each.textContent)) === whole);
  },
};

async function tokens(tab, model, server, check) {
  const panel = await choose(tab, model, "Tokens");
  const text = `Tokens of ${FACES}`;
  await run(tab, panel, { Text: text });
  const { body } = await server.ask("tokenize", { model, inputs: text });
  check("ids of tokens", String(await panel.locator(".tokens small").allTextContents()) === String(body[0].map((each) => each.id)));
}

async function attention(tab, model, server, check) {
  const panel = await choose(tab, model, "Attention");
  await run(tab, panel, { Text: "Paris is the capital." });
  await panel.locator("#grid button").first().click();
  check("a head is chosen", (await panel.locator("#large-title").innerText()) === "Layer 0, head 0");
  const shown = (await panel.locator("#weights tr td:nth-child(3)").allInnerTexts()).map(Number);
  check(`the row sums to 1: ${shown}`, Math.abs(shown.reduce((a, b) => a + b, 0) - 1) < 0.02);
  const { body } = await server.ask("attention", { model, inputs: "Paris is the capital." });
  check("tokens of the maps", String(await panel.locator("#asking button").count()) === String(body.parts[0].queries.length));
}

async function eachTask(tab, at, server, check) {
  const size = at.name;
  for (const [model, task] of Object.entries(TASKS)) {
    at.name = `${size}-${model}`;
    const named = (what, good) => check(`${at.name}: ${what}`, good);
    const panel = await choose(tab, model);
    if (model === "words") {
      await panel.locator(".example", { hasText: "<mask>" }).first().waitFor();
    }
    // The example of a summary is longer than this model can read.
    if (model !== "summaries") {
      await panel.locator(".example").first().click();
      await settled(tab);
      named("an example shows something", (await panel.locator(".answer > *:not(.empty, .failure)").count()) > 0);
      await at.shoot("example", true);
    }
    await task(tab, panel, server, named);
    named("nothing is wider than the window", await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    named("no failure is shown", (await panel.locator(".failure").count()) === 0);
    named("the request can be read", (await panel.locator(".request pre").first().textContent()).startsWith(`curl ${server.url}`));
    await tokens(tab, model, server, named);
    if (model === "demo" || model === "summaries") {
      await attention(tab, model, server, named);
      await at.shoot("attention", true);
    }
  }
  at.name = size;
}

module.exports = { eachTask, choose, run, settled, seen };
