"""Folders of sparse and late-interaction embedders with what they answer, and those of pooled.py.

The bodies are tiny BERTs and an XLM-RoBERTa of transformers, in double precision; all after them is NumPy, written from the
layouts and formulas of sentence-transformers 6.0, PyLate, the Stanford ColBERT checkpoints and FlagEmbedding.
expected.json of a folder has groups: what is asked, the texts, the ids that go into the body, the numbers that come out.
"""

import json

import numpy as np
import torch
import transformers as hf
from safetensors.torch import save_file

from families.arrays import gelu
from families.folders import (
    DENSE, DOCUMENTS, MASK, NAMES, NORMALIZE, POOLING, PUNCTUATION, QUERIES, SPLADE, TRANSFORMER, WIDTH, body, draw, edit, encode,
    modules, normalized, rounded, run, tensors, transformer, unigram, wordpiece, write)
from families.golden import OUT
from families.pooled import cross_one, cross_three, dense_activations, pooled, pooling_list


# ---- Sparse embedders

def sparse(rows):
    return [{str(i): rounded(value) for i, value in enumerate(row) if value > 0} for row in rows]


def splade(model, encoded, strategy="max", activation="relu"):
    """log(1 + relu(logits)), the greatest or the sum over the tokens; hidden tokens give nothing."""
    logits = run(model, encoded, "logits") * encoded["attention_mask"][..., None]
    weights = np.log1p(np.maximum(logits, 0))
    if activation == "log1p_relu":
        weights = np.log1p(weights)
    return weights.max(1) if strategy == "max" else weights.sum(1)


def sparse_group(tokenizer, texts, vectors, **asked):
    encoded = encode(tokenizer, texts)
    return {"with": asked, "inputs": texts, "ids": encoded["input_ids"].tolist(), "mask": encoded["attention_mask"].tolist(),
            "outputs": sparse(vectors)}


def splade_max(folder):
    """The layout of sentence-transformers 5.0 to 5.3: a module for masked language models."""
    tokenizer = wordpiece(folder)
    model = body(folder, hf.BertForMaskedLM, tokenizer)
    modules(folder, "SparseEncoder", [
        ("", "sentence_transformers.sparse_encoder.models.MLMTransformer"),
        ("1_SpladePooling", "sentence_transformers.sparse_encoder.models.SpladePooling")])
    write(folder / "sentence_bert_config.json", {"max_seq_length": 16, "do_lower_case": False})
    write(folder / "1_SpladePooling" / "config.json", {
        "pooling_strategy": "max", "activation_function": "relu", "word_embedding_dimension": None})
    texts = QUERIES + DOCUMENTS + [""]
    vectors = splade(model, encode(tokenizer, texts))
    scores = rounded(vectors[:3] @ vectors[3:7].T)
    return {"task": "embed-sparse", "groups": [sparse_group(tokenizer, texts, vectors)], "scores": scores}


def splade_sum(folder):
    """The layout of 5.4 and later, DistilBERT's head, the sum, the logarithm twice."""
    tokenizer = wordpiece(folder)
    model = body(folder, hf.DistilBertForMaskedLM, tokenizer)
    modules(folder, "SparseEncoder", [("", TRANSFORMER), ("1_SpladePooling", SPLADE)])
    transformer(folder, "fill-mask")
    write(folder / "1_SpladePooling" / "config.json", {
        "pooling_strategy": "sum", "activation_function": "log1p_relu", "embedding_dimension": None})
    vectors = splade(model, encode(tokenizer, QUERIES), "sum", "log1p_relu")
    return {"task": "embed-sparse", "groups": [sparse_group(tokenizer, QUERIES, vectors)]}


def splade_plain(folder):
    """No modules.json: a masked language model asked for a sparse embedding."""
    tokenizer = wordpiece(folder)
    model = body(folder, hf.BertForMaskedLM, tokenizer, num_hidden_layers=1)
    vectors = splade(model, encode(tokenizer, DOCUMENTS))
    return {"task": "embed-sparse", "groups": [sparse_group(tokenizer, DOCUMENTS, vectors)]}


