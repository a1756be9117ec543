"""NomicBERT, GTE ("new") and JinaBERT v2: forward passes in NumPy, in double precision.

Written from published descriptions: the original papers, the repositories' config keys and tensor names. weights maps a
tensor's name without prefix to its values. The result is what a body gives: hidden states and attentions, layer by layer.
"""

import math

import numpy as np

from families.arrays import (
    ACTIVATIONS, alibi, attend, frequencies, gelu, layer_norm, relu, rms_norm, rotate, sigmoid, silu, softmax, split_heads)


class Weights:
    """Tensors by name, with the layers that read them."""

    def __init__(self, tensors, prefix=""):
        self.tensors = tensors
        self.prefix = prefix

    def __getitem__(self, name):
        return self.tensors[self.prefix + name]

    def below(self, name):
        return Weights(self.tensors, self.prefix + name + ".")

    def has(self, name):
        return self.prefix + name in self.tensors

    def linear(self, name, x):
        y = x @ self[name + ".weight"].T
        return y + self[name + ".bias"] if self.has(name + ".bias") else y

    def norm(self, name, x, eps):
        return layer_norm(x, self[name + ".weight"], self[name + ".bias"], eps)


def embedded(weights, inputs):
    words = inputs.get("inputs_embeds")
    return weights["embeddings.word_embeddings.weight"][inputs["input_ids"]] if words is None else words


def typed(weights, inputs, words):
    """Adds the embedding of the token's type, 0 where none is given."""
    types = inputs.get("token_type_ids", np.zeros(words.shape[:2], dtype=int))
    return words + weights["embeddings.token_type_embeddings.weight"][types]


def places(inputs, words):
    batch, tokens = words.shape[:2]
    return np.broadcast_to(inputs.get("position_ids", np.arange(tokens)[None]), (batch, tokens)).astype(float)


def nomic(config, weights, inputs):
    """NomicBERT: type embeddings, a rotation of queries and keys, SwiGLU, norms after each half."""
    eps, heads = config["layer_norm_epsilon"], config["n_head"]
    words = embedded(weights, inputs)
    x = weights.norm("emb_ln", typed(weights, inputs, words), eps)
    size = config["n_embd"] // heads
    turned = int(size * config["rotary_emb_fraction"])
    base, tokens, trained = config["rotary_emb_base"], x.shape[1], config.get("max_trained_positions", 2048)
    factor = config.get("rotary_scaling_factor")
    if factor and tokens > trained:  # dynamic NTK, by the longest row of the batch
        base *= (factor * tokens / trained - (factor - 1)) ** (turned / (turned - 2))
    radians, positions = frequencies(base, turned), places(inputs, words)
    states, attentions = [x], []
    for i in range(config["n_layer"]):
        layer = weights.below(f"encoder.layers.{i}")
        q, k, v = (split_heads(part, heads) for part in np.split(layer.linear("attn.Wqkv", x), 3, axis=-1))
        q, k = (rotate(part, positions, radians, config["rotary_emb_interleaved"]) for part in (q, k))
        context, probabilities = attend(q, k, v, inputs.get("attention_mask"))
        x = layer.norm("norm1", x + layer.linear("attn.out_proj", context), eps)
        x = layer.norm("norm2", x + nomic_feed_forward(config, layer.below("mlp"), i, x), eps)
        states.append(x)
        attentions.append(probabilities)
    return states, attentions


def nomic_feed_forward(config, mlp, layer, x):
    kind = config["activation_function"]
    every = config.get("moe_every_n_layers") or 0
    if every and layer % every == 1:
        return experts(config, mlp, x)
    if kind in ("swiglu", "geglu", "glu"):
        gate = {"swiglu": silu, "geglu": gelu, "glu": sigmoid}[kind]
        return mlp.linear("fc2", mlp.linear("fc11", x) * gate(mlp.linear("fc12", x)))
    return mlp.linear("fc2", gelu(mlp.linear("fc1", x)))


def experts(config, mlp, x):
    """The best experts of each token, by their share among all; one bias for their sum."""
    count, inner = config["num_experts"], config["n_inner"]
    shares = softmax(mlp.linear("router.layer", x))
    best = np.argsort(-shares, axis=-1)[..., :config["moe_top_k"]]
    kept = np.zeros_like(shares)
    np.put_along_axis(kept, best, np.take_along_axis(shares, best, -1), -1)
    first = mlp["experts.mlp.w1"].reshape(count, inner, -1)
    second = mlp["experts.mlp.w2"].reshape(count, inner, -1)
    each = [gelu(x @ first[e].T) @ second[e] * kept[..., e:e + 1] for e in range(count)]
    return sum(each) + mlp["experts.bias"]


