// The page of one text: its facts, its colours, and the maps that stand packed in it.

const maps = JSON.parse(document.getElementById("maps").textContent);
const parts = maps.parts.map((info) => new Part(info, maps.bits));
const LONG = 300;
const FOLDED = 3000;
const view = new MapsView();

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
}

// A text of pages, to be opened.
function folded(line, text) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = `${[...text].slice(0, 80).join("")}… (all ${text.length} characters)`;
  details.append(summary, line);
  return details;
}

function setMode(mode) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;
  for (const button of document.querySelectorAll("[data-mode]")) {
    button.setAttribute("aria-pressed", button.dataset.mode === mode);
  }
  view.paint(document.documentElement.dataset.theme);
}

function listen() {
  let mode = "auto";
  const set = (to) => {
    mode = to;
    setMode(mode);
  };
  for (const button of document.querySelectorAll("[data-mode]")) {
    button.addEventListener("click", () => set(button.dataset.mode));
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => set(mode));
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
      const packed = byId(`w-${p}-${layer}`);
      part.codes.push(await unpacked(packed.textContent, maps.bits));
      packed.textContent = "";
    }
  }
  notice.textContent = "";
  listen();
  view.show(parts);
  document.documentElement.dataset.ready = "yes";
}

start();