def sparse_router(folder):
    """Queries by a table of weights, without special tokens; documents by the model."""
    for part in ("query_0_SparseStaticEmbedding", "document_0_Transformer", "document_1_SpladePooling"):
        (folder / part).mkdir()
    inner = folder / "document_0_Transformer"
    tokenizer = wordpiece(inner)
    wordpiece(folder / "query_0_SparseStaticEmbedding")
    model = body(inner, hf.BertForMaskedLM, tokenizer, num_hidden_layers=1)
    modules(folder, "SparseEncoder", [("", "sentence_transformers.base.modules.router.Router")])
    transformer(inner, "fill-mask")
    write(folder / "document_1_SpladePooling" / "config.json", {"pooling_strategy": "max", "activation_function": "relu"})
    write(folder / "query_0_SparseStaticEmbedding" / "config.json", {"frozen": False})
    table = np.abs(draw(folder, len(tokenizer)))
    tensors(folder / "query_0_SparseStaticEmbedding" / "model.safetensors", weight=table)
    write(folder / "router_config.json", {
        "types": {"query_0_SparseStaticEmbedding":
                  "sentence_transformers.sparse_encoder.modules.sparse_static_embedding.SparseStaticEmbedding",
                  "document_0_Transformer": TRANSFORMER, "document_1_SpladePooling": SPLADE},
        "structure": {"query": ["query_0_SparseStaticEmbedding"],
                      "document": ["document_0_Transformer", "document_1_SpladePooling"]},
        "parameters": {"default_route": "document", "allow_empty_key": True, "route_mappings": {}}})
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in QUERIES]
    queries = np.zeros((len(QUERIES), len(tokenizer)))
    for row, found in zip(queries, ids):
        row[found] = table[found]
    documents = splade(model, encode(tokenizer, DOCUMENTS))
    return {"task": "embed-sparse", "groups": [
        {"with": {"role": "query"}, "inputs": QUERIES, "ids": ids, "outputs": sparse(queries)},
        sparse_group(tokenizer, DOCUMENTS, documents, role="document")], "scores": rounded(queries @ documents.T)}


def sparse_autoencoder(folder):
    """A pooled embedding made sparse: the k greatest of a wide layer."""
    tokenizer = wordpiece(folder)
    model = body(folder, hf.BertModel, tokenizer, num_hidden_layers=1)
    modules(folder, "SparseEncoder", [("", TRANSFORMER), ("1_Pooling", POOLING), (
        "2_SparseAutoEncoder", "sentence_transformers.sparse_encoder.modules.sparse_auto_encoder.SparseAutoEncoder")])
    transformer(folder)
    write(folder / "1_Pooling" / "config.json", {"embedding_dimension": WIDTH, "pooling_mode": "mean", "include_prompt": True})
    write(folder / "2_SparseAutoEncoder" / "config.json", {
        "input_dim": WIDTH, "hidden_dim": 23, "k": 4, "k_aux": 5, "normalize": True, "dead_threshold": 30})
    before, wide, bias = draw(folder, WIDTH), draw(folder, 23, WIDTH), draw(folder, 23)
    tensors(folder / "2_SparseAutoEncoder" / "model.safetensors", pre_bias=before, **{"encoder.weight": wide},
            latent_bias=bias, stats_last_nonzero=np.zeros(23))
    encoded = encode(tokenizer, DOCUMENTS)
    x = pooled("mean", run(model, encoded), encoded["attention_mask"])
    x = x - x.mean(-1, keepdims=True)
    x = x / (x.std(-1, ddof=1, keepdims=True) + 1e-5)
    latent = (x - before) @ wide.T + bias
    kept = np.zeros_like(latent)
    best = np.argsort(-latent, -1)[:, :4]
    np.put_along_axis(kept, best, np.take_along_axis(latent, best, -1), -1)
    return {"task": "embed-sparse", "groups": [sparse_group(tokenizer, DOCUMENTS, np.maximum(kept, 0))]}


