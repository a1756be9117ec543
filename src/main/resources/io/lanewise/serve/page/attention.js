// The maps of `lanewise attention`, in this page. There is one view of them, which the panels share.

/* global Part, MapsView, unpacked */

let home = null;
let view = null;

// The parts of an answer, with their weights unpacked.
export async function partsOf(answer) {
  const parts = answer.parts.map((info) => new Part(info, answer.bits));
  for (const [i, part] of parts.entries()) {
    part.codes = await Promise.all(answer.weights[i].map((packed) => unpacked(packed, answer.bits)));
  }
  return parts;
}

export function showAttention(parts, place) {
  home ??= document.getElementById("attention").content.firstElementChild;
  place.replaceChildren(home);
  view ??= new MapsView();
  view.paint(document.documentElement.dataset.theme);
  view.show(parts);
  const [{ layers, heads, queries }] = parts;
  return { said: `${layers.length} layers of ${heads} heads, ${queries.length} tokens` };
}
