// The token that stands for a hidden word, which is not the same in all models.

import { post } from "./server.js";

const USUAL = ["[MASK]", "<mask>"];

// What the server says; or else the first of the usual ones that the tokenizer knows as one token.
export async function maskOf(model) {
  if (typeof model.mask_token === "string") {
    return model.mask_token;
  }
  for (const mask of USUAL) {
    try {
      const { answer } = await post("tokenize", { model: model.id, inputs: mask, add_special_tokens: false });
      if (answer.flat().length === 1) {
        return mask;
      }
    } catch {
      break;
    }
  }
  return USUAL[0];
}
