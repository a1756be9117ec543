"""Cases of NomicBERT, GTE and JinaBERT v2, which transformers 4.57 does not have: encoders.py computes what is expected.

Tensor names and config keys are those of the published repositories. Tensors are drawn by the case's name and kept in
half precision; what is expected comes from these values in double precision.
"""

import json
import zlib

import numpy as np
import torch
from safetensors.numpy import save_file

from families import encoders
from families.arrays import cross_entropy, sequence_loss
from families.golden import OUT, write_case

NOMIC = dict(
    activation_function="swiglu", causal=False, dense_seq_output=True, layer_norm_epsilon=1e-12, max_trained_positions=2048,
    mlp_fc1_bias=False, mlp_fc2_bias=False, model_type="nomic_bert", n_embd=12, n_head=3, n_inner=10, n_layer=2,
    n_positions=8192, pad_vocab_size_multiple=1, parallel_block=False, prenorm=False, qkv_proj_bias=False,
    rotary_emb_base=1000, rotary_emb_fraction=1.0, rotary_emb_interleaved=False, rotary_emb_scale_base=None,
    rotary_scaling_factor=None, type_vocab_size=2, use_flash_attn=True, use_rms_norm=False, vocab_size=37,
    auto_map={"AutoConfig": "nomic-ai/nomic-bert-2048--configuration_hf_nomic_bert.NomicBertConfig",
              "AutoModel": "nomic-ai/nomic-bert-2048--modeling_hf_nomic_bert.NomicBertModel"})
GTE = dict(
    hidden_act="gelu", hidden_size=12, intermediate_size=10, layer_norm_eps=1e-12, layer_norm_type="layer_norm",
    logn_attention_clip1=False, logn_attention_scale=False, max_position_embeddings=18, model_type="new",
    num_attention_heads=3, num_hidden_layers=2, pack_qkv=True, pad_token_id=0, position_embedding_type="rope",
    rope_scaling=None, rope_theta=500000, type_vocab_size=0, unpad_inputs=False, use_memory_efficient_attention=False,
    vocab_size=37,
    auto_map={"AutoConfig": "Alibaba-NLP/new-impl--configuration.NewConfig",
              "AutoModel": "Alibaba-NLP/new-impl--modeling.NewModel"})
JINA = dict(
    _name_or_path="jinaai/jina-bert-implementation", emb_pooler="mean", feed_forward_type="geglu", hidden_act="gelu",
    hidden_size=12, intermediate_size=10, layer_norm_eps=1e-12, max_position_embeddings=8192, model_type="bert",
    num_attention_heads=3, num_hidden_layers=2, pad_token_id=0, position_embedding_type="alibi", type_vocab_size=2,
    vocab_size=37,
    auto_map={"AutoConfig": "jinaai/jina-bert-implementation--configuration_bert.JinaBertConfig",
              "AutoModel": "jinaai/jina-bert-implementation--modeling_bert.JinaBertModel"})
QK_NORM = dict(
    _name_or_path="jinaai/jina-bert-v2-qk-post-norm",
    auto_map={"AutoConfig": "jinaai/jina-bert-v2-qk-post-norm--configuration_bert.JinaBertConfig",
              "AutoModel": "jinaai/jina-bert-v2-qk-post-norm--modeling_bert.JinaBertModel"})


def linear(name, inputs, outputs, bias=True):
    return {name + ".weight": (outputs, inputs), **({name + ".bias": (outputs,)} if bias else {})}


def norm(name, width, bias=True):
    return {name + ".weight": (width,), **({name + ".bias": (width,)} if bias else {})}


