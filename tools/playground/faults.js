// Input that is odd, answers that are errors, a server that is gone.
"use strict";
const http = require("node:http");
const { openTab } = require("../browser.js");
const { Served } = require("./served.js");
const { choose, run, seen, settled } = require("./panels.js");

const HTML = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script><b>bold</b> & &amp; [MASK]";
const SENTIMENT = { sentiment: "weights/albert-tiny-sentiment" };
const refused = (text) => text.startsWith("Failed to load resource");

const failure = (tab) => seen(tab).locator(".failure");
const shown = async (tab, part) => {
  await part.waitFor();
  return part.innerText();
};

async function input(tab, at, check) {
  const named = (what, good) => check(`${at.name}: input: ${what}`, good);
  const cases = [
    ["demo", { Text: HTML }], ["sentiment", { Text: HTML }], ["sentences", { Sentences: `${HTML}\n${HTML} 2` }],
    ["entities", { Text: HTML }], ["answers", { Question: HTML, "Text to look in": HTML }],
    ["passages", { Query: HTML, Passages: `${HTML}\nrain` }], ["labels", { Text: HTML, "Labels, with": "<b>x</b>, <i>y</i>" }],
    ["summaries", { Text: "<b>the old man</b>" }],
  ];
  for (const [model, fields] of cases) {
    const panel = await choose(tab, model);
    await run(tab, panel, fields);
    named(`HTML stays text in ${model}`, await tab.evaluate(() =>
        window.hit === undefined && document.querySelectorAll("#panels img, #panels script, #panels b").length === 0));
  }
  named("labels are shown as typed", (await (await choose(tab, "labels")).locator(".bars .label").allTextContents()).includes("<b>x</b>"));
  // Nothing at all.
  const panel = await choose(tab, "sentiment");
  await run(tab, panel, { Text: "  \n " });
  named("an empty field is said", (await shown(tab, failure(tab))).includes("is empty"));
  named("the field is marked", (await panel.locator("textarea").first().getAttribute("aria-invalid")) === "true");
  const masks = await choose(tab, "demo");
  await run(tab, masks, { Text: "no mask here" });
  named("a missing mask is said", (await shown(tab, failure(tab))).includes("[MASK]"));
  await masks.getByRole("button", { name: "Insert [MASK]" }).click();
  named("the mask is put in", (await masks.locator("textarea").inputValue()).includes("[MASK]"));
  // A novel: an answer or a sentence, and the page goes on.
  for (const size of [20_000, 3_000_000]) {
    const long = await choose(tab, "sentiment");
    await long.getByLabel("Text").first().evaluate((each, count) => {
      each.value = "word ".repeat(count);
      each.dispatchEvent(new Event("input"));
    }, size / 5);
    await long.locator(".run").click();
    await settled(tab);
    const said = await long.locator(".answer").innerText();
    named(`a text of ${size} characters: ${said.slice(0, 60)}`, said.length > 20 && !said.includes("Type something"));
    named("it is no wider than the window", await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }
  const word = await choose(tab, "sentiment");
  await run(tab, word, { Text: "x".repeat(600) });
  named("a word without end is no wider", await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await run(tab, word, { Text: "back to a short one" });
  named("a short text is answered afterwards", (await word.locator(".bars li").count()) === 2);
}

// A page that is opened before the server is ready: what it could not ask then, it asks later.
async function early(tab, at, check) {
  const named = (what, good) => check(`${at.name}: early: ${what}`, good);
  const starting = (route) => route.fulfill({ status: 503, body: '{"error":"the server is starting"}', headers: { "Content-Type": "application/json" } });
  await tab.route("**/tokenize", starting);
  await tab.reload();
  await tab.waitForSelector("[data-ready]", { state: "attached" });
  const panel = await choose(tab, "words");
  await panel.locator(".example").first().click();
  named("that it is not ready is said", (await shown(tab, failure(tab))).includes("not ready"));
  await tab.unroute("**/tokenize", starting);
  await failure(tab).getByRole("button", { name: "Try again" }).click();
  await panel.locator(".bars").first().waitFor();
  named("the mask is the model's", (await panel.getByLabel("Text").inputValue()).includes("<mask>"));
}

// Answers that the server gives when much goes on; made here, since they cannot be had at will.
async function answers(tab, at, check) {
  const named = (what, good) => check(`${at.name}: answers: ${what}`, good);
  const panel = await choose(tab, "sentiment");
  const given = async (status, body, headers = {}) => {
    await tab.route("**/predict", (route) => route.fulfill({ status, body, headers: { "Content-Type": "application/json", ...headers } }));
    await run(tab, panel, { Text: "a film" });
    const said = await shown(tab, failure(tab));
    await tab.unroute("**/predict");
    return said;
  };
  named("429 says how long to wait", (await given(429, '{"error":"x","error_type":"Overloaded"}', { "Retry-After": "3" })).includes("Wait 3 seconds"));
  named("413 says that it is too large", (await given(413, "too large")).includes("Shorten"));
  named("422 says what the server says", (await given(422, '{"error":"`inputs` must have less than 5 tokens. Given: 9","error_type":"Validation"}')).includes("less than 5 tokens"));
  named("an error of OpenAI's shape", (await given(400, '{"error":{"message":"no such thing"}}')).includes("no such thing"));
  named("503 says to wait", (await given(503, '{"error":"draining"}')).includes("wait a moment"));
  named("500 points to the log", (await given(500, "<html>")).includes("log"));
  named("what is not JSON is said", (await given(200, "<html>hello")).includes("cannot be read"));
  named("there is a way to try again", await failure(tab).getByRole("button", { name: "Try again" }).isVisible());
  await failure(tab).getByRole("button", { name: "Try again" }).click();
  await settled(tab);
  named("trying again answers", (await panel.locator(".bars li").count()) === 2);
  // A slow answer can be stopped, and a second run waits for the first.
  let asked = 0;
  let release;
  const held = new Promise((resolve) => {
    release = resolve;
  });
  await tab.route("**/predict", async (route) => {
    asked++;
    await held;
    await route.continue().catch(() => {});
  });
  await panel.locator(".run").click();
  await panel.getByLabel("Text").first().press("Control+Enter");
  named("it says that it runs", (await panel.locator(".run").innerText()).startsWith("Running"));
  await panel.getByRole("button", { name: "Stop" }).click();
  await settled(tab);
  named("a run is stopped", (await panel.locator(".meta").innerText()) === "Stopped.");
  named("a run is asked for once", asked === 1);
  await panel.locator(".run").click();
  await panel.locator(".example").last().click();
  release();
  await panel.locator(".bars").waitFor();
  await settled(tab);
  named("an example takes the place of a run", (await panel.locator("textarea").first().inputValue()).startsWith("The plot"));
  await tab.unroute("**/predict");
  // A server without models, and one that takes its time.
  await tab.route("**/v1/models", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 800));
    await route.fulfill({ status: 200, body: '{"object":"list","data":[]}', headers: { "Content-Type": "application/json" } });
  });
  await tab.reload({ waitUntil: "domcontentloaded" });
  named("waiting is said", (await shown(tab, tab.locator("#loading"))).includes("Asking"));
  named("no model is said", (await shown(tab, tab.locator("#notice"))).includes("no model"));
  await tab.unroute("**/v1/models");
  await tab.getByRole("button", { name: "Try again" }).click();
  await tab.waitForSelector("[data-ready]", { state: "attached" });
  named("its models come after all", (await tab.locator("#models [role=tab]").count()) === 9);
}

