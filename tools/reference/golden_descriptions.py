"""How a golden case is described: a function that draws its inputs, under a decorator with all else.

golden_families.py describes the cases, golden_cases.py makes and checks them.
"""

import dataclasses
import typing

import torch

from golden import seen

FAMILIES = {
    "bert": ("Bert", 0, dict(hidden_size=32, num_attention_heads=4, num_hidden_layers=2, intermediate_size=37,
                             max_position_embeddings=40)),
    "albert": ("Albert", 0, dict(embedding_size=16, hidden_size=36, num_attention_heads=6, num_hidden_layers=3,
                                 intermediate_size=40, max_position_embeddings=40)),
    "nezha": ("Nezha", 0, dict(hidden_size=32, num_attention_heads=4, num_hidden_layers=2, intermediate_size=40,
                               max_position_embeddings=40, max_relative_position=6)),
    "roberta": ("Roberta", 1, dict(hidden_size=32, num_attention_heads=4, num_hidden_layers=2, intermediate_size=40,
                                   max_position_embeddings=44, layer_norm_eps=1e-5, type_vocab_size=1)),
    "longformer": ("Longformer", 1, dict(hidden_size=32, num_attention_heads=4, num_hidden_layers=2, intermediate_size=40,
                                         max_position_embeddings=90, layer_norm_eps=1e-5, type_vocab_size=1,
                                         attention_window=[8, 8])),
    "bart": ("Bart", 1, dict(d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
                             decoder_attention_heads=4, encoder_ffn_dim=40, decoder_ffn_dim=48, max_position_embeddings=40)),
}
WORDS = 99
PADS = {family: pad for family, (_, pad, _) in FAMILIES.items()}


@dataclasses.dataclass
class Case:
    name: str
    architecture: str
    inputs: typing.Callable
    settings: dict
    options: dict
    notes: str
    mode: str
    saved: str  # the class that saved the checkpoint
    dtype: torch.dtype
    files: str  # how: safetensors, sharded, pickle, legacy pickle, old names, extra tensors, nan
    style: str  # of config.json: 4, 5, minimal, old
    more: list  # files of other frameworks with the same weights
    v5_reason: str  # why version 5 of transformers is no second oracle

    @property
    def family(self):
        return self.name.removeprefix("flax_").partition("_")[0]

    @property
    def flax(self):
        return self.mode.startswith("flax_")


CASES = {}


def case(kind, options=None, notes="", mode=None, saved=None, dtype=torch.float32, files="safetensors", style="4", more=(),
         v5_reason="", **settings):
    """Names a function's case after it; kind: the class's name without that of the family."""
    def described(inputs):
        name = inputs.__name__
        prefix, _, sizes = FAMILIES[name.removeprefix("flax_").partition("_")[0]]
        flax = "Flax" if name.startswith("flax_") else ""
        given = dict(options or {})
        found = mode or ("generate" if "generate" in given else "decode" if "chunks" in given else "forward")
        reason = v5_reason or ("not in transformers 5" if prefix == "Nezha" else "")
        CASES[name] = Case(
            name, flax + prefix + kind, inputs, {"vocab_size": WORDS, **sizes, **settings}, given, notes, found,
            prefix + (saved or kind), dtype, files, style, list(more), reason)
        return inputs
    return described


# --- inputs ------------------------------------------------------------------------------------------------------------------


def words(*shape):
    return torch.randint(5, WORDS, shape)


def types(*shape):
    return torch.randint(0, 2, shape)


def places(batch, length):
    return dict(start_positions=torch.randint(0, length, (batch,)), end_positions=torch.randint(0, length, (batch,)))


def rows(family, length, *counts, left=False):
    """Rows of words with so many of them, and padding behind, or before."""
    mask = seen(length, *counts)
    mask = mask.flip(1) if left else mask
    return dict(input_ids=torch.where(mask.bool(), words(*mask.shape), PADS[family]), attention_mask=mask)


def hidden_words(mask):
    """Labels of some words, the others and the padding are left out of the loss."""
    labels = torch.where((torch.rand(mask.shape) < 0.4) & mask.bool(), words(*mask.shape), -100)
    labels[..., 1] = 7
    labels[0, 0] = -100
    return labels


def token_labels(mask, limit):
    labels = torch.where(mask.bool(), torch.randint(0, limit, mask.shape), -100)
    labels[0, 0] = -100
    return labels


def choices(family, *counts):
    """Texts and masks of [batch, choices, tokens]; counts: the words of each choice, for each text."""
    longest = max(count for each in counts for count in each)
    made = [rows(family, longest, *each) for each in counts]
    return {name: torch.stack([each[name] for each in made]) for name in made[0]}


def states(batch, length):
    return torch.randn(batch, length, 32)


def shifted(ids):
    """The ids as labels, one of them left out."""
    labels = ids.clone()
    labels[:, 2] = -100
    return labels


def started(batch, length):
    """A decoder's tokens, after the one that it starts with."""
    tokens = words(batch, length)
    tokens[:, 0] = 2
    return tokens


def question(length, first, second):
    """<s> question </s></s> text </s>, padded: as RoBERTa's tokenizers join two texts."""
    parts = [torch.tensor([0]), words(first), torch.tensor([2, 2]), words(second), torch.tensor([2])]
    tokens = torch.cat(parts)
    return torch.cat([tokens, torch.full((length - len(tokens),), 1)])
