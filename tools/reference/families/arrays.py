"""Parts of encoders in NumPy, in double precision, written from their published descriptions.

Arrays of tokens are [batch, tokens, width], weights as PyTorch stores them: [out, in].
"""

import math

import numpy as np

LOWEST = float(np.finfo(np.float32).min)
ERF = np.vectorize(math.erf)


def gelu(x):
    return x * 0.5 * (1 + ERF(x / math.sqrt(2)))


def silu(x):
    return x / (1 + np.exp(-x))


def relu(x):
    return np.maximum(x, 0)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {"gelu": gelu, "silu": silu, "relu": relu, "tanh": np.tanh, "sigmoid": sigmoid}


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def layer_norm(x, gain, bias, eps):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + eps) * gain + bias


def rms_norm(x, gain, eps):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + eps) * gain


def split_heads(x, heads):
    batch, tokens, width = x.shape
    return x.reshape(batch, tokens, heads, width // heads).transpose(0, 2, 1, 3)


def join_heads(x):
    batch, heads, tokens, size = x.shape
    return x.transpose(0, 2, 1, 3).reshape(batch, tokens, heads * size)


def frequencies(base, size):
    """Radians per position of each pair of a rotated part of this size."""
    return base ** -(np.arange(0, size, 2) / size)


def rotate(x, positions, radians, interleaved=False):
    """Rotates the first 2 * len(radians) numbers of each head; x is [batch, heads, tokens, size]."""
    pairs = len(radians)
    angles = positions[:, None, :, None] * radians
    cos, sin = np.cos(angles), np.sin(angles)
    turned = x.copy()
    if interleaved:
        first, second = x[..., 0:2 * pairs:2], x[..., 1:2 * pairs:2]
        turned[..., 0:2 * pairs:2] = first * cos - second * sin
        turned[..., 1:2 * pairs:2] = second * cos + first * sin
    else:
        first, second = x[..., :pairs], x[..., pairs:2 * pairs]
        turned[..., :pairs] = first * cos - second * sin
        turned[..., pairs:2 * pairs] = second * cos + first * sin
    return turned


def alibi(heads, tokens):
    """Minus the slope of a head times the distance, [heads, tokens, tokens]."""
    def slopes(count):
        if count & (count - 1) == 0:
            return [2.0 ** (-8.0 * (i + 1) / count) for i in range(count)]
        below = 1 << (count.bit_length() - 1)
        return slopes(below) + slopes(2 * below)[0::2][:count - below]
    index = np.arange(tokens)
    return -np.array(slopes(heads))[:, None, None] * np.abs(index[:, None] - index)


def attend(query, key, value, mask, bias=0.0):
    """Context and probabilities; query, key and value are [batch, heads, tokens, size], mask [batch, tokens]."""
    scores = query @ key.transpose(0, 1, 3, 2) / math.sqrt(query.shape[-1]) + bias
    if mask is not None:
        scores = scores + (1.0 - mask[:, None, None, :]) * LOWEST
    probabilities = softmax(scores)
    return join_heads(probabilities @ value), probabilities


def cross_entropy(logits, labels):
    """Mean over the labels that are not -100."""
    logits, labels = logits.reshape(-1, logits.shape[-1]), labels.reshape(-1)
    kept = labels != -100
    return -log_softmax(logits)[kept, labels[kept]].mean()


def sequence_loss(logits, labels):
    """The loss of a classifier without problem_type."""
    if logits.shape[-1] == 1:
        return ((logits.reshape(-1) - labels.reshape(-1)) ** 2).mean()
    if labels.dtype.kind == "i":
        return cross_entropy(logits, labels)
    return (np.logaddexp(0, logits) - labels * logits).mean()
