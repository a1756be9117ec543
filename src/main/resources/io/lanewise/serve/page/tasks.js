// What each task asks for, the request of it, and how its answer is shown.

import { bars, cosine, counted, direction, element, heatMap, marked, percent, words } from "./show.js";
import { Failure } from "./server.js";

// The lines of a field that are not blank.
const lines = (text) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
const ordinal = (n) => n + (["th", "st", "nd", "rd"][n % 100 > 10 && n % 100 < 14 ? 0 : n % 10] ?? "th");
const text = (label, more = {}) => ({ id: "text", label, kind: "text", rows: 4, ...more });
const first = (answer) => (Array.isArray(answer[0]) ? answer[0] : answer);

const fillMask = {
  name: "Masked words",
  about: "Hide a word; the model says which ones would stand there.",
  fields: [text("Text", { mask: true }),
    { id: "top", label: "Words to show", kind: "select", options: ["5", "10", "20"], more: true }],
  examples: [
    { text: "The capital of [MASK] is Paris." },
    { text: "She opened the [MASK] and read the first page." },
    { text: "The [MASK] is the largest city of [MASK]." },
  ],
  route: "fill-mask",
  request(values, mask) {
    if (!values.text.includes(mask)) {
      throw new Failure(`There is no ${mask} in the text.`, `Put ${mask} where a word is missing.`);
    }
    return { inputs: values.text, parameters: { top_k: Number(values.top) } };
  },
  show(answer, values, mask) {
    const masks = Array.isArray(answer[0]) ? answer : [answer];
    const sentence = values.text.split(mask).flatMap((piece, i) =>
        (i === 0 ? [piece] : [element("mark", { "data-mask": i }, masks[i - 1]?.[0]?.token_str.trim() ?? mask), piece]));
    const lists = masks.flatMap((each, i) => [
      ...(masks.length > 1 ? [element("h3", {}, `${ordinal(i + 1)} mask`)] : []),
      ...bars(each.map((word) => ({ label: word.token_str, score: word.score })), `Words for the ${ordinal(i + 1)} mask`),
    ]);
    const best = masks.map((each) => `${each[0].token_str.trim()}, ${percent(each[0].score)}`);
    return { nodes: [element("p", { class: "reading", dir: direction(values.text) }, sentence), ...lists], said: `Most likely: ${best.join("; ")}` };
  },
};

const classify = {
  name: "Classification",
  about: "Type a text; the model says how well each of its labels fits.",
  fields: [text("Text"),
    { id: "pair", label: "Second text, for models that judge a pair", kind: "text", rows: 2, more: true, optional: true }],
  examples: [
    { text: "A warm, funny film that earns every one of its tears." },
    { text: "Two hours of my life that I will never get back." },
    { text: "The plot is thin, but the music is wonderful." },
  ],
  route: "predict",
  request: ({ text, pair }) => ({ inputs: pair.trim() ? [text, pair] : text }),
  show(answer) {
    const labels = first(answer);
    return { nodes: bars(labels, "Labels"), said: `${labels[0].label}, ${percent(labels[0].score)}` };
  },
};

const entities = {
  name: "Entities",
  about: "Type a text; the model marks the words that it has labels for, such as names and places.",
  fields: [text("Text", { rows: 5 }),
    { id: "strategy", label: "Tokens are joined", kind: "select", options: ["simple", "first", "average", "max", "none"], more: true }],
  examples: [
    { text: "Ada Lovelace met Charles Babbage in London in 1833." },
    { text: "The Danube flows through Vienna, Budapest and Belgrade." },
    { text: "🚀 Grace Hopper joined the United States Navy in 1943 👩‍💻." },
  ],
  route: "ner",
  request: ({ text, strategy }) => ({ inputs: text, parameters: { aggregation_strategy: strategy } }),
  show(answer, { text }) {
    const found = Array.isArray(answer[0]) ? answer[0] : answer;
    const name = (each) => each.entity_group ?? each.entity;
    const kinds = [...new Set(found.map(name))].sort();
    if (found.length === 0) {
      return { nodes: [element("p", { class: "reading", dir: direction(text) }, text), element("p", { class: "hint" }, "The model finds nothing that it has a label for.")], said: "Nothing is marked" };
    }
    const reading = marked(text, found, (piece, each) => element("mark",
        { class: `kind k${kinds.indexOf(name(each)) % 6}`, title: percent(each.score), "data-start": each.start, "data-end": each.end },
        piece, element("span", { class: "kind-name" }, name(each))));
    const rows = found.map((each) => element("tr", { "data-score": each.score },
        element("td", {}, words(each.word)), element("td", {}, name(each)), element("td", { class: "number" }, percent(each.score))));
    const table = element("table", { class: "list" },
        element("thead", {}, element("tr", {}, ["Words", "Label"].map((head) => element("th", { scope: "col" }, head)),
            element("th", { scope: "col", class: "number" }, "Score"))),
        element("tbody", {}, rows));
    return { nodes: [reading, element("details", { open: found.length <= 12 }, element("summary", {}, counted(found.length, "span")), table)],
      said: `${counted(found.length, "span")} marked` };
  },
};

