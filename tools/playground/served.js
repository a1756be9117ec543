// A server for the check of its page.
"use strict";
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const { spawn } = require("node:child_process");

const ROOT = path.resolve(__dirname, "../..");
const DEMO = path.join(ROOT, "weights/albert-tiny-demo");

// The demo model as one of sentences: the mean of its vectors. The folder is deleted by remove().
function demoEmbedder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "playground-"));
  for (const name of fs.readdirSync(DEMO)) {
    fs.symlinkSync(path.join(DEMO, name), path.join(folder, name));
  }
  fs.mkdirSync(path.join(folder, "1_Pooling"));
  const write = (name, content) => fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
  write("modules.json", [
    { idx: 0, name: "0", path: "", type: "sentence_transformers.models.Transformer" },
    { idx: 1, name: "1", path: "1_Pooling", type: "sentence_transformers.models.Pooling" },
  ]);
  write("1_Pooling/config.json", { word_embedding_dimension: 192, pooling_mode_mean_tokens: true });
  return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once("error", reject).listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

class Served {
  // Starts it with these models {name: folder} and waits until it is ready.
  static async start(models, { port, options = [] } = {}) {
    const served = new Served();
    served.port = port ?? await freePort();
    served.url = `http://127.0.0.1:${served.port}/`;
    const launcher = path.resolve(process.env.LANEWISE ?? path.join(ROOT, "tools/lanewise"));
    const args = ["serve", "--port", String(served.port), ...options,
      ...Object.entries(models).flatMap(([name, folder]) => ["--model", `${name}=${path.resolve(ROOT, folder)}`])];
    // A group of its own: the launcher may be a script around the program.
    served.child = spawn(launcher, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    served.output = "";
    for (const stream of [served.child.stdout, served.child.stderr]) {
      stream.on("data", (data) => {
        served.output = (served.output + data).slice(-4000);
      });
    }
    served.ended = new Promise((resolve) => served.child.once("exit", resolve));
    await served.ready();
    return served;
  }

  async ready() {
    for (let i = 0; i < 600; i++) {
      if (this.child.exitCode !== null) {
        throw new Error(`the server has ended:\n${this.output}`);
      }
      const answer = await fetch(this.url + "health").catch(() => null);
      if (answer?.ok) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`the server is not ready after two minutes:\n${this.output}`);
  }

  // The answer of a route.
  async ask(route, request, headers = {}) {
    const answer = await fetch(this.url + route, {
      method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(request),
    });
    const text = await answer.text();
    try {
      return { status: answer.status, body: JSON.parse(text) };
    } catch {
      return { status: answer.status, body: text };
    }
  }

  async stop(signal = "SIGTERM") {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      process.kill(-this.child.pid, signal);
      await this.ended;
    }
  }
}

module.exports = { Served, demoEmbedder };
