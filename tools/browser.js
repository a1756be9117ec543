// What the checks of pages share: a headless Chromium, and what was not as it should be.
//
// Needs Node.js 18, Chromium (CHROMIUM=/path, default /usr/bin/chromium) and the npm package
// playwright-core, in ./node_modules or where NODE_PATH says: npm install --no-save playwright-core
"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { chromium } = require(require.resolve("playwright-core", {
  paths: [process.cwd(), ...(process.env.NODE_PATH ?? "").split(path.delimiter).filter(Boolean)],
}));

class Checks {
  constructor() {
    this.failures = [];
    this.count = 0;
  }

  check(what, good) {
    this.count++;
    if (!good) {
      this.failures.push(what);
      console.log("FAIL  " + what);
    }
  }

  // Prints how it went; the program's exit code says it, too.
  report(what) {
    console.log(this.failures.length === 0 ? `ok  ${what}, ${this.count} checks` : `${this.failures.length} failures in ${what}`);
    process.exitCode = this.failures.length === 0 ? 0 : 1;
  }
}

// Runs work(context) in a Chromium of its own, whose profile is deleted afterwards.
async function inBrowser(work) {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), "check-page-"));
  const browser = await chromium.launchPersistentContext(data, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  try {
    await work(browser);
  } finally {
    await browser.close();
    fs.rmSync(data, { recursive: true, force: true });
  }
}

// A new tab of this size; what its console says, what breaks in it and whom it asks is checked.
async function openTab(context, checks, { name, width, height, theme, allowed, quiet = () => false }) {
  const tab = await context.newPage();
  tab.setDefaultTimeout(300_000); // a machine that has other work may stand still for minutes
  await tab.setViewportSize({ width, height });
  await tab.emulateMedia({ colorScheme: theme });
  tab.on("console", (message) => checks.check(`${name()}: console: ${message.text()}`,
      (message.type() !== "error" && message.type() !== "warning") || quiet(message.text())));
  tab.on("pageerror", (error) => checks.check(`${name()}: ${error}`, false));
  tab.on("request", (request) => checks.check(`${name()}: asks for ${request.url().slice(0, 80)}`, allowed.test(request.url())));
  return tab;
}

module.exports = { Checks, inBrowser, openTab };