const answerQuestion = {
  name: "Question answering",
  about: "Ask about a text; the model marks the words that answer.",
  fields: [{ id: "question", label: "Question", kind: "line" }, { id: "context", label: "Text to look in", kind: "text", rows: 7 }],
  examples: [
    { question: "When was the bridge opened?", context: "The Golden Gate Bridge joins San Francisco to Marin County. Work began in January 1933, and the bridge was opened in May 1937. It is painted in a colour that is called international orange." },
    { question: "Who wrote the first program?", context: "Charles Babbage designed the Analytical Engine. Ada Lovelace wrote notes on it in 1843; in them stands what many call the first computer program. 🖥️ The engine was never finished." },
  ],
  route: "qa",
  request: ({ question, context }) => ({ inputs: { question, context } }),
  show(answer, { context }) {
    const best = Array.isArray(answer) ? answer[0] : answer;
    if (!best || best.end <= best.start) {
      return { nodes: [element("p", { class: "lead" }, "The model finds no answer in this text.")], said: "No answer" };
    }
    const reading = marked(context, [best], (piece) => element("mark", { "data-start": best.start, "data-end": best.end }, piece));
    return { nodes: [element("p", { class: "lead", "data-score": best.score }, words(best.answer), " ", element("small", {}, percent(best.score))), reading],
      said: `${best.answer}, ${percent(best.score)}`, focus: "mark" };
  },
};

const similarities = {
  name: "Similarity",
  about: "Type sentences, one a line; the model turns each into numbers, and the map shows how near they are.",
  fields: [text("Sentences, one a line", { rows: 7, list: true })],
  examples: [
    { text: "A man is playing the guitar.\nSomebody makes music on a stringed instrument.\nThe cat sleeps on the sofa.\nA kitten naps on the couch.\nThe stock market fell on Monday." },
    { text: "How do I reset my password?\nI cannot log in any more.\nWhere is my parcel?\nMy order has not arrived yet." },
    { text: "Good morning 🌞\nGuten Morgen\nBonjour\nThe invoice is overdue." },
  ],
  route: "embed",
  request({ text }) {
    const sentences = lines(text);
    if (sentences.length < 2) {
      throw new Failure("One sentence cannot be compared.", "Type two or more, each in a line of its own.");
    }
    return { inputs: sentences };
  },
  show(vectors, { text }) {
    const sentences = lines(text);
    const values = vectors.map((a, i) => vectors.map((b, j) => (i === j ? 1 : cosine(a, b))));
    const pairs = sentences.flatMap((_, i) => sentences.slice(i + 1).map((_, j) => [i, i + 1 + j]));
    const [i, j] = pairs.reduce((best, pair) => (values[pair[0]][pair[1]] > values[best[0]][best[1]] ? pair : best));
    return {
      nodes: [...heatMap(sentences, values),
        element("p", {}, "Nearest: ", words(sentences[i], "quoted"), " and ", words(sentences[j], "quoted"), `, ${values[i][j].toFixed(2)}.`),
        element("p", { class: "hint" }, `Cosine of ${vectors[0].length} numbers a sentence.`)],
      said: `Nearest: sentences ${i + 1} and ${j + 1}, ${values[i][j].toFixed(2)}`,
    };
  },
};

function move(from, to) {
  if (from === to) {
    return element("span", { class: "move" }, element("span", { "aria-hidden": "true" }, "–"), element("span", { class: "unseen" }, "same place"));
  }
  const [sign, word] = from > to ? ["▲", "up"] : ["▼", "down"];
  return element("span", { class: "move " + word }, element("span", { "aria-hidden": "true" }, `${sign} ${Math.abs(from - to)}`),
      element("span", { class: "unseen" }, `${word} ${Math.abs(from - to)}`));
}

const rerank = {
  name: "Reranking",
  about: "Ask, and give passages; the model puts those first that answer best.",
  fields: [{ id: "query", label: "Query", kind: "line" }, { id: "texts", label: "Passages, one a line", kind: "text", rows: 7, list: true }],
  examples: [
    { query: "How many people live in Berlin?", texts: "Berlin is known for its museums.\nThe Spree flows through the city.\nBerlin has about 3.7 million inhabitants.\nNew York has more than 8 million inhabitants." },
    { query: "How do I keep bread fresh?", texts: "Flour is made from grain.\nWrapped in a cloth, a loaf stays soft for days.\nBakeries open early.\nBread keeps longer in a box than in the fridge." },
  ],
  route: "rerank",
  request: ({ query, texts }) => ({ query, texts: lines(texts), return_text: false }),
  show(answer, { texts }) {
    const passages = lines(texts);
    const list = element("ol", { class: "bars ranked", "aria-label": "Passages, best first" }, answer.map(({ index, score }, rank) => {
      const bar = element("i", { "aria-hidden": "true" });
      bar.style.setProperty("--share", Math.min(1, Math.max(0, score)));
      return element("li", { "data-score": score, "data-index": index }, element("span", { class: "rank" }, String(rank + 1)),
          words(passages[index], "label"), move(index, rank), element("span", { class: "score" }, percent(score)), bar);
    }));
    return { nodes: [list], said: `Best: passage ${answer[0].index + 1}, ${percent(answer[0].score)}` };
  },
};

