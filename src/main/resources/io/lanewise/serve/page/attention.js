// The maps of `lanewise attention`, in this page. There is one view of them, which the panels share.

/* global Part, MapsView */

let home = null;
let view = null;

// The weights of a layer, [heads][queries][keys], as one array.
function weightsOf(layer) {
  return Float32Array.from(layer.weights.flat(2), (weight) => weight ?? NaN);
}

function partOf(info) {
  const part = new Part(info, 32);
  part.codes = info.layers.map(weightsOf);
  return part;
}

export function showAttention(answer, place) {
  if (!home) {
    home = document.getElementById("attention").content.firstElementChild;
  }
  place.replaceChildren(home);
  view ??= new MapsView();
  view.paint(document.documentElement.dataset.theme);
  view.show(answer.parts.map(partOf));
  const part = view.current();
  return { said: `${part.layers.length} layers of ${part.heads} heads, ${part.queries.length} tokens` };
}