# ---- Late interaction

def expanded(tokenizer, texts, marker, length, attend, floor=False):
    """Queries with their marker, filled with the mask token; floor: longer ones keep their length."""
    rows, longest = [], length
    for text in texts:
        found = tokenizer(text, truncation=True, max_length=(16 if floor else length) - 1)["input_ids"]
        rows.append([found[0], marker, *found[1:]])
        longest = max(longest, len(rows[-1]))
    ids, mask, scored = (np.zeros((len(rows), longest), dtype=np.int64) for _ in range(3))
    for i, row in enumerate(rows):
        ids[i, :len(row)], mask[i, :len(row)], scored[i, :len(row)] = row, 1, 1
        ids[i, len(row):length] = tokenizer.mask_token_id
        scored[i, len(row):length] = 1
        mask[i, len(row):length] = attend
    return {"input_ids": ids, "attention_mask": mask}, scored


def marked(tokenizer, texts, marker, length, skipped):
    """Documents with their marker; skipped ids give no vector."""
    rows = [tokenizer(text, truncation=True, max_length=length - 1)["input_ids"] for text in texts]
    rows = [[row[0], marker, *row[1:]] for row in rows]
    ids, mask = (np.zeros((len(rows), max(map(len, rows))), dtype=np.int64) for _ in range(2))
    for i, row in enumerate(rows):
        ids[i, :len(row)], mask[i, :len(row)] = row, 1
    return {"input_ids": ids, "attention_mask": mask}, mask * ~np.isin(ids, list(skipped))


def skipped_ids(tokenizer, words=PUNCTUATION):
    found = tokenizer.convert_tokens_to_ids(list(words))
    return {i for i in found if i != tokenizer.unk_token_id}


def maxsim(query, document):
    return (query @ document.T).max(1).sum()


def late(task, sides, mean=False):
    """Groups of queries and documents, and the score of each pair."""
    groups, vectors = [], []
    for role, texts, (encoded, scored), values in sides:
        kept = [normalized(row[keep == 1]) for row, keep in zip(values, scored)]
        vectors.append(kept)
        groups.append({"with": {"role": role}, "inputs": texts, "ids": encoded["input_ids"].tolist(),
                       "mask": encoded["attention_mask"].tolist(), "scored": scored.tolist(), "outputs": [rounded(v) for v in kept]})
    scores = [[maxsim(q, d) / (len(q) if mean else 1) for d in vectors[1]] for q in vectors[0]]
    return {"task": task, "groups": groups, "scores": rounded(scores)}


def colbert_stanford(folder):
    """The checkpoints of the ColBERT authors: one linear layer in the model's file, artifact.metadata."""
    tokenizer = wordpiece(folder)
    model = body(folder, hf.BertModel, tokenizer)
    linear = draw(folder, 5, WIDTH).astype(np.float16).astype(float)
    state = {"bert." + name: value.half().contiguous() for name, value in model.state_dict().items()}
    save_file({**state, "linear.weight": torch.tensor(linear).half()}, folder / "model.safetensors", metadata={"format": "pt"})
    edit(folder / "config.json", architectures=["HF_ColBERT"])
    write(folder / "artifact.metadata", {
        "query_token_id": "[unused0]", "doc_token_id": "[unused1]", "query_token": "[Q]", "doc_token": "[D]", "query_maxlen": 11,
        "doc_maxlen": 9, "dim": 5, "similarity": "cosine", "mask_punctuation": True, "attend_to_mask_tokens": False})
    queries = expanded(tokenizer, QUERIES, 5, 11, 0)
    documents = marked(tokenizer, DOCUMENTS, 6, 9, skipped_ids(tokenizer))
    return late("embed-tokens", [
        ("query", QUERIES, queries, run(model, queries[0]) @ linear.T),
        ("document", DOCUMENTS, documents, run(model, documents[0]) @ linear.T)])


