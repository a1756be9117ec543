#!/usr/bin/env python3
"""Makes src/test/resources/goldens-albert: ALBERT's corners, which golden_cases.py leaves out.

Every count differs from every other, so that no mix-up hides.
"""

import torch
import transformers

import common
import golden
from golden import STATES, ids, labels_with_gaps, padding

SIZES = dict(
    vocab_size=37, embedding_size=6, hidden_size=20, num_attention_heads=5, intermediate_size=14,
    num_hidden_layers=3, max_position_embeddings=16, attn_implementation="eager",
)


def heads(*shape):
    return torch.rand(*shape)


def cases():
    yield "albert_relative_key", "ForMaskedLM", dict(position_embedding_type="relative_key"), dict(
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


def make(out):
    torch.manual_seed(20)
    for name, kind, config, inputs, options in cases():
        asked, _, saved = kind.partition(":")
        asked, saved = (getattr(transformers, "Albert" + each) for each in (asked, saved or asked))
        pooled = "pooler_output" if asked is not saved and not saved.__name__.endswith("ForPreTraining") else None
        golden.make(out, name, asked, saved, transformers.AlbertConfig(**{**SIZES, **config}), inputs, options,
                    lambda outputs: [pooled] if pooled else [])


if __name__ == "__main__":
    common.main(__doc__, make, "goldens-albert", golden.PACKAGES)
