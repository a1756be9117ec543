// Real clients of the registry against a running server: node clients.mjs URL TEXTS VECTORS, a text a line, and the JSON that
// `lanewise embed --json` gives for them.
import { readFileSync } from "node:fs";
import OpenAI from "openai";
import { InferenceClient } from "@huggingface/inference";

const [url, textFile, vectorFile] = process.argv.slice(2);
const texts = readFileSync(textFile, "utf8").trim().split("\n");
const vectors = JSON.parse(readFileSync(vectorFile, "utf8"));
const floats = (lists) => JSON.stringify(lists.map((list) => Array.from(Float32Array.from(list))));

function same(name, got) {
  if (floats(got) !== floats(vectors)) throw new Error(`${name}: other vectors than lanewise embed`);
  console.log(`${name}: ${got.length} vectors of ${got[0].length}, the same bits`);
}

const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none" });
const packed = await openai.embeddings.create({ model: "m", input: texts });
same("openai", packed.data.map((each) => each.embedding));
const plain = await openai.embeddings.create({ model: "m", input: texts, encoding_format: "float" });
same("openai, floats", plain.data.map((each) => each.embedding));
const names = [];
for await (const model of openai.models.list()) names.push(model.id);
console.log(`openai, models: ${names.join(", ")}`);
let status = 0;
try {
  await openai.embeddings.create({ model: "m", input: [] });
} catch (error) {
  status = error.status;
}
if (status !== 400) throw new Error(`openai, an empty list: ${status}`);
console.log("openai, an empty list: 400");

const huggingFace = new InferenceClient(undefined, { endpointUrl: url });
same("@huggingface/inference", await huggingFace.featureExtraction({ inputs: texts }));