def nomic_shapes(c):
    width, inner = c["n_embd"], c["n_inner"]
    words = -(-c["vocab_size"] // c["pad_vocab_size_multiple"]) * c["pad_vocab_size_multiple"]
    shapes = {"embeddings.word_embeddings.weight": (words, width),
              "embeddings.token_type_embeddings.weight": (c["type_vocab_size"], width), **norm("emb_ln", width)}
    for i in range(c["n_layer"]):
        layer, mlp = f"encoder.layers.{i}.", f"encoder.layers.{i}.mlp."
        shapes |= linear(layer + "attn.Wqkv", width, 3 * width, c["qkv_proj_bias"])
        shapes |= linear(layer + "attn.out_proj", width, width, c["qkv_proj_bias"])
        shapes |= norm(layer + "norm1", width) | norm(layer + "norm2", width)
        every = c.get("moe_every_n_layers") or 0
        if every and i % every == 1:
            shapes |= linear(mlp + "router.layer", width, c["num_experts"], False)
            shapes |= {mlp + "experts.mlp." + name: (c["num_experts"] * inner, width) for name in ("w1", "w2")}
            shapes |= {mlp + "experts.bias": (width,)}
            continue
        for name in ("fc11", "fc12") if c["activation_function"].endswith("glu") else ("fc1",):
            shapes |= linear(mlp + name, width, inner, c["mlp_fc1_bias"])
        shapes |= linear(mlp + "fc2", inner, width, c["mlp_fc2_bias"])
    return shapes


def gte_shapes(c):
    width, inner, plain = c["hidden_size"], c["intermediate_size"], c["layer_norm_type"] == "layer_norm"
    shapes = {"embeddings.word_embeddings.weight": (c["vocab_size"], width), **norm("embeddings.LayerNorm", width)}
    if c["type_vocab_size"]:
        shapes["embeddings.token_type_embeddings.weight"] = (c["type_vocab_size"], width)
    if c["position_embedding_type"] == "absolute":
        shapes["embeddings.position_embeddings.weight"] = (c["max_position_embeddings"], width)
    for i in range(c["num_hidden_layers"]):
        layer = f"encoder.layer.{i}."
        names = {"qkv_proj": 3 * width} if c["pack_qkv"] else {f"{name}_proj": width for name in "qkv"}
        for name, outputs in {**names, "o_proj": width}.items():
            shapes |= linear(layer + "attention." + name, width, outputs)
        shapes |= norm(layer + "attn_ln", width, plain) | norm(layer + "mlp_ln", width, plain)
        shapes |= linear(layer + "mlp.up_gate_proj", width, 2 * inner, False) | linear(layer + "mlp.down_proj", inner, width)
    return shapes


def jina_shapes(c):
    width, inner, later = c["hidden_size"], c["intermediate_size"], "qk-post-norm" in c["_name_or_path"]
    shapes = {"embeddings.word_embeddings.weight": (c["vocab_size"], width),
              "embeddings.token_type_embeddings.weight": (c["type_vocab_size"], width), **norm("embeddings.LayerNorm", width)}
    for i in range(c["num_hidden_layers"]):
        layer = f"encoder.layer.{i}."
        for name in ("self.query", "self.key", "self.value", "output.dense"):
            shapes |= linear(layer + "attention." + name, width, width)
        norms = ["attention.output.LayerNorm"]
        if later:
            norms += ["attention.self.layer_norm_q", "attention.self.layer_norm_k", "layer_norm_1", "layer_norm_2"]
            shapes |= linear(layer + "mlp.up_gated_layer", width, 2 * inner, False)
            shapes |= linear(layer + "mlp.down_layer", inner, width)
        elif c["feed_forward_type"] == "original":
            norms += ["output.LayerNorm"]
            shapes |= linear(layer + "intermediate.dense", width, inner) | linear(layer + "output.dense", inner, width)
        else:
            norms += ["mlp.layernorm"]
            shapes |= linear(layer + "mlp.gated_layers", width, 2 * inner, False) | linear(layer + "mlp.wo", inner, width)
        for name in norms:
            shapes |= norm(layer + name, width)
    return shapes


FAMILIES = {
    "nomic": ("nomic_bert", NOMIC, nomic_shapes, encoders.nomic, "bert.", "NomicBert"),
    "gte": ("new", GTE, gte_shapes, encoders.gte, "new.", "New"),
    "jina": ("jina_bert", JINA, jina_shapes, encoders.jina, "bert.", "JinaBert"),
}


def head_shapes(family, head, width, c):
    """The tensors of a head, by its own names."""
    if head == "mlm" and family == "gte":
        return linear("lm_head.dense", width, width) | norm("lm_head.norm", width) | {"lm_head.decoder.bias": (c["vocab_size"],)}
    if head == "mlm" and family == "nomic":
        shapes = linear("cls.predictions.transform.dense", width, width, c["mlp_fc1_bias"])
        shapes |= norm("cls.predictions.transform.layer_norm", width)
        return shapes | ({"cls.predictions.decoder.bias": (c["vocab_size"],)} if c["mlp_fc1_bias"] else {})
    if head == "mlm":
        shapes = linear("cls.predictions.transform.dense", width, width) | norm("cls.predictions.transform.LayerNorm", width)
        return shapes | {"cls.predictions.bias": (c["vocab_size"],)}
    if head in ("seqcls", "choice"):
        prefix = FAMILIES[family][4]
        return linear(prefix + "pooler.dense", width, width) | linear("classifier", width, c.get("num_labels", 1))
    return linear("classifier" if head == "tokencls" else "qa_outputs", width, c["num_labels"])


def masked_lm(family, c, weights, prefix, x):
    names = {
        "gte": ("lm_head.dense", "lm_head.norm", "lm_head.decoder.bias"),
        "nomic": ("cls.predictions.transform.dense", "cls.predictions.transform.layer_norm", "cls.predictions.decoder.bias"),
        "jina": ("cls.predictions.transform.dense", "cls.predictions.transform.LayerNorm", "cls.predictions.bias"),
    }[family]
    act = encoders.ACTIVATIONS[c["hidden_act"]] if family != "nomic" else (
        encoders.silu if c["activation_function"] == "swiglu" else encoders.gelu)
    eps = c.get("layer_norm_eps", c.get("layer_norm_epsilon"))
    x = weights.norm(names[1], act(weights.linear(names[0], x)), eps)
    logits = x @ weights[prefix + "embeddings.word_embeddings.weight"].T
    return logits + weights[names[2]] if weights.has(names[2]) else logits


def answer(family, head, c, weights, prefix, x, inputs):
    """What the head makes of the last hidden state x; the loss if there are labels."""
    if head == "body":
        return {"last_hidden_state": x}
    if head == "mlm":
        logits, loss = masked_lm(family, c, weights, prefix, x), cross_entropy
    elif head in ("seqcls", "choice"):
        logits = weights.linear("classifier", np.tanh(weights.linear(prefix + "pooler.dense", x[:, 0])))
        logits, loss = (logits, sequence_loss) if head == "seqcls" else (logits.reshape(2, -1), cross_entropy)
    elif head == "tokencls":
        logits, loss = weights.linear("classifier", x), cross_entropy
    else:
        logits = weights.linear("qa_outputs", x)
        return {"start_logits": logits[..., 0], "end_logits": logits[..., 1]}
    labels = inputs.get("labels")
    return {**({} if labels is None else {"loss": np.array(loss(logits, labels))}), "logits": logits}


HEADS = {
    "body": "Model", "mlm": "ForMaskedLM", "seqcls": "ForSequenceClassification", "tokencls": "ForTokenClassification",
    "qa": "ForQuestionAnswering", "choice": "ForMultipleChoice"}


def draw(rng, shapes):
    tensors = {}
    for name, shape in shapes.items():
        gain = name.endswith("weight") and len(shape) == 1
        tensors[name] = (rng.standard_normal(shape) * 0.3 + gain).astype(np.float16)
    return tensors


def compute(family, head, c, tensors, prefix, inputs, states):
    _, _, _, forward, _, _ = FAMILIES[family]
    wide = encoders.Weights({name: value.astype(np.float64) for name, value in tensors.items()})
    body = {name: value.reshape(-1, *value.shape[2:]) if head == "choice" and name != "labels" else value
            for name, value in inputs.items()}
    hidden, attentions = forward(c, encoders.Weights(wide.tensors, prefix), body)
    expected = answer(family, head, c, wide, prefix, hidden[-1], inputs)
    if states:
        expected |= {f"hidden_states.{i}": x for i, x in enumerate(hidden)}
        expected |= {f"attentions.{i}": x for i, x in enumerate(attentions)}
    return expected


def make(name, head, config, inputs, states=False, notes=""):
    family = name.partition("_")[0]
    model_type, base, shapes, _, prefix, classes = FAMILIES[family]
    architecture = classes + HEADS[head]
    if family == "nomic" and head == "mlm":
        architecture = "NomicBertForPreTraining"
    c = {**base, **config}
    folder = OUT / name
    folder.mkdir(parents=True)
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    prefix = "" if head == "body" else prefix
    named = {prefix + key: shape for key, shape in shapes(c).items()}
    width = c.get("hidden_size", c.get("n_embd"))
    tensors = draw(rng, named | (head_shapes(family, head, width, c) if head != "body" else {}))
    inputs = inputs(rng)
    expected = compute(family, head, c, tensors, prefix, inputs, states)
    written = {**c, "architectures": [architecture], "torch_dtype": "float16"}
    labels = written.pop("num_labels", None)
    if labels:
        written["id2label"] = {str(i): f"LABEL_{i}" for i in range(labels)}
    (folder / "config.json").write_text(json.dumps(written, indent=1, sort_keys=True) + "\n")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    single = {key: torch.tensor(np.ascontiguousarray(value, dtype=np.float32)) for key, value in expected.items()}
    double = {key: torch.tensor(np.ascontiguousarray(value)) for key, value in expected.items()}
    write_case(
        folder, {key: torch.tensor(value) for key, value in inputs.items()}, single, double, least=5e-5, family=model_type,
        architecture=architecture, mode="forward",
        options={"output_hidden_states": True, "output_attentions": True} if states else {}, notes=notes,
        weights=["model.safetensors"])
    print(f"{name}: {len(expected)} outputs")


def inputs(tokens, batch=2, padded=False, left=False, types=0, **others):
    """Ids of these shapes, with a mask whose row r hides 2r tokens, types, and what others make."""
    def make_inputs(rng):
        made = {"input_ids": rng.integers(5, 37, (batch, tokens))}
        if padded:
            index, hidden = np.arange(tokens), 2 * np.arange(batch)[:, None]
            made["attention_mask"] = (index >= hidden if left else index < tokens - hidden).astype(np.int64)
        if types:
            made["token_type_ids"] = rng.integers(0, types, (batch, tokens))
        return made | {name: other(rng) for name, other in others.items()}
    return make_inputs


def labels(*shape, limit, gaps=False):
    def make_labels(rng):
        made = rng.integers(0, limit, shape)
        if gaps:
            made[..., ::3] = -100
        return made
    return make_labels


def choices(rng):
    mask = np.ones((2, 3, 8), dtype=np.int64)
    mask[1, :, 6:] = 0
    return {"input_ids": rng.integers(5, 37, (2, 3, 8)), "attention_mask": mask, "labels": rng.integers(0, 3, 2)}


def heads(family, names, **one):
    if "mlm" in names:
        yield f"{family}_mlm", "mlm", one, inputs(9, padded=True, labels=labels(2, 9, limit=37, gaps=True))
    if "seqcls" in names:
        yield f"{family}_seqcls", "seqcls", dict(one, num_labels=7), inputs(9, 3, padded=True, labels=labels(3, limit=7))
        yield f"{family}_seqcls_regression", "seqcls", dict(one, num_labels=1), inputs(
            8, 3, labels=lambda rng: rng.standard_normal(3).astype(np.float32))
    if "tokencls" in names:
        yield f"{family}_tokencls", "tokencls", dict(one, num_labels=7), inputs(
            9, padded=True, labels=labels(2, 9, limit=7, gaps=True))
    if "qa" in names:
        yield f"{family}_qa", "qa", dict(one, num_labels=2), inputs(9)
    if "choice" in names:
        yield f"{family}_multichoice", "choice", one, choices


def nomic_cases():
    one = dict(n_layer=1)
    yield "nomic_states", "body", {}, inputs(13, padded=True, types=2), True
    yield "nomic_left", "body", one, inputs(9, 3, padded=True, left=True), True, "padding does not move positions"
    yield "nomic_interleaved", "body", dict(one, rotary_emb_interleaved=True, rotary_emb_base=77), inputs(9, 1), True
    yield "nomic_half_rotated", "body", dict(one, n_embd=24, rotary_emb_fraction=0.5), inputs(9, 1), True
    yield "nomic_geglu_biases", "body", dict(
        one, activation_function="geglu", mlp_fc1_bias=True, mlp_fc2_bias=True, qkv_proj_bias=True, layer_norm_epsilon=0.1), inputs(9)
    yield "nomic_plain_gelu", "body", dict(one, activation_function="gelu", mlp_fc1_bias=True, mlp_fc2_bias=True), inputs(9)
    yield "nomic_dynamic_ntk", "body", dict(one, rotary_scaling_factor=2, max_trained_positions=8), inputs(13, padded=True), True, (
        "13 tokens, trained for 8: the base grows with the longest row")
    yield "nomic_padded_vocabulary", "body", dict(one, vocab_size=33, pad_vocab_size_multiple=16), inputs(9), False, (
        "the table has 48 rows; the published repositories write the padded size into vocab_size")
    yield "nomic_experts", "body", dict(
        n_layer=4, activation_function="gelu", mlp_fc1_bias=True, mlp_fc2_bias=True, qkv_proj_bias=True, moe_every_n_layers=2,
        moe_top_k=2, num_experts=5), inputs(9), False, "layers 1 and 3 are mixtures of experts, as in nomic-embed-text-v2-moe"
    yield "nomic_embeds", "body", one, lambda rng: {
        "inputs_embeds": rng.standard_normal((2, 8, 12)).astype(np.float32), "position_ids": rng.permutation(18)[None, :8]}, True
    yield from heads("nomic", ("mlm", "seqcls", "tokencls"), **one)


def gte_cases():
    one = dict(num_hidden_layers=1)
    yield "gte_states", "body", dict(type_vocab_size=2), inputs(13, padded=True, types=2), True
    yield "gte_ntk", "body", dict(one, rope_scaling=dict(type="ntk", factor=2.0)), inputs(9, 1), True
    yield "gte_ntk_mixed", "body", dict(one, rope_scaling=dict(type="ntk", factor=3.0, mixed_b=0.6)), inputs(9, 1), True
    yield "gte_absolute", "body", dict(one, position_embedding_type="absolute"), inputs(
        9, position_ids=lambda rng: rng.permutation(18)[None, :9]), True
    yield "gte_unpacked", "body", dict(one, pack_qkv=False, hidden_act="silu"), inputs(9)
    yield "gte_rms_norm", "body", dict(one, layer_norm_type="rms_norm", layer_norm_eps=1e-3), inputs(9)
    yield "gte_logn", "body", dict(one, logn_attention_scale=True), inputs(
        19, 3, padded=True), False, "one row is longer than the limit: above 1"
    yield "gte_logn_clipped", "body", dict(one, logn_attention_scale=True, logn_attention_clip1=True), inputs(19, 3, padded=True)
    yield "gte_positions", "body", one, lambda rng: {
        "inputs_embeds": rng.standard_normal((2, 8, 12)).astype(np.float32), "position_ids": rng.permutation(18)[None, :8]}, True
    yield from heads("gte", ("mlm", "seqcls", "tokencls", "qa", "choice"), **one)


def jina_cases():
    one = dict(num_hidden_layers=1)
    yield "jina_states", "body", {}, inputs(13, padded=True, types=2), True
    yield "jina_six_heads", "body", dict(one, num_attention_heads=6), inputs(9, 1), True, "slopes of 4 heads and every other one of 8"
    yield "jina_reglu", "body", dict(one, feed_forward_type="reglu", layer_norm_eps=0.1), inputs(9)
    yield "jina_original", "body", dict(one, feed_forward_type="original", hidden_act="relu"), inputs(9)
    yield "jina_qk_norm", "body", QK_NORM, inputs(13, padded=True, types=2), False, "the variant of jina-embeddings-v2-base-code"
    yield "jina_qk_norm_reglu", "body", dict(one, **QK_NORM, feed_forward_type="reglu"), inputs(9)
    yield from heads("jina", ("mlm", "seqcls", "tokencls", "qa"), **one)


def cases():
    yield from nomic_cases()
    yield from gte_cases()
    yield from jina_cases()