def gte_radians(config):
    """Radians per position; rope_scaling of type ntk widens the base, or each pair by its own amount."""
    size = config["hidden_size"] // config["num_attention_heads"]
    scaling = config.get("rope_scaling")
    if not scaling or scaling["factor"] <= 1:
        return frequencies(config["rope_theta"], size)
    factor, mixed = scaling["factor"], scaling.get("mixed_b")
    if mixed is None:
        return frequencies(config["rope_theta"] * factor, size) / factor ** (2 / size)
    amount = math.log(factor) / (size / 2) ** mixed
    return frequencies(config["rope_theta"], size) / np.exp(amount * np.arange(1, size // 2 + 1) ** mixed)


def gte(config, weights, inputs):
    """GTE: rotary or absolute positions, a gated feed-forward, norms after each half."""
    eps, heads, inner = config["layer_norm_eps"], config["num_attention_heads"], config["intermediate_size"]
    words = embedded(weights, inputs)
    positions = places(inputs, words)
    x = typed(weights, inputs, words) if config["type_vocab_size"] > 0 else words
    rotary = config["position_embedding_type"] == "rope"
    if not rotary:
        x = x + weights["embeddings.position_embeddings.weight"][positions.astype(int)]
    x = weights.norm("embeddings.LayerNorm", x, eps)
    mask = inputs.get("attention_mask", np.ones(words.shape[:2]))
    scale = 1.0
    if config.get("logn_attention_scale"):
        scale = np.log(mask.sum(1)) / math.log(config["max_position_embeddings"])
        scale = (np.minimum(scale, 1) if config.get("logn_attention_clip1") else scale)[:, None, None, None]
    radians = gte_radians(config) if rotary else None
    states, attentions = [x], []
    for i in range(config["num_hidden_layers"]):
        layer = weights.below(f"encoder.layer.{i}")
        if config.get("pack_qkv", True):
            parts = np.split(layer.linear("attention.qkv_proj", x), 3, axis=-1)
        else:
            parts = [layer.linear(f"attention.{name}_proj", x) for name in "qkv"]
        q, k, v = (split_heads(part, heads) for part in parts)
        if rotary:
            q, k = rotate(q, positions, radians), rotate(k, positions, radians)
        context, probabilities = attend(q * scale, k, v, mask)
        x = gte_norm(config, layer, "attn_ln", x + layer.linear("attention.o_proj", context))
        up, gate = np.split(layer.linear("mlp.up_gate_proj", x), [inner], axis=-1)
        x = gte_norm(config, layer, "mlp_ln", x + layer.linear("mlp.down_proj", ACTIVATIONS[config["hidden_act"]](gate) * up))
        states.append(x)
        attentions.append(probabilities)
    return states, attentions


def gte_norm(config, layer, name, x):
    if config.get("layer_norm_type", "layer_norm") == "rms_norm":
        return rms_norm(x, layer[name + ".weight"], config["layer_norm_eps"])
    return layer.norm(name, x, config["layer_norm_eps"])


def jina(config, weights, inputs):
    """JinaBERT v2: BERT with biases that grow with the distance and a gated feed-forward."""
    eps, heads, inner = config["layer_norm_eps"], config["num_attention_heads"], config["intermediate_size"]
    words = embedded(weights, inputs)
    x = weights.norm("embeddings.LayerNorm", typed(weights, inputs, words), eps)
    bias = alibi(heads, x.shape[1])
    later = "qk-post-norm" in config["_name_or_path"]
    states, attentions = [x], []
    for i in range(config["num_hidden_layers"]):
        layer = weights.below(f"encoder.layer.{i}")
        q, k, v = (layer.linear("attention.self." + name, x) for name in ("query", "key", "value"))
        if later:
            q = layer.norm("attention.self.layer_norm_q", q, eps)
            k = layer.norm("attention.self.layer_norm_k", k, eps)
        context, probabilities = attend(*(split_heads(part, heads) for part in (q, k, v)), inputs.get("attention_mask"), bias)
        after = x + layer.linear("attention.output.dense", context)
        gate = relu if config["feed_forward_type"] == "reglu" else gelu
        if later:
            # the code of this variant adds and norms twice: in the attention's output and in the layer
            after = layer.norm("layer_norm_1", x + layer.norm("attention.output.LayerNorm", after, eps), eps)
            up, gated = np.split(layer.linear("mlp.up_gated_layer", after), [inner], axis=-1)
            x = layer.norm("layer_norm_2", after + layer.linear("mlp.down_layer", up * gate(gated)), eps)
        else:
            after = layer.norm("attention.output.LayerNorm", after, eps)
            x = jina_feed_forward(config, layer, after, gate, eps)
        states.append(x)
        attentions.append(probabilities)
    return states, attentions


def jina_feed_forward(config, layer, x, gate, eps):
    if config["feed_forward_type"] == "original":
        inner = ACTIVATIONS[config["hidden_act"]](layer.linear("intermediate.dense", x))
        return layer.norm("output.LayerNorm", x + layer.linear("output.dense", inner), eps)
    gated, rest = np.split(layer.linear("mlp.gated_layers", x), [config["intermediate_size"]], axis=-1)
    return layer.norm("mlp.layernorm", x + layer.linear("mlp.wo", gate(gated) * rest), eps)
