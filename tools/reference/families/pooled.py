"""Folders of pooled embedders and of cross encoders, with what they answer; see embedders.py."""

import numpy as np
import torch
import transformers as hf

from families.arrays import sigmoid
from families.folders import (
    DENSE, DOCUMENTS, NAMES, POOLING, QUERIES, TRANSFORMER, WIDTH, body, draw, encode, modules, rounded, run, tensors, transformer,
    wordpiece, write)


LAYERS = "sentence_transformers.sentence_transformer.modules.weighted_layer_pooling.WeightedLayerPooling"


def pooled(mode, states, mask):
    wide = mask[..., None].astype(float)
    if mode == "cls":
        return states[np.arange(len(states)), mask.argmax(1)]
    if mode == "lasttoken":
        return states[np.arange(len(states)), mask.shape[1] - 1 - mask[:, ::-1].argmax(1)]
    if mode == "max":
        return np.where(wide == 0, -np.inf, states).max(1)
    if mode == "weightedmean":
        wide = wide * np.arange(1, mask.shape[1] + 1)[None, :, None]
    total = (states * wide).sum(1)
    return total / (np.sqrt(wide.sum(1)) if mode == "mean_sqrt_len_tokens" else wide.sum(1))


def pooling_list(folder):
    """Poolings in the order of their list, which is not that of the older keys; a weighted mean of layers before them."""
    modes = ["weightedmean", "cls", "lasttoken", "mean_sqrt_len_tokens", "max", "mean"]
    tokenizer = wordpiece(folder)
    model = body(folder, hf.BertModel, tokenizer, output_hidden_states=True)
    modules(folder, "SentenceTransformer", [
        ("", TRANSFORMER), ("1_WeightedLayerPooling", LAYERS),
        ("2_Pooling", POOLING)])
    transformer(folder)
    write(folder / "1_WeightedLayerPooling" / "config.json", {"embedding_dimension": WIDTH, "layer_start": 1, "num_hidden_layers": 2})
    weights = np.array([0.75, 2.5])
    tensors(folder / "1_WeightedLayerPooling" / "model.safetensors", layer_weights=weights)
    write(folder / "2_Pooling" / "config.json", {"embedding_dimension": WIDTH, "pooling_mode": modes, "include_prompt": True})
    encoded = encode(tokenizer, DOCUMENTS)
    with torch.no_grad():
        layers = model(**{name: torch.tensor(value) for name, value in encoded.items()}).hidden_states
    states = sum(w * layer.numpy() for w, layer in zip(weights, layers[1:])) / weights.sum()
    vectors = np.concatenate([pooled(mode, states, encoded["attention_mask"]) for mode in modes], -1)
    return {"task": "embed", "groups": [{"with": {}, "inputs": DOCUMENTS, "outputs": rounded(vectors)}]}


def dense_activations(folder):
    """A layer for each activation, one after the other, each narrower than the one before."""
    tokenizer = wordpiece(folder)
    model = body(folder, hf.BertModel, tokenizer, num_hidden_layers=1)
    parts = [("", TRANSFORMER), ("1_Pooling", POOLING)]
    transformer(folder)
    write(folder / "1_Pooling" / "config.json", {"embedding_dimension": WIDTH, "pooling_mode": "mean", "include_prompt": True})
    encoded = encode(tokenizer, DOCUMENTS)
    x = pooled("mean", run(model, encoded), encoded["attention_mask"])
    steps, width = [], WIDTH
    for i, (name, (path, function)) in enumerate(NAMES.items(), 2):
        part = folder / f"{i}_Dense"
        weight, bias, with_bias = draw(folder, width - 1, width), draw(folder, width - 1), i % 2 == 0
        write(part / "config.json", {"in_features": width, "out_features": width - 1, "bias": with_bias, "activation_function": path})
        tensors(part / "model.safetensors", **{"linear.weight": weight}, **({"linear.bias": bias} if with_bias else {}))
        x = function(x @ weight.T + (bias if with_bias else 0))
        steps.append({"activation": name, "outputs": rounded(x)})
        parts.append((part.name, DENSE))
        width -= 1
    modules(folder, "SentenceTransformer", parts)
    return {"task": "embed", "groups": [{"with": {}, "inputs": DOCUMENTS, "outputs": rounded(x)}], "steps": steps}


PAIRS = [[QUERIES[0], DOCUMENTS[0]], [QUERIES[0], DOCUMENTS[1]], [QUERIES[1], DOCUMENTS[3]], [QUERIES[2], DOCUMENTS[2]]]


def scored_pairs(folder, labels):
    tokenizer = wordpiece(folder)
    model = body(folder, hf.BertForSequenceClassification, tokenizer, num_labels=labels, num_hidden_layers=1)
    encoded = dict(tokenizer(*map(list, zip(*PAIRS)), padding=True, truncation=True, max_length=16, return_tensors="np"))
    return run(model, encoded, "logits"), encoded["input_ids"].tolist()


def cross_one(folder):
    """One label: the sigmoid unless a key of config.json says otherwise; config is what is put into it."""
    logits, ids = scored_pairs(folder, 1)
    logits = logits[:, 0]
    groups = [{"config": {}, "outputs": rounded(sigmoid(logits))}]
    for name, (path, function) in NAMES.items():
        config = {"sentence_transformers": {"version": "5.0.0", "activation_fn": path}}
        groups.append({"config": config, "outputs": rounded(function(logits))})
    old = {"sbert_ce_default_activation_function": NAMES["Identity"][0]}
    both = {**old, "sentence_transformers": {"activation_fn": NAMES["Tanh"][0]}}
    groups += [{"config": old, "outputs": rounded(logits)}, {"config": both, "outputs": rounded(np.tanh(logits))}]
    return {"task": "cross-encoder", "inputs": PAIRS, "ids": ids, "logits": rounded(logits), "groups": groups}


def cross_three(folder):
    """Three labels: the logits as they are, or the softmax where it is asked for."""
    logits, ids = scored_pairs(folder, 3)
    e = np.exp(logits - logits.max(1, keepdims=True))
    return {"task": "cross-encoder", "inputs": PAIRS, "ids": ids, "groups": [
        {"config": {}, "outputs": rounded(logits)},
        {"config": {}, "with": {"apply_softmax": True}, "outputs": rounded(e / e.sum(1, keepdims=True))}]}
