#!/usr/bin/env python3
"""Makes src/test/resources/goldens-albert: tiny ALBERT cases for what the shared golden set leaves out.

Needs torch, transformers 4.57 and safetensors. Run from the project's folder:
    python tools/reference/albert_cases.py
The format is that of the golden cases. Every count differs from every other, so that no mix-up hides.
"""

import json
import pathlib
import shutil

import torch
import transformers
from safetensors.torch import save_file

OUT = pathlib.Path("src/test/resources/goldens-albert")
SIZES = dict(
    vocab_size=37, embedding_size=6, hidden_size=20, num_attention_heads=5, intermediate_size=14,
    num_hidden_layers=3, max_position_embeddings=16, attn_implementation="eager",
)
STATES = {"output_hidden_states": True, "output_attentions": True}


def ids(*shape, limit=37):
    return torch.randint(0, limit, shape)


def labels_with_gaps(*shape):
    labels = ids(*shape)
    labels[..., ::3] = -100
    return labels


def padding(batch, length):
    mask = torch.ones(batch, length, dtype=torch.long)
    for row in range(1, batch):
        mask[row, length - 2 * row:] = 0
    return mask


def heads(*shape):
    return torch.rand(*shape)


def cases():
    yield "albert_relative_key", "MaskedLM", dict(position_embedding_type="relative_key"), dict(
        input_ids=ids(2, 9), attention_mask=padding(2, 9), labels=labels_with_gaps(2, 9)), {}
    yield "albert_relative_key_query", "Model", dict(
        position_embedding_type="relative_key_query", inner_group_num=2, num_hidden_layers=4,
        num_hidden_groups=2), dict(
        input_ids=ids(3, 16), attention_mask=padding(3, 16), token_type_ids=ids(3, 16, limit=2)), STATES
    yield "albert_headmask_heads", "ForTokenClassification", dict(num_labels=7), dict(
        input_ids=ids(2, 8), head_mask=heads(5), labels=ids(2, 8, limit=7)), STATES
    yield "albert_headmask_groups", "Model", dict(
        num_hidden_layers=4, num_hidden_groups=2, inner_group_num=2), dict(
        input_ids=ids(2, 8), head_mask=heads(4, 5)), STATES
    yield "albert_headmask_uneven_groups", "Model", dict(num_hidden_layers=7, num_hidden_groups=3), dict(
        input_ids=ids(2, 8), head_mask=heads(7, 5)), STATES
    mask = padding(3, 8).float()
    mask[0] = 0
    mask[1, 3] = 0.5
    yield "albert_mask_rows_of_zeros_and_fractions", "ForSequenceClassification", dict(num_labels=4), dict(
        input_ids=ids(3, 8), attention_mask=mask, labels=ids(3, limit=4)), STATES
    yield "albert_positions_for_all_rows", "ForMultipleChoice", {}, dict(
        inputs_embeds=torch.randn(2, 3, 8, 6), position_ids=torch.randperm(16)[:8][None, None],
        attention_mask=padding(2, 8)[:, None].expand(2, 3, 8).contiguous(), labels=torch.tensor([2, -100])), STATES
    yield "albert_untied", "ForMaskedLM", dict(tie_word_embeddings=False), dict(
        input_ids=ids(2, 9), labels=labels_with_gaps(2, 9)), {}
    yield "albert_mlm_all_ignored", "ForMaskedLM", {}, dict(
        input_ids=ids(2, 9), labels=torch.full((2, 9), -100)), {}
    yield "albert_model_from_mlm", "Model:ForMaskedLM", {}, dict(input_ids=ids(2, 9)), {}
    yield "albert_model_from_pretraining", "Model:ForPreTraining", {}, dict(input_ids=ids(2, 9)), {}
    yield "albert_pretraining_half_labelled", "ForPreTraining", {}, dict(
        input_ids=ids(2, 9), labels=ids(2, 9)), {}
    yield "albert_pretraining_column", "ForPreTraining", dict(hidden_act="relu"), dict(
        input_ids=ids(2, 9), labels=labels_with_gaps(2, 9), sentence_order_label=torch.tensor([[1], [0]])), {}
    yield "albert_qa_positions_outside", "ForQuestionAnswering", {}, dict(
        input_ids=ids(4, 9), start_positions=torch.tensor([[3], [-5], [9], [70]]),
        end_positions=torch.tensor([8, 0, 12, 4])), {}
    yield "albert_qa_start_only", "ForQuestionAnswering", {}, dict(
        input_ids=ids(2, 9), start_positions=torch.tensor([3, 4])), {}
    yield "albert_seqcls_truths_by_dtype", "ForSequenceClassification", {}, dict(
        input_ids=ids(3, 8), labels=torch.rand(3, 2)), {}
    yield "albert_seqcls_single_label", "ForSequenceClassification", dict(
        num_labels=4, problem_type="single_label_classification"), dict(
        input_ids=ids(3, 8), labels=ids(3, 1, limit=4)), {}
    yield "albert_seqcls_regression_of_three", "ForSequenceClassification", dict(
        num_labels=3, problem_type="regression"), dict(input_ids=ids(4, 8), labels=torch.randn(4, 3)), {}
    yield "albert_states_from_config", "ForSequenceClassification", dict(
        output_hidden_states=True, output_attentions=True), dict(input_ids=ids(2, 8)), {}
    yield "albert_narrow_heads", "Model", dict(
        hidden_size=6, num_attention_heads=6, max_position_embeddings=3, type_vocab_size=4), dict(
        input_ids=ids(2, 3), token_type_ids=ids(1, 3, limit=4)), STATES
    for name in ("gelu", "gelu_fast", "gelu_pytorch_tanh", "quick_gelu", "relu", "silu", "swish", "tanh"):
        yield "albert_act_" + name, "ForMaskedLM", dict(hidden_act=name, num_hidden_layers=1), dict(
            input_ids=ids(1, 5)), {}


