#!/usr/bin/env python3
"""Makes src/test/resources/goldens-longformer: corners that windowed attention turns around.

A head mask, embeddings in the place of ids, a sequence without global tokens beside one with some, a global mark on a hidden
token, one window for all layers, a length that is a multiple of the window and one that is shorter, separators that are
unevenly spread.
"""

import json

import torch
import transformers

import common
import golden
from golden import STATES, seen

SIZES = dict(
    vocab_size=67, hidden_size=24, num_attention_heads=3, num_hidden_layers=2, intermediate_size=36,
    max_position_embeddings=70, type_vocab_size=3, layer_norm_eps=1e-5)


def model_of(kind, seed, **config):
    torch.manual_seed(seed)
    cls = getattr(transformers, "Longformer" + kind)
    model = cls(transformers.LongformerConfig(**{**SIZES, **config}))
    for name, parameter in model.named_parameters():
        gain = name.endswith(("LayerNorm.weight", "layer_norm.weight"))
        wide = parameter.dim() == 2
        parameter.data.normal_(1.0 if gain else 0.0, 0.25 if wide else 0.15)
    return model.eval()


def run(model, inputs, options):
    with torch.inference_mode():
        return {name: tensor.clone() for name, tensor in golden.flatten(model(**inputs, **options)).items()}


def write(out, name, model, inputs, notes, config=None, **options):
    folder = common.fresh(out / name)
    model.save_pretrained(folder)
    settings = json.loads((folder / "config.json").read_text()) | (config or {})
    common.write_json(folder / "config.json", settings, sort_keys=True)
    expected = run(model, inputs, options)
    precise = run(model.double(), golden.doubled(inputs), options)
    difference = golden.noise(expected, precise)
    case = {
        "name": name,
        "family": "longformer",
        "architecture": type(model).__name__,
        "mode": "forward",
        "options": options,
        "notes": notes,
        "noise": {"fp64": difference},
        "atol": max(2e-5, 20 * difference),
        "rtol": 1e-4,
        "inputs": golden.described(inputs),
        "expected": golden.described(expected),
        "max_abs_expected": max(value.abs().max().item() for value in expected.values()),
        "weights": ["model.safetensors"],
    }
    golden.write(folder, case, inputs, expected)


def ids(seed, *shape):
    return torch.randint(3, SIZES["vocab_size"], shape, generator=torch.Generator().manual_seed(seed))


def marks(shape, *places):
    mask = torch.zeros(shape, dtype=torch.long)
    for place in places:
        mask[place] = 1
    return mask


def make(out):
    generator = torch.Generator().manual_seed(5)

    write(out, "longformer_more_headmask_embeds", model_of("Model", 1, attention_window=[6, 12]), {
        "inputs_embeds": torch.randn(3, 15, 24, generator=generator),
        "attention_mask": seen(15, 15, 9, 13),
        "global_attention_mask": marks((3, 15), (0, 3), (0, 11), (2, 0), (2, 14)),
        "head_mask": torch.tensor([[1.0, 0.5, 0.0], [0.25, 1.0, -2.0]]),
    }, "a sequence without global tokens; a global mark on a hidden token does nothing", **STATES)

    write(out, "longformer_more_exact_length", model_of("ForTokenClassification", 2, attention_window=[8, 4], num_labels=5), {
        "input_ids": ids(1, 2, 16),
        "position_ids": torch.stack([torch.arange(16) + 7, torch.arange(40, 24, -1)]),
        "token_type_ids": torch.randint(0, 3, (2, 16), generator=generator),
        "global_attention_mask": marks((2, 16), (0, 15), (1, 4), (1, 5)),
        "labels": torch.randint(0, 5, (2, 16), generator=generator),
    }, "a length that is a multiple of the window, positions and types given", **STATES)

    write(out, "longformer_more_short", model_of("ForSequenceClassification", 3, attention_window=10, num_labels=1), {
        "input_ids": ids(2, 2, 3),
        "attention_mask": torch.tensor([[0, 1, 1], [1, 1, 0]]),
        "labels": torch.tensor([0.5, -1.5]),
    }, "one window for all layers, a sequence shorter than it, the default global token hidden in one row",
        config={"attention_window": 10}, **STATES)

    separated = ids(3, 2, 14)
    for place in [(0, 4), (0, 13), (1, 2), (1, 6), (1, 7), (1, 13)]:
        separated[place] = 2
    write(out, "longformer_more_qa_uneven", model_of("ForQuestionAnswering", 4, attention_window=[4, 6]), {
        "input_ids": separated[:, :12].index_fill(1, torch.tensor([11]), 2),
        "start_positions": torch.tensor([3, 9]),
        "end_positions": torch.tensor([4, 40]),
    }, "two separators in one row and four in the other: three on average", **STATES)

    write(out, "longformer_more_choice_embeds", model_of("ForMultipleChoice", 5, attention_window=[8, 8]), {
        "inputs_embeds": torch.randn(2, 3, 9, 24, generator=generator),
        "attention_mask": torch.stack([seen(9, 9, 4, 7), seen(9, 8, 9, 1)]),
        "labels": torch.tensor([2, 0]),
    }, "without ids there are no separators and no global tokens", **STATES)

    write(out, "longformer_more_multilabel", model_of("ForSequenceClassification", 6, attention_window=[12, 6], num_labels=4,
            problem_type="multi_label_classification", hidden_act="gelu_new"), {
        "input_ids": torch.where(seen(20, 20, 13, 17).bool(), ids(4, 3, 20), 1),
        "attention_mask": seen(20, 20, 13, 17),
        "global_attention_mask": marks((3, 20), (0, slice(None)), (1, 2)),
        "labels": torch.rand(3, 4, generator=generator),
    }, "all tokens global in one row, one in another, none in the third", **STATES)


if __name__ == "__main__":
    common.main(__doc__, make, "goldens-longformer", golden.PACKAGES)
