// The page for people who use keys only, see little, or want nothing to move.
"use strict";
const { choose, run, seen, settled } = require("./panels.js");

// Texts that stand out too little from what is behind them (WCAG 2, 1.4.3). Runs in the page.
function faintTexts() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const pixel = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (front, back) => back.map((each, i) => (front[i] * front[3] + each * (255 - front[3])) / 255);
  const groundOf = (element) => {
    const chain = [];
    for (let each = element; each; each = each.parentElement) {
      chain.unshift(pixel(getComputedStyle(each).backgroundColor));
    }
    return chain.reduce((back, front) => over(front, back), [255, 255, 255]);
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((each) => (each / 255 <= 0.04045 ? each / 255 / 12.92 : ((each / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || !element.checkVisibility() || element.closest(".unseen")) {
      continue;
    }
    const ground = groundOf(element);
    const style = getComputedStyle(element);
    const [a, b] = [light(over(pixel(style.color), ground)), light(ground)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      found.push(`${element.tagName}.${element.className} "${element.textContent.slice(0, 20)}" ${ratio.toFixed(2)}`);
    }
  }
  return found;
}

// What a screen reader would have no name for, and what a finger would miss. Runs in the page.
function unnamedOrSmall() {
  const found = [];
  for (const each of document.querySelectorAll("button, input, textarea, select, summary, [role=tab]")) {
    if (!each.checkVisibility() || each.closest("#grid, #asking")) {
      continue;
    }
    const name = each.getAttribute("aria-label") ?? (each.labels?.[0] ?? each).textContent;
    const box = each.getBoundingClientRect();
    if (!name.trim()) {
      found.push(`no name: ${each.outerHTML.slice(0, 80)}`);
    }
    const room = each.type === "checkbox" ? each.parentElement.getBoundingClientRect() : box;
    if (room.height < 20 || room.width < 20) {
      found.push(`small: ${each.outerHTML.slice(0, 80)} ${room.width}×${room.height}`);
    }
  }
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  return found.concat(ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => "two of id " + id));
}

async function looks(tab, at, check) {
  for (const view of [["demo", "Masked words"], ["entities", "Entities"], ["sentences", "Similarity"], ["passages", "Reranking"], ["sentiment", "Tokens"], ["demo", "Attention"]]) {
    await choose(tab, ...view);
    await tab.waitForTimeout(500);
    for (const faint of await tab.evaluate(faintTexts)) {
      check(`${at.name}: faint in ${view}: ${faint}`, false);
    }
    for (const found of await tab.evaluate(unnamedOrSmall)) {
      check(`${at.name}: ${view}: ${found}`, false);
    }
    check(`${at.name}: ${view} is no wider than the window`, await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }
}

// Only keys: from the top of the page to an answer.
async function keyboard(tab, at, server, check) {
  const focus = () => tab.evaluate(() => {
    const each = document.activeElement;
    const style = getComputedStyle(each);
    return { tag: each.tagName, role: each.getAttribute("role"), text: each.textContent.slice(0, 30), id: each.id,
      ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
  });
  const named = (what, good) => check(`${at.name}: keys: ${what}`, good);
  await tab.evaluate(() => document.activeElement.blur());
  const stops = [];
  const until = async (what, reached) => {
    for (let i = 0; i < 25; i++) {
      await tab.keyboard.press("Tab");
      const now = await focus();
      stops.push(now);
      if (reached(now)) {
        return now;
      }
    }
    named(`${what} is reached`, false);
    return null;
  };
  await until("the list of models", (now) => now.role === "tab");
  for (let i = 0; i < 20 && !(await focus()).text.startsWith("sentiment"); i++) {
    await tab.keyboard.press("ArrowDown");
  }
  named("arrows choose a model", (await focus()).text.startsWith("sentiment"));
  named("its panel is shown", (await tab.locator(".model h2:visible").innerText()) === "sentiment");
  await until("the views", (now) => now.role === "tab");
  await tab.keyboard.press("End");
  named("End chooses the last view", (await focus()).text === "Attention");
  await tab.keyboard.press("ArrowRight");
  named("arrows go round", (await focus()).text === "Classification");
  await until("the text", (now) => now.tag === "TEXTAREA");
  await tab.keyboard.press("ControlOrMeta+a");
  await tab.keyboard.type("A dull and tired film.");
  await tab.keyboard.press("Control+Enter");
  await settled(tab);
  const first = seen(tab).locator(".bars .label").first();
  const { body } = await server.ask("predict", { model: "sentiment", inputs: "A dull and tired film." });
  named("Ctrl and Enter run", (await first.innerText()) === body[0].label);
  named("the answer is heard", (await seen(tab).locator("[role=status]").textContent()).startsWith(body[0].label));
  named("the focus stays", (await focus()).tag === "TEXTAREA");
  await until("the button", (now) => now.text === "Run");
  await until("an example", (now) => now.text.startsWith("Two hours"));
  await tab.keyboard.press("Enter");
  await settled(tab);
  named("Enter runs an example", (await seen(tab).locator("textarea").first().inputValue()).startsWith("Two hours"));
  const summary = await until("the request", (now) => now.text.startsWith("Request"));
  await tab.keyboard.press("Enter");
  named("Enter opens the request", summary !== null && await seen(tab).locator(".request").evaluate((each) => each.open));
  await until("the footer", (now) => now.tag === "A");
  for (const stop of stops) {
    named(`the focus is seen on ${stop.tag} ${stop.text}`, stop.ring);
  }
  // Enter in a field of one line runs, too.
  const panel = await choose(tab, "labels");
  await panel.getByLabel("Labels, with").fill("music, rain");
  await panel.getByLabel("Labels, with").press("Enter");
  await settled(tab);
  named("Enter in a line runs", (await panel.locator(".bars li").count()) === 2);
}

async function motion(tab, at, check) {
  await tab.emulateMedia({ reducedMotion: "reduce" });
  const panel = await choose(tab, "sentiment");
  await run(tab, panel, { Text: "a film" });
  const moving = await tab.evaluate(() => document.getAnimations().filter((each) => each.playState === "running").length);
  check(`${at.name}: ${moving} things move where nothing should`, moving === 0);
  await tab.emulateMedia({ reducedMotion: "no-preference" });
  // The colours follow the system while the page is open, in what is drawn, too.
  await choose(tab, "sentences");
  await run(tab, seen(tab), { Sentences: "one\ntwo" });
  const cell = () => seen(tab).locator(".heat td[data-score]").nth(1).evaluate((each) => each.style.background);
  const light = await cell();
  await tab.emulateMedia({ colorScheme: "dark" });
  // The page is told a moment later; where it is not, this waits in vain and the check ends with an error.
  await tab.waitForFunction(() => document.documentElement.dataset.theme === "dark");
  await tab.waitForFunction((before) => [...document.querySelectorAll(".heat td[data-score]")]
      .filter((each) => each.checkVisibility())[1].style.background !== before, light);
  check(`${at.name}: the heat map has turned dark`, (await cell()) !== light);
  await tab.emulateMedia({ colorScheme: "light" });
}

module.exports = { looks, keyboard, motion };