// A server that wants a key.
async function key(context, checks, check) {
  const server = await Served.start(SENTIMENT, { options: ["--api-key", "right-key"] });
  try {
    const tab = await openTab(context, checks, { name: () => "key", width: 1280, height: 800, theme: "light",
      allowed: new RegExp("^" + server.url), quiet: refused });
    await tab.goto(server.url);
    check("key: it is asked for", (await shown(tab, tab.locator("#notice"))).includes("API key"));
    check("key: its field has the focus", await tab.evaluate(() => document.activeElement.id === "key"));
    const type = async (text) => {
      await tab.locator("#key").fill(text);
      await tab.locator("#key").press("Enter");
    };
    await type("wrong");
    await tab.locator("#notice", { hasText: "not the API key" }).waitFor();
    await tab.waitForFunction(() => document.activeElement.id === "key");
    await type("right-key");
    await tab.waitForSelector("[data-ready]", { state: "attached" });
    await run(tab, seen(tab), { Text: "a film" });
    check("key: it opens the routes", (await seen(tab).locator(".bars li").count()) === 2);
    check("key: a single model needs no list", !(await tab.locator("#models").isVisible()));
    check("key: it is kept nowhere", await tab.evaluate(() => localStorage.length + sessionStorage.length === 0 && document.cookie === ""
        && !document.body.textContent.includes("right-key") && !location.href.includes("right-key")));
    await tab.reload();
    check("key: it is forgotten", (await shown(tab, tab.locator("#notice"))).includes("API key"));
    await tab.close();
  } finally {
    await server.stop();
  }
}

// Passes all on to a server, and cuts a stream after its first event.
function cuttingProxy(target) {
  const proxy = http.createServer((request, response) => {
    const headers = { ...request.headers, host: new URL(target).host };
    const onward = http.request(new URL(request.url, target), { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      if (request.url === "/summarize") {
        answer.once("data", (first) => response.write(first, () => response.destroy()));
      } else {
        answer.pipe(response);
      }
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  return new Promise((resolve) => proxy.listen(0, "127.0.0.1", () => resolve(proxy)));
}

// The server ends while the page is open, and comes back.
async function stopped(context, checks, check, open) {
  const models = { ...SENTIMENT, summaries: "src/test/resources/tasks/generation/bart" };
  let server = await Served.start(models);
  try {
    const proxy = await cuttingProxy(server.url);
    const [cut] = await open(context, { url: `http://127.0.0.1:${proxy.address().port}/` }, 1280, "light", refused);
    await run(cut, await choose(cut, "summaries"), { Text: "the old man wrote" });
    check("a stream that is cut is said", (await shown(cut, failure(cut))).includes("does not answer"));
    await cut.close();
    proxy.closeAllConnections();
    proxy.close();
    const [tab, at] = await open(context, server, 1280, "light", refused);
    const panel = await choose(tab, "sentiment");
    await run(tab, panel, { Text: "a film" });
    await server.stop("SIGKILL");
    await panel.locator(".run").click();
    check("a server that is gone is said", (await shown(tab, failure(tab))).includes("does not answer"));
    check("what was typed stays", (await panel.locator("textarea").first().inputValue()) === "a film");
    await at.shoot("gone");
    server = await Served.start(models, { port: server.port });
    await failure(tab).getByRole("button", { name: "Try again" }).click();
    await settled(tab);
    check("it answers when it is back", (await panel.locator(".bars li").count()) === 2);
    await tab.close();
  } finally {
    await server.stop("SIGKILL");
  }
}

module.exports = { input, early, answers, key, stopped };
