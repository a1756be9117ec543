#!/usr/bin/env python3
"""Makes weights/expected.json: what transformers answers for the two models that ship with the project.

The models themselves were trained once, as weights/README.md says, and cannot be made again.
"""

import torch
import transformers

import common

WEIGHTS = common.PROJECT / "weights"
MASKED = [
    "The capital of [MASK] is Paris.",
    "Berlin is the capital of [MASK].",
    "Tokyo is the capital of [MASK].",
    "She lives in Rome, in [MASK].",
    "Portugal borders [MASK].",
    "The [MASK] of Canada is Ottawa.",
    "[MASK] is the capital of Spain.",
    "In Mexico people speak [MASK].",
    "What is the capital of Egypt? It is [MASK].",
    "A person from Sweden is called [MASK].",
    "Lima is the capital and largest city of [MASK].",
    "The film is a [MASK] of humor.",
    "Kenya is a country in [MASK].",
]
REVIEWS = [
    "Hello, my dog is cute",
    "a gripping , beautifully shot film",
    "The plot is a mess and the acting is worse.",
    "I would not sit through it again for money.",
    "One of the best movies of the year!",
    "It is not bad at all.",
    "Dull, lifeless and far too long.",
    "A warm, funny and generous comedy.",
    "The food was cold and the waiter was rude.",
    "This library is wonderful.",
]
WHOLE = "The capital of France is Paris."


def opened(kind, name):
    """The model, and both kinds of its tokenizer."""
    folder = WEIGHTS / name
    return (kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval(),
            transformers.AlbertTokenizerFast.from_pretrained(folder), transformers.AlbertTokenizer.from_pretrained(folder))


def masked(model, fast, slow, text):
    ids = fast(text).input_ids
    scores = model(torch.tensor([ids])).logits[0, ids.index(fast.mask_token_id)].softmax(-1)
    top = [{"id": i, "token": fast.convert_ids_to_tokens(i), "decoded": fast.decode([i]), "score": score}
           for score, i in zip(*(each.tolist() for each in scores.topk(5)))]
    return {"text": text, "input_ids": ids, "slow_equal": slow(text).input_ids == ids, "top": top}


def review(model, fast, text):
    logits = model(**fast(text, return_tensors="pt")).logits[0]
    score, label = logits.softmax(-1).max(-1)
    return {"text": text, "logits": logits.tolist(), "label": model.config.id2label[label.item()], "score": score.item()}


def loss(model, fast, text, whole):
    """Of the masked words alone."""
    ids, labels = (torch.tensor([fast(each).input_ids]) for each in (text, whole))
    labels[ids != fast.mask_token_id] = -100
    return {"text": text, "label_text": whole, "loss": model(ids, labels=labels).loss.item()}


@torch.inference_mode()
def make(out):
    transformers.logging.set_verbosity_error()
    model, fast, slow = opened(transformers.AlbertForMaskedLM, "albert-tiny-demo")
    classifier, words, _ = opened(transformers.AlbertForSequenceClassification, "albert-tiny-sentiment")
    versions = f"transformers {common.VERSIONS['transformers']}, torch {common.VERSIONS['torch']}, fp32, eager"
    common.write_json(out, {
        "made_with": versions,
        "fill_mask": [masked(model, fast, slow, text) for text in MASKED],
        "sentiment": [review(classifier, words, text) for text in REVIEWS],
        "loss": loss(model, fast, MASKED[0], WHOLE),
    }, indent=1, ensure_ascii=False)


if __name__ == "__main__":
    common.main(__doc__, make, WEIGHTS / "expected.json", ["torch", "transformers", "tokenizers", "sentencepiece"])
