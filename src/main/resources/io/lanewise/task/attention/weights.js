// The weights of one kind of attention: unpacked, looked up, averaged.

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = text.charCodeAt(i);
  }
  return bytes;
}

// The codes of a layer, which stand packed in a text.
async function unpacked(base64, bits) {
  const packed = new Blob([bytesOf(base64)]);
  const stream = packed.stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(stream).arrayBuffer();
  return bits === 16 ? new Uint16Array(buffer) : new Uint8Array(buffer);
}

// What each code stands for; the largest is no number.
function codeBook(bits) {
  const most = 2 ** bits - 2;
  const book = new Float32Array(most + 2);
  for (let code = 0; code <= most; code++) {
    book[code] = bits === 16 ? code / most : (code / most) ** 2;
  }
  book[most + 1] = NaN;
  return book;
}

class Part {
  constructor(info, bits) {
    this.kind = info.kind;
    this.queries = info.queries;
    this.keys = info.keys;
    this.layers = info.layers;
    this.heads = info.layers[0].heads;
    this.bits = bits;
    this.size = info.queries.length * info.keys.length;
    this.book = codeBook(bits);
    this.codes = [];
    this.means = new Map();
  }

  // Adds one map to a sum of maps.
  add(sum, layer, head) {
    const from = head * this.size;
    const codes = this.codes[layer];
    for (let i = 0; i < this.size; i++) {
      sum[i] += this.book[codes[from + i]];
    }
  }

  // A map, [queries * keys]; a null is the mean over all layers or all heads.
  map(layer, head) {
    const name = layer + "/" + head;
    if (this.means.has(name)) {
      return this.means.get(name);
    }
    const layers = layer === null ? [...this.codes.keys()] : [layer];
    const heads = head === null ? [...Array(this.heads).keys()] : [head];
    const map = new Float32Array(this.size);
    for (const l of layers) {
      for (const h of heads) {
        this.add(map, l, h);
      }
    }
    const count = layers.length * heads.length;
    if (count > 1) {
      for (let i = 0; i < this.size; i++) {
        map[i] /= count;
      }
      this.means.set(name, map);
    }
    return map;
  }

  // Whether a query may look at a key at all; for the mean over layers, in any of them.
  sees(layer, query, key) {
    if (this.kind === "decoder") {
      return key <= query;
    }
    if (layer === null) {
      return this.layers.some((_, each) => this.sees(each, query, key));
    }
    const { window, globals } = this.layers[layer];
    return window === undefined || Math.abs(key - query) <= window / 2
        || globals.includes(query) || globals.includes(key);
  }

  isGlobal(position) {
    return this.layers[0].globals !== undefined && this.layers[0].globals.includes(position);
  }
}

// A token as it is shown: its piece, or its text where the piece spells bytes.
function label([piece, text]) {
  const shown = piece.toLowerCase().includes(text.toLowerCase()) ? piece : text;
  return shown.replace(/^\u0120/, "\u2581").replace(/[\s\p{C}]/gu, visible) || "∅";
}

function visible(character) {
  switch (character) {
    case " ": return "␣";
    case "\n": return "↵";
    case "\t": return "⇥";
    default: return "\\u" + character.codePointAt(0).toString(16).padStart(4, "0");
  }
}

// A weight as digits, no more than the bits carry.
function digits(weight, bits) {
  if (Number.isNaN(weight)) {
    return "no number";
  }
  return bits === 8 ? String(Number(weight.toPrecision(2))) : weight.toFixed(weight < 0.01 ? 5 : 4);
}
