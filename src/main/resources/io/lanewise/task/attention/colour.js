// A scale of 256 colours from 0 to the largest weight, even to the eye: equal steps of lightness
// in OKLab (Ottosson 2020), from the colour of the surface to the one that stands out most from it.

const SCALES = {
  light: { lightness: [0.985, 0.28], chroma: [0.008, 0.15, 0.13], hue: [195, 285] },
  dark: { lightness: [0.235, 0.95], chroma: [0.02, 0.13, 0.13], hue: [285, 105] },
};

const UNSEEN = { light: [0.925, 0.006, 80], dark: [0.17, 0.004, 285] };
const NO_NUMBER = [0.6, 0.22, 25];

function linearRgb(lightness, chroma, hue) {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

// Red, green, blue from 0 to 255; chroma gives way where a screen cannot show it.
function rgb([lightness, chroma, hue]) {
  let linear = linearRgb(lightness, chroma, hue);
  for (let c = chroma; linear.some((x) => x < -0.001 || x > 1.001) && c > 0; c -= 0.005) {
    linear = linearRgb(lightness, c, hue);
  }
  return linear.map((x) => {
    const y = Math.min(1, Math.max(0, x));
    return Math.round(255 * (y <= 0.0031308 ? 12.92 * y : 1.055 * y ** (1 / 2.4) - 0.055));
  });
}

function paletteOf(theme) {
  const { lightness, chroma, hue } = SCALES[theme];
  const colours = [];
  for (let i = 0; i < 256; i++) {
    const t = i / 255;
    const [c0, c1, c2] = chroma;
    const c = t < 0.5 ? c0 + (c1 - c0) * 2 * t : c1 + (c2 - c1) * (2 * t - 1);
    colours.push(rgb([
      lightness[0] + (lightness[1] - lightness[0]) * t,
      c,
      hue[0] + (hue[1] - hue[0]) * t,
    ]));
  }
  return { colours, unseen: rgb(UNSEEN[theme]), noNumber: rgb(NO_NUMBER) };
}

// What the top of the scale stands for in a map.
function topOf(map, rule) {
  if (rule !== "largest") {
    return 1;
  }
  let top = 0;
  for (const weight of map) {
    top = weight > top ? weight : top;
  }
  return top || 1;
}

// The colour of a weight.
function shade(palette, weight, top, rule) {
  if (Number.isNaN(weight)) {
    return palette.noNumber;
  }
  const share = rule === "root" ? Math.sqrt(weight) : weight / top;
  return palette.colours[Math.round(255 * Math.min(1, share))];
}

function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

// Ink that reads on a colour: the relative luminance decides (WCAG 2).
function inkOn(colour) {
  const [r, g, b] = colour.map((x) => {
    const y = x / 255;
    return y <= 0.04045 ? y / 12.92 : ((y + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#111" : "#fff";
}

// A map as an image of so many rows and columns; a pixel that stands for several weights shows the
// largest, so that a thin line stays to be seen.
function picture(part, layer, map, rows, columns, palette, rule) {
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  paint(canvas, part, layer, map, palette, rule);
  return canvas;
}

function paint(canvas, part, layer, map, palette, rule) {
  const { width, height } = canvas;
  const queries = part.queries.length;
  const keys = part.keys.length;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const top = topOf(map, rule);
  for (let y = 0; y < height; y++) {
    const fromRow = Math.floor((y * queries) / height);
    const toRow = Math.max(fromRow + 1, Math.floor(((y + 1) * queries) / height));
    for (let x = 0; x < width; x++) {
      const fromKey = Math.floor((x * keys) / width);
      const toKey = Math.max(fromKey + 1, Math.floor(((x + 1) * keys) / width));
      let largest = 0;
      let seen = false;
      for (let query = fromRow; query < toRow; query++) {
        for (let key = fromKey; key < toKey; key++) {
          const weight = map[query * keys + key];
          largest = weight <= largest ? largest : weight;
          seen = seen || part.sees(layer, query, key);
        }
      }
      const colour = seen ? shade(palette, largest, top, rule) : palette.unseen;
      image.data.set([...colour, 255], 4 * (y * width + x));
    }
  }
  context.putImageData(image, 0, 0);
}