def colbert_pylate(folder):
    """PyLate's layout: markers with a space as added tokens, lengths in config_sentence_transformers.json."""
    tokenizer = wordpiece(folder, ("[Q] ", "[D] "))
    model = body(folder, hf.BertModel, tokenizer, num_hidden_layers=1)
    linear = draw(folder, 7, WIDTH)
    modules(folder, None, [("", "sentence_transformers.models.Transformer"), ("1_Dense", "pylate.models.Dense.Dense")],
            similarity_fn_name="MaxSim", query_prefix="[Q] ", document_prefix="[D] ", query_length=10, document_length=9,
            attend_to_expansion_tokens=False, skiplist_words=[".", "!", "of"], do_query_expansion=True)
    edit(folder / "config_sentence_transformers.json", similarity_fn_name="MaxSim")
    config = json.loads((folder / "config_sentence_transformers.json").read_text())
    del config["model_type"]
    write(folder / "config_sentence_transformers.json", config)
    write(folder / "sentence_bert_config.json", {"max_seq_length": 16, "do_lower_case": False})
    write(folder / "1_Dense" / "config.json", {
        "in_features": WIDTH, "out_features": 7, "bias": False, "activation_function": NAMES["Identity"][0]})
    tensors(folder / "1_Dense" / "model.safetensors", **{"linear.weight": linear})
    markers = tokenizer.convert_tokens_to_ids(["[Q] ", "[D] "])
    queries = expanded(tokenizer, QUERIES, markers[0], 10, 0)
    documents = marked(tokenizer, DOCUMENTS, markers[1], 9, skipped_ids(tokenizer, [".", "!", "of"]))
    return late("embed-tokens", [
        ("query", QUERIES, queries, run(model, queries[0]) @ linear.T),
        ("document", DOCUMENTS, documents, run(model, documents[0]) @ linear.T)])


def multi_vector(folder):
    """sentence-transformers' own layout: a residual layer, at least eight query tokens that see each other, mean of MaxSim."""
    tokenizer = wordpiece(folder, ("[Q] ", "[D] "))
    model = body(folder, hf.BertModel, tokenizer, num_hidden_layers=1)
    weight, bias, residual = draw(folder, 7, WIDTH), draw(folder, 7), draw(folder, WIDTH, 7).T
    modules(folder, "MultiVectorEncoder", [("", TRANSFORMER), ("1_Dense", DENSE), ("2_MultiVectorMask", MASK), ("3_Normalize", NORMALIZE)],
            {"query": "[Q] ", "document": "[D] "}, similarity_fn_name="meanmaxsim")
    transformer(folder, document_length=9, query_expansion={"strategy": "min", "attend": True, "token": None, "length": 8})
    write(folder / "1_Dense" / "config.json", {
        "in_features": WIDTH, "out_features": 7, "bias": True, "activation_function": NAMES["GELU"][0],
        "module_input_name": "token_embeddings", "module_output_name": "token_embeddings", "use_residual": True})
    tensors(folder / "1_Dense" / "model.safetensors", **{"linear.weight": weight, "linear.bias": bias, "residual.weight": residual})
    write(folder / "2_MultiVectorMask" / "config.json", {
        "skiplist_words": [",", "!"], "skiplist_tasks": ["query", "document"], "keep_only_token_ids": None})
    write(folder / "3_Normalize" / "config.json", {"module_input_name": "token_embeddings", "module_output_name": "token_embeddings"})
    markers, skipped = tokenizer.convert_tokens_to_ids(["[Q] ", "[D] "]), skipped_ids(tokenizer, [",", "!"])
    queries, scored = expanded(tokenizer, QUERIES, markers[0], 8, 1, floor=True)
    queries = queries, scored * ~np.isin(queries["input_ids"], list(skipped))
    documents = marked(tokenizer, DOCUMENTS, markers[1], 9, skipped)
    project = lambda x: gelu(x @ weight.T + bias) + x @ residual.T
    return late("embed-tokens", [
        ("query", QUERIES, queries, project(run(model, queries[0]))),
        ("document", DOCUMENTS, documents, project(run(model, documents[0])))], mean=True)


