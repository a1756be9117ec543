// The page: its models, which of them is looked at, and the key.

import { element } from "./show.js";
import { get, useKey } from "./server.js";
import { taskName, viewsOf } from "./tasks.js";
import { Tabs } from "./tabs.js";
import { Panel } from "./panel.js";

const byId = (id) => document.getElementById(id);
const panels = [];
let loaded = false;

async function load() {
  byId("notice").hidden = true;
  byId("loading").hidden = false;
  try {
    const { data } = await get("v1/models");
    if (data.length === 0) {
      notice("This server has no model.", "Start it with one: lanewise serve --model FOLDER.");
    } else {
      loaded = true;
      showModels(data);
    }
  } catch (error) {
    notice(error.message, error.advice ?? "Load the page again.");
    if (error.status === 401) {
      askForKey();
    }
  } finally {
    byId("loading").hidden = true;
  }
}

function notice(sentence, advice) {
  byId("notice").replaceChildren(element("p", {}, element("strong", {}, sentence)), element("p", {}, advice),
      element("button", { type: "button", class: "quiet", click: load }, "Try again"));
  byId("notice").hidden = false;
}

function showModels(models) {
  byId("where").textContent = `${models.length === 1 ? "1 model" : models.length + " models"} on ${location.host}`;
  const tabs = new Tabs(byId("models"), models.map((model, i) => ({
    label: [element("span", { class: "model-name" }, model.id), element("small", {}, taskName(model))],
    panel: () => modelPanel(model, i),
  })), (i) => {
    history.replaceState(null, "", "#" + encodeURIComponent(models[i].id));
    document.title = `${models[i].id} · Lanewise playground`;
    panels.forEach((panel) => panel.seen());
  });
  byId("panels").replaceChildren(...tabs.panels);
  byId("work").classList.toggle("single", models.length === 1);
  byId("work").hidden = false;
  const wanted = models.findIndex((model) => "#" + encodeURIComponent(model.id) === location.hash);
  tabs.choose(Math.max(0, wanted));
  document.documentElement.dataset.ready = "yes";
}

function modelPanel(model) {
  const views = viewsOf(model);
  const about = element("p", { class: "about" });
  const bar = element("div", { class: "views", role: "tablist", "aria-label": "Views of " + model.id });
  const tabs = new Tabs(bar, views.map((view) => ({
    label: [view.name],
    panel: () => {
      const panel = new Panel(model, view);
      panels.push(panel);
      return panel.root;
    },
  })), (i) => {
    about.textContent = views[i].about;
    panels.forEach((panel) => panel.seen());
  });
  tabs.choose(0);
  return element("div", { class: "model" }, element("h2", {}, model.id), bar, about, tabs.panels);
}

function askForKey() {
  byId("key-form").hidden = false;
  byId("key-button").setAttribute("aria-expanded", "true");
  byId("key").focus();
}

byId("key-button").addEventListener("click", () => {
  if (byId("key-form").hidden) {
    askForKey();
  } else {
    byId("key-form").hidden = true;
    byId("key-button").setAttribute("aria-expanded", "false");
  }
});
byId("key-form").addEventListener("submit", (event) => {
  event.preventDefault();
  useKey(byId("key").value.trim());
  byId("key-form").hidden = true;
  byId("key-button").setAttribute("aria-expanded", "false");
  byId("key-button").focus();
  if (!loaded) {
    load();
  }
});
document.addEventListener("wants-key", askForKey);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => panels.forEach((panel) => panel.repaint()));
load();
