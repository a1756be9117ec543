"""What Python answers when it is asked for a folder of the Hub: the pipelines of transformers, and sentence-transformers' steps.

An answer has the form of the command's --json. sentence-transformers itself is not needed: its steps are those of its
modules.json, written here with torch.
"""

import json

import torch
import transformers as hf

from task_answers import pool


def command(answer, *arguments):
    """A command of Lanewise without its --model, and what Python answers."""
    return {"arguments": list(arguments), "answer": answer}


def classify(folder, texts, top=None):
    pipe = hf.pipeline("text-classification", model=str(folder), dtype=torch.float32)
    more = ["--top-k", str(top)] if top else []
    return command(pipe(texts, **({"top_k": top} if top else {})), "classify", *more, *texts)


def zero_shot(folder, texts, labels, *more, **options):
    pipe = hf.pipeline("zero-shot-classification", model=str(folder), dtype=torch.float32)
    found = [pipe(text, labels, **options) for text in texts]
    return command(found if len(texts) > 1 else found[0], "zero-shot", "--labels", ",".join(labels), *more, *texts)


def fill(folder, text, top):
    pipe = hf.pipeline("fill-mask", model=str(folder), dtype=torch.float32)
    return command(pipe(text, top_k=top), "fill-mask", "--top-k", str(top), text)


def answer(folder, context, question):
    pipe = hf.pipeline("question-answering", model=str(folder), dtype=torch.float32)
    return command(pipe(question=question, context=context), "answer", "--context", context, question)


def tag(folder, text):
    pipe = hf.pipeline("token-classification", model=str(folder), dtype=torch.float32, aggregation_strategy="simple")
    found = [{key: value if isinstance(value, (str, int)) else float(value) for key, value in each.items()} for each in pipe(text)]
    return command(found, "tag", "--aggregation", "simple", text)


# ---- sentence-transformers


def tokenized(tokenizer, texts, longest):
    """Blanks around a text are not read; a text that is too long is cut."""
    return tokenizer([text.strip() for text in texts], padding=True, truncation="longest_first", max_length=longest, return_tensors="pt")


def settings(folder):
    """The pooling, the longest text, and whether vectors are brought to length 1."""
    pooling = json.loads((folder / "1_Pooling/config.json").read_text())
    modes = {"pooling_mode_cls_token": "cls", "pooling_mode_mean_tokens": "mean"}
    kinds = [part["type"].rpartition(".")[2] for part in json.loads((folder / "modules.json").read_text())]
    longest = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
    return [mode for key, mode in modes.items() if pooling[key]], longest, "Normalize" in kinds


@torch.inference_mode()
def vectors(folder, texts, body=None):
    """body: gives the states of the last layer for ids and mask, where transformers has no class for the model."""
    modes, longest, normalized = settings(folder)
    tokenizer = hf.AutoTokenizer.from_pretrained(folder)
    encoded = tokenized(tokenizer, texts, longest)
    if body is None:
        states = hf.AutoModel.from_pretrained(folder, dtype=torch.float32).eval()(**encoded)[0]
    else:
        states = body(encoded["input_ids"], encoded["attention_mask"])
    found = pool(states.float(), encoded["attention_mask"], modes)
    return torch.nn.functional.normalize(found, p=2, dim=1) if normalized else found


def embed(folder, texts, body=None):
    return command(vectors(folder, texts, body).tolist(), "embed", *texts)


def similarity(folder, texts, body=None):
    """The first text beside each other."""
    found = torch.nn.functional.normalize(vectors(folder, texts, body), p=2, dim=1)
    return command((found[1:] @ found[0]).tolist(), "similarity", *texts)


@torch.inference_mode()
def rerank(folder, query, passages):
    """A cross encoder's scores, the best passage first."""
    tokenizer = hf.AutoTokenizer.from_pretrained(folder)
    model = hf.AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
    encoded = tokenizer([query] * len(passages), passages, padding=True, truncation="longest_first", return_tensors="pt")
    scores = model(**encoded).logits.squeeze(-1)
    kind = model.config.to_dict().get("sentence_transformers", {}).get("activation_fn", "Sigmoid")
    scores = (scores if kind.endswith("Identity") else scores.sigmoid()).tolist()
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    return command([{"corpus_id": i, "score": scores[i]} for i in order], "rerank", "--query", query, *passages)