def bge_m3(folder):
    """Dense, sparse and token vectors of one model: sparse_linear.pt, colbert_linear.pt."""
    tokenizer = unigram(folder)
    model = body(folder, hf.XLMRobertaModel, tokenizer, pad_token_id=1, bos_token_id=0, eos_token_id=2, type_vocab_size=1)
    one, each = draw(folder, 1, WIDTH), draw(folder, WIDTH, WIDTH)
    one_bias, each_bias = np.array([0.3]), draw(folder, WIDTH)
    for name, weight, bias in (("sparse_linear.pt", one, one_bias), ("colbert_linear.pt", each, each_bias)):
        torch.save({"weight": torch.tensor(weight).float(), "bias": torch.tensor(bias).float()}, folder / name)
    modules(folder, "SentenceTransformer", [
        ("", "sentence_transformers.models.Transformer"), ("1_Pooling", "sentence_transformers.models.Pooling"),
        ("2_Normalize", "sentence_transformers.models.Normalize")])
    write(folder / "sentence_bert_config.json", {"max_seq_length": 16, "do_lower_case": False})
    write(folder / "1_Pooling" / "config.json", {
        "word_embedding_dimension": WIDTH, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False,
        "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False})
    groups = []
    for role, texts in (("query", QUERIES), ("document", DOCUMENTS)):
        encoded = encode(tokenizer, texts)
        states = run(model, encoded)
        weights = np.maximum(states @ one.T + np.float32(one_bias), 0)[..., 0]
        words, vectors = [], []
        for ids, mask, row, state in zip(encoded["input_ids"], encoded["attention_mask"], weights, states):
            found = {}
            for i, weight in zip(ids, row):
                if i not in (0, 1, 2, 3) and weight > found.get(i, 0):
                    found[int(i)] = weight
            words.append({str(i): rounded(w) for i, w in sorted(found.items())})
            vectors.append(normalized(state[1:mask.sum()] @ each.T + each_bias))
        groups.append({"with": {"role": role}, "inputs": texts, "ids": encoded["input_ids"].tolist(),
                       "mask": encoded["attention_mask"].tolist(), "dense": rounded(normalized(states[:, 0])), "sparse": words,
                       "tokens": [rounded(v) for v in vectors]})
    queries, documents = groups
    pairs = [(q, d) for q in range(len(QUERIES)) for d in range(len(DOCUMENTS))]
    scores = {
        "dense": [np.dot(queries["dense"][q], documents["dense"][d]) for q, d in pairs],
        "sparse": [sum(w * documents["sparse"][d].get(i, 0) for i, w in queries["sparse"][q].items()) for q, d in pairs],
        "tokens": [maxsim(np.array(queries["tokens"][q]), np.array(documents["tokens"][d])) / len(queries["tokens"][q])
                   for q, d in pairs]}
    return {"task": "embed-three", "groups": groups, "scores": {
        name: rounded(np.reshape(values, (len(QUERIES), -1))) for name, values in scores.items()}}


FOLDERS = {
    "embedder_" + make.__name__: make for make in (
        splade_max, splade_sum, splade_plain, sparse_router, sparse_autoencoder, colbert_stanford, colbert_pylate, multi_vector,
        bge_m3, pooling_list, dense_activations, cross_one, cross_three)}


def make(name):
    folder = OUT / name
    folder.mkdir(parents=True)
    expected = FOLDERS[name](folder)
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False) + "\n")
    print(f"{name}: {sum(path.stat().st_size for path in folder.rglob('*') if path.is_file())} bytes")