def flatten(outputs):
    flat = {}
    for name, value in outputs.items():
        if isinstance(value, tuple):
            flat.update({f"{name}.{i}": item for i, item in enumerate(value)})
        else:
            flat[name] = value
    return {name: value.detach().float().clone() for name, value in flat.items()}


def architecture(name):
    return getattr(transformers, "Albert" + (name if name == "Model" or name.startswith("For") else "For" + name))


def make(name, kind, config, inputs, options):
    folder = OUT / name
    folder.mkdir(parents=True)
    asked, _, saved = kind.partition(":")
    model = architecture(saved or asked)(transformers.AlbertConfig(**{**SIZES, **config})).eval()
    for key, parameter in model.named_parameters():
        values = torch.randn_like(parameter) * 0.3
        parameter.data.copy_(values + 1 if "LayerNorm.weight" in key or "layer_norm.weight" in key else values)
    model.save_pretrained(folder)
    drop = []
    if saved:
        model = architecture(asked).from_pretrained(folder, attn_implementation="eager").eval()
        stored = saved in ("ForPreTraining",)
        drop = [] if stored else ["pooler_output"]
    with torch.no_grad():
        expected = flatten(model(**inputs, **options))
        exact = flatten(model.double()(**{k: v.double() if v.is_floating_point() else v
                                          for k, v in inputs.items()}, **options))
    noise = max((expected[k] - exact[k]).abs().nan_to_num().max().item() for k in expected if k not in drop)
    expected = {k: v for k, v in expected.items() if k not in drop}
    save_file({k: v.contiguous() for k, v in inputs.items()}, folder / "inputs.safetensors")
    save_file(expected, folder / "expected.safetensors")
    case = dict(
        name=name, family="albert", architecture=architecture(asked).__name__, mode="forward", options=options,
        drop=drop, noise=dict(fp64=noise), atol=max(1e-5, 20 * noise), rtol=1e-4, weights=["model.safetensors"])
    if saved:
        case["checkpoint_architecture"] = architecture(saved).__name__
    (folder / "case.json").write_text(json.dumps(case, indent=2) + "\n")
    print(f"{name}: noise {noise:.1e}, {len(expected)} outputs")


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    torch.manual_seed(20)
    for case in cases():
        make(*case)


main()
