// The token that stands for a hidden word, which is not the same in all models.

import { post } from "./server.js";

export const USUAL_MASK = "[MASK]";

// The first of the usual ones that the tokenizer knows as one token.
export async function maskOf(model) {
  for (const mask of [USUAL_MASK, "<mask>"]) {
    const { answer } = await post("tokenize", { model: model.id, inputs: mask, add_special_tokens: false });
    if (answer.flat().length === 1) {
      return mask;
    }
  }
  return USUAL_MASK;
}