const zeroShot = {
  name: "Zero-shot",
  about: "Type a text and labels of your own; the model says which of them fits.",
  fields: [text("Text"), { id: "labels", label: "Labels, with commas between", kind: "line" },
    { id: "several", label: "More than one label may fit", kind: "check" },
    { id: "template", label: "Sentence for each label; {} stands for it", kind: "line", value: "This example is {}.", more: true }],
  examples: [
    { text: "The match went into extra time before the goalkeeper saved the last penalty.", labels: "sport, politics, cooking" },
    { text: "My parcel was due on Monday and still is not here.", labels: "delivery, payment, praise", several: true },
  ],
  route: "zero-shot",
  request({ text, labels, several, template }) {
    if (!template.includes("{}")) {
      throw new Failure("There is no {} in the sentence for each label.", "Put {} where the label shall stand.");
    }
    return { inputs: text, parameters: { candidate_labels: labels.split(",").map((label) => label.trim()).filter(Boolean), multi_label: several, hypothesis_template: template } };
  },
  show(answer) {
    const { labels, scores } = Array.isArray(answer) ? answer[0] : answer;
    const items = labels.map((label, i) => ({ label, score: scores[i] }));
    return { nodes: bars(items, "Labels"), said: `${labels[0]}, ${percent(scores[0])}` };
  },
};

const summarize = {
  name: "Summary",
  about: "Paste a text; the model writes a short one, word by word.",
  fields: [text("Text", { rows: 10 })],
  examples: [
    { text: "The lighthouse was built in 1858 on a rock two miles from the coast. For more than a century keepers lived in it, three at a time, and rowed to the shore when the weather let them. In 1964 the lamp was made to run by itself, and the last keepers left. Today the tower belongs to the town, which opens it to visitors in summer. About nine thousand people climb its 212 steps each year." },
  ],
  route: "summarize",
  request: ({ text }) => ({ inputs: text, stream: true }),
  // Shows what has been written so far; `take` is given each event.
  start() {
    const written = element("span");
    let complete = false;
    const place = element("p", { class: "reading summary writing", "aria-busy": "true" }, written);
    return {
      nodes: [place],
      take(event) {
        if (event.error) {
          throw new Failure(event.error, "Run it again.");
        }
        if (typeof event.summary_text === "string") {
          written.textContent = event.summary_text;
          complete = true;
        } else {
          written.append(event.token);
        }
      },
      complete: () => complete,
      end() {
        place.classList.remove("writing");
        place.removeAttribute("aria-busy");
        return written.textContent;
      },
    };
  },
};

export const tokens = {
  name: "Tokens",
  about: "How the tokenizer of this model cuts a text, with the id of each piece.",
  fields: [text("Text", { rows: 4 })],
  examples: [{ text: "Unbelievably, the tokenizer splits rare words." }, { text: "Grüße aus Zürich 🎉, 東京!" }],
  route: "tokenize",
  request: ({ text }) => ({ inputs: text }),
  show(answer) {
    const pieces = Array.isArray(answer[0]) ? answer[0] : answer;
    const special = pieces.filter((piece) => piece.special).length;
    const shown = pieces.slice(0, 2000).map((piece) => element("li", { class: piece.special ? "special" : "" },
        words(piece.text.replace(/\n/g, "↵").replace(/ /g, "␣") || "∅"), element("small", {}, String(piece.id))));
    return { nodes: [element("p", {}, `${counted(pieces.length, "token")}, ${special} of them special.`), element("ol", { class: "tokens", "aria-label": "Tokens" }, shown),
      ...(pieces.length > 2000 ? [element("p", { class: "hint" }, "The first 2000 are shown.")] : [])], said: counted(pieces.length, "token") };
  },
};

export const attention = {
  name: "Attention",
  about: "Which tokens look at which, in each head of each layer.",
  fields: [text("Text", { rows: 3 })],
  examples: [{ text: "The capital of France is Paris." }, { text: "The cat that chased the mice was tired." }],
  route: "attention",
  request: ({ text }) => ({ inputs: text }),
  wide: true,
};

const TASKS = {
  "fill-mask": fillMask, classifier: classify, "token-classifier": entities, "question-answering": answerQuestion,
  embedding: similarities, reranker: rerank, "zero-shot": zeroShot, summarizer: summarize,
};

// The views of a model: its task, if this page knows it, and what every model has.
export function viewsOf(model) {
  return [TASKS[model.task], tokens, attention].filter(Boolean);
}

export function taskName(model) {
  return TASKS[model.task]?.name ?? model.task ?? "Model";
}
