"""What a model folder answers in the tasks that classify, choose, embed and rerank, by transformers' pipelines.

What has no pipeline is computed from the model's own outputs, by the formula of its documentation: choices, pairs of sentences,
and what sentence-transformers makes of a model.
"""

import torch
import transformers as hf


def open_folder(cls, folder, settings=None):
    tokenizer = hf.AutoTokenizer.from_pretrained(folder) if cls.config_class.model_type != "nezha" \
        else hf.BertTokenizerFast.from_pretrained(folder)
    model = cls.from_pretrained(folder, dtype=torch.float32).eval()
    for key, value in (settings or {}).items():
        setattr(model.config, key, value)
    return model, tokenizer


def group(inputs, outputs, settings=None, **changed):
    """One model loaded with these settings, one task changed so, and its answers."""
    return {"settings": settings or {}, "with": changed, "inputs": inputs, "outputs": outputs}


def fill(cls, folder, texts, top, targets=None):
    model, tokenizer = open_folder(cls, folder)
    mask = tokenizer.mask_token
    texts = [text.replace("[MASK]", mask) for text in texts]
    pipe = hf.pipeline("fill-mask", model=model, tokenizer=tokenizer)
    outputs = []
    for text in texts:
        answer = pipe(text, top_k=top, **({"targets": targets} if targets else {}))
        outputs.append(answer if isinstance(answer[0], list) else [answer])
    return group(texts, outputs, top=top, **({"targets": targets} if targets else {}))


def classify(cls, folder, texts, settings=None, function=None):
    model, tokenizer = open_folder(cls, folder, settings)
    pipe = hf.pipeline("text-classification", model=model, tokenizer=tokenizer)
    inputs = [text if isinstance(text, str) else {"text": text[0], "text_pair": text[1]} for text in texts]
    kwargs = {"function_to_apply": function} if function else {}
    outputs = [pipe(each, top_k=None, **kwargs) for each in inputs]
    outputs = [answer[0] if isinstance(answer[0], list) else answer for answer in outputs]
    return group(texts, outputs, settings, **({"function": function} if function else {}))


def zero_shot(cls, folder, questions, settings=None, **changed):
    model, tokenizer = open_folder(cls, folder, settings)
    pipe = hf.pipeline("zero-shot-classification", model=model, tokenizer=tokenizer)
    outputs = []
    for text, labels in questions:
        answer = pipe(text, labels, **changed)
        outputs.append([{"label": a, "score": b} for a, b in zip(answer["labels"], answer["scores"])])
    return group(questions, outputs, settings, **changed)


@torch.inference_mode()
def choose(cls, folder, questions):
    model, tokenizer = open_folder(cls, folder)
    outputs = []
    for prompt, choices in questions:
        encoded = tokenizer([prompt] * len(choices), choices, return_tensors="pt", padding=True)
        logits = model(**{name: value.unsqueeze(0) for name, value in encoded.items()}).logits[0]
        outputs.append(logits.softmax(-1).tolist())
    return group(questions, outputs)


@torch.inference_mode()
def sentences(cls, folder, pairs, logits):
    model, tokenizer = open_folder(cls, folder)
    outputs = [model(**tokenizer(*pair, return_tensors="pt"))[logits][0].softmax(-1)[0].item() for pair in pairs]
    return group(pairs, outputs)


@torch.inference_mode()
def rerank(cls, folder, queries, score, **changed):
    model, tokenizer = open_folder(cls, folder)
    outputs = []
    for query, passages in queries:
        if not passages:
            outputs.append([])
            continue
        encoded = tokenizer([query.strip()] * len(passages), [passage.strip() for passage in passages],
                            padding=True, truncation="longest_first", return_tensors="pt")
        scores = score(model(**encoded).logits.squeeze(-1)).tolist()
        order = sorted(range(len(scores)), key=lambda i: -scores[i])
        outputs.append([{"index": i, "score": scores[i]} for i in order])
    return group(queries, outputs, **changed)


def pool(states, mask, modes):
    """sentence-transformers' Pooling, in the order of its documentation."""
    mask = mask.unsqueeze(-1).float()
    positions = torch.arange(1, states.shape[1] + 1).view(1, -1, 1)
    found = []
    for mode in ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"):
        if mode not in modes:
            continue
        total = (states * mask).sum(1)
        if mode == "cls":
            found.append(states[:, 0])
        elif mode == "max":
            found.append(states.masked_fill(mask == 0, -1e9).amax(1))
        elif mode == "mean":
            found.append(total / mask.sum(1))
        elif mode == "mean_sqrt_len_tokens":
            found.append(total / mask.sum(1).sqrt())
        elif mode == "weightedmean":
            found.append((states * mask * positions).sum(1) / (mask * positions).sum(1))
        else:
            last = (mask.squeeze(-1) * positions.squeeze(-1)).argmax(1)
            found.append(states[torch.arange(len(states)), last])
    return torch.cat(found, 1)


@torch.inference_mode()
def embed(cls, folder, texts, modes, most, after=(), prompt="", include_prompt=True, lower=False, **changed):
    model, tokenizer = open_folder(cls, folder)

    def tokenize(batch):
        batch = [text.strip() for text in batch]
        batch = [text.lower() for text in batch] if lower else batch
        return tokenizer(batch, padding=True, truncation="longest_first", max_length=most, return_tensors="pt")

    encoded = tokenize([prompt + text for text in texts])
    states = model(**encoded)[0]
    mask = encoded["attention_mask"].clone()
    if prompt and not include_prompt:
        ids = tokenize([prompt])["input_ids"][0].tolist()
        mask[:, :len(ids) - (ids[-1] in tokenizer.all_special_ids)] = 0
    vectors = pool(states, mask, modes)
    for function in after:
        vectors = function(vectors)
    return group(texts, vectors.tolist(), **changed)
