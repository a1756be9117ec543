#!/usr/bin/env python3
"""Makes src/test/resources/goldens-bert: corners of BERT, RoBERTa and NEZHA, which golden_cases.py leaves out.

Every count differs from every other, so that no mix-up hides.
"""

import torch
import transformers
from transformers.models.deprecated.nezha import NezhaConfig

import common
import golden
from golden import NO_CACHE, STATES, class_named, ids, labels_with_gaps, padding

SIZES = dict(
    vocab_size=37, hidden_size=20, num_attention_heads=5, intermediate_size=14, num_hidden_layers=3,
    max_position_embeddings=18, attn_implementation="eager",
)
CACHE = {**STATES, "use_cache": True}
DECODER = dict(is_decoder=True)
CROSS = dict(is_decoder=True, add_cross_attention=True)
FAMILIES = {
    "bert": ("Bert", transformers.BertConfig),
    "roberta": ("Roberta", transformers.RobertaConfig),
    "camembert": ("Camembert", transformers.CamembertConfig),
    "xlm-roberta": ("XLMRoberta", transformers.XLMRobertaConfig),
    "nezha": ("Nezha", NezhaConfig),
}


def words(*shape):
    """Ids without special meaning in any family."""
    return ids(*shape, low=5)


def with_pads(tokens, pad, *places):
    for row, place in places:
        tokens[row, place] = pad
    return tokens


def pairs(batch, queries, keys):
    mask = (torch.rand(batch, queries, keys) < 0.7).float()
    mask[0, 0] = 0
    mask[0, 1, 0] = 0.5
    return mask


def source(batch, length):
    return dict(encoder_hidden_states=torch.randn(batch, length, 20), encoder_attention_mask=padding(batch, length))


def bert():
    yield "bert_relative_key_query", "Model", dict(position_embedding_type="relative_key_query"), dict(
        input_ids=ids(3, 18), attention_mask=padding(3, 18), token_type_ids=ids(1, 18, limit=2)), STATES
    yield "bert_mask_pairs", "Model", {}, dict(input_ids=ids(2, 9), attention_mask=pairs(2, 9, 9)), STATES
    yield "bert_decoder_mask_pairs", "LMHeadModel", DECODER, dict(
        input_ids=ids(2, 8), attention_mask=pairs(2, 8, 8)), {**STATES, **NO_CACHE}
    yield "bert_decoder_leftpad", "LMHeadModel", DECODER, dict(
        input_ids=ids(3, 9), attention_mask=padding(3, 9, left=True), labels=labels_with_gaps(3, 9)), STATES | NO_CACHE
    yield "bert_decoder_cross_headmask", "Model", CROSS, dict(
        input_ids=ids(2, 7), attention_mask=padding(2, 7), head_mask=torch.rand(3, 5), **source(2, 11)), CACHE
    yield "bert_decoder_cross_absent", "Model", CROSS, dict(input_ids=ids(2, 7)), {
        "output_hidden_states": True, "use_cache": True}
    yield "bert_decoder_cross_pairs", "Model", CROSS, dict(
        input_ids=ids(2, 7), encoder_hidden_states=torch.randn(2, 11, 20),
        encoder_attention_mask=pairs(2, 7, 11)), STATES | NO_CACHE
    yield "bert_decoder_cross_relative_key", "LMHeadModel", dict(
        position_embedding_type="relative_key", **CROSS), dict(
        input_ids=ids(2, 7), **source(2, 11)), STATES | NO_CACHE
    yield "bert_decoder_cross_decode", "LMHeadModel", CROSS, dict(
        input_ids=ids(2, 9), **source(2, 11)), dict(chunks=[3, 1, 2, 1, 2])
    yield "bert_decoder_relative_decode", "LMHeadModel", dict(
        position_embedding_type="relative_key_query", **DECODER), dict(input_ids=ids(2, 6)), dict(chunks=[3, 1, 1, 1])
    yield "bert_decoder_masked_decode", "LMHeadModel", DECODER, dict(
        input_ids=ids(2, 8), token_type_ids=ids(2, 8, limit=2), attention_mask=padding(2, 8, left=True)), dict(
        chunks=[3, 1, 1, 3])
    yield "bert_decoder_model_decode", "Model", DECODER, dict(
        input_ids=ids(2, 8), position_ids=torch.randperm(18)[:8][None].repeat(2, 1)), dict(chunks=[1, 4, 3])
    yield "bert_mlm_decoder_cross", "ForMaskedLM", CROSS, dict(
        input_ids=ids(2, 7), labels=labels_with_gaps(2, 7), **source(2, 5)), STATES
    yield "bert_mlm_decoder", "ForMaskedLM", DECODER, dict(input_ids=ids(2, 7)), {}
    yield "bert_causal_bothways", "LMHeadModel", {}, dict(input_ids=ids(2, 7), labels=labels_with_gaps(2, 7)), {}
    yield "bert_causal_all_ignored", "LMHeadModel", DECODER, dict(
        input_ids=ids(2, 7), labels=torch.full((2, 7), -100)), NO_CACHE
    yield "bert_embeds", "ForTokenClassification", dict(num_labels=7), dict(
        inputs_embeds=torch.randn(2, 8, 20), position_ids=torch.randperm(18)[:8][None],
        head_mask=torch.rand(5), labels=ids(2, 8, limit=7)), STATES
    yield "bert_untied", "ForMaskedLM", dict(tie_word_embeddings=False), dict(input_ids=ids(2, 9)), {}
    yield "bert_model_from_pretraining", "Model:ForPreTraining", {}, dict(input_ids=ids(2, 9)), {}
    yield "bert_mlm_from_pretraining", "ForMaskedLM:ForPreTraining", {}, dict(input_ids=ids(2, 9)), {}
    yield "bert_seqcls_multilabel", "ForSequenceClassification", dict(
        num_labels=4, problem_type="multi_label_classification"), dict(
        input_ids=ids(3, 8), labels=ids(3, 4, limit=2).float()), {}
    yield "bert_seqcls_regression", "ForSequenceClassification", dict(num_labels=1), dict(
        input_ids=ids(3, 8), labels=torch.randn(3)), {}
    yield "bert_nsp_column", "ForNextSentencePrediction", {}, dict(
        input_ids=ids(2, 8), labels=torch.tensor([[1], [-100]])), {}
    yield "bert_pretraining_half_labelled", "ForPreTraining", {}, dict(
        input_ids=ids(2, 8), next_sentence_label=torch.tensor([1, 0])), {}
    yield "bert_qa_outside", "ForQuestionAnswering", dict(hidden_act="relu"), dict(
        input_ids=ids(3, 8), start_positions=torch.tensor([[3], [-5], [8]]), end_positions=torch.tensor([7, 9, 0])), {}


def roberta():
    yield "roberta_pads_inside", "Model", {}, dict(
        input_ids=with_pads(words(3, 9), 1, (0, 3), (1, 0), (2, 8))), STATES
    yield "roberta_other_pad", "ForMaskedLM", dict(pad_token_id=4), dict(
        input_ids=with_pads(words(2, 9), 4, (0, 3), (1, 0)), labels=labels_with_gaps(2, 9)), {}
    yield "roberta_longest", "Model", {}, dict(input_ids=words(1, 16)), {}
    yield "roberta_embeds", "ForSequenceClassification", dict(num_labels=4), dict(
        inputs_embeds=torch.randn(3, 8, 20), labels=ids(3, limit=4)), {}
    yield "roberta_relative_key", "ForMaskedLM", dict(position_embedding_type="relative_key"), dict(
        input_ids=words(2, 18)), STATES
    yield "roberta_positions_beyond", "Model", {}, dict(
        input_ids=words(1, 18), position_ids=torch.arange(18)[None]), {}
    yield "roberta_mask_pairs", "ForTokenClassification", dict(num_labels=7, type_vocab_size=3), dict(
        input_ids=words(2, 9), token_type_ids=ids(2, 9, limit=3), attention_mask=pairs(2, 9, 9)), {}
    yield "roberta_mlm_gelu_new", "ForMaskedLM", dict(hidden_act="gelu_new"), dict(input_ids=words(2, 9)), {}
    yield "roberta_untied", "ForMaskedLM", dict(tie_word_embeddings=False), dict(input_ids=words(2, 9)), {}
    yield "roberta_seqcls_multilabel", "ForSequenceClassification", dict(num_labels=4), dict(
        input_ids=words(3, 8), labels=torch.rand(3, 4)), {}
    yield "roberta_mlm_from_causal", "ForMaskedLM:ForCausalLM", DECODER, dict(input_ids=words(2, 9)), {}
    yield "roberta_decoder_pads_decode", "ForCausalLM", DECODER, dict(
        input_ids=with_pads(words(2, 8), 1, (1, 0), (1, 1)), attention_mask=padding(2, 8, left=True)), dict(
        chunks=[3, 1, 1, 3])
    yield "roberta_cross_decode", "ForCausalLM", CROSS, dict(
        input_ids=words(2, 8), **source(2, 11)), dict(chunks=[2, 1, 4, 1])
    yield "roberta_model_cross", "Model", CROSS, dict(
        input_ids=words(2, 7), head_mask=torch.rand(5), **source(2, 5)), CACHE
    yield "camembert_mlm", "ForMaskedLM", dict(type_vocab_size=1), dict(
        input_ids=words(2, 9), labels=labels_with_gaps(2, 9)), {}
    yield "camembert_multichoice", "ForMultipleChoice", {}, dict(
        input_ids=words(2, 3, 8), attention_mask=padding(2, 8)[:, None].repeat(1, 3, 1), labels=ids(2, limit=3)), {}
    yield "xlm-roberta_seqcls", "ForSequenceClassification", dict(num_labels=4), dict(
        input_ids=words(2, 9), labels=ids(2, limit=4)), {}
    yield "xlm-roberta_model", "Model", dict(type_vocab_size=1), dict(
        input_ids=with_pads(words(2, 9), 1, (1, 8), (1, 7)), attention_mask=padding(2, 9)), STATES


def nezha():
    yield "nezha_near", "Model", dict(max_relative_position=2), dict(
        input_ids=ids(3, 18), attention_mask=padding(3, 18)), STATES
    yield "nezha_far", "ForMaskedLM", dict(max_relative_position=64), dict(
        input_ids=ids(2, 18), labels=labels_with_gaps(2, 18)), STATES
    yield "nezha_one_vector", "Model", dict(max_relative_position=0), dict(input_ids=ids(2, 9)), {}
    yield "nezha_mask_pairs", "Model", dict(max_relative_position=3), dict(
        input_ids=ids(2, 9), token_type_ids=ids(2, 9, limit=2), attention_mask=pairs(2, 9, 9)), STATES
    yield "nezha_embeds", "ForSequenceClassification", dict(num_labels=1, max_relative_position=3), dict(
        inputs_embeds=torch.randn(3, 8, 20), labels=torch.randn(3)), {}
    yield "nezha_mlm_decoder_cross", "ForMaskedLM", dict(max_relative_position=3, **CROSS), dict(
        input_ids=ids(2, 7), **source(2, 7)), STATES
    yield "nezha_decoder_decode", "Model", dict(max_relative_position=3, **DECODER), dict(
        input_ids=ids(2, 9), attention_mask=padding(2, 9)), dict(chunks=[3, 1, 2, 3])
    yield "nezha_cross_decode", "Model", dict(max_relative_position=3, **CROSS), dict(
        input_ids=ids(2, 9), **source(2, 9)), dict(chunks=[3, 1, 2, 3])
    yield "nezha_untied", "ForPreTraining", dict(tie_word_embeddings=False), dict(input_ids=ids(2, 8)), {}


def missing(asked, inputs, options):
    """What is right here and wrong, or left out, in transformers: the past of learnt distances, and the cross attentions of a
    masked language model."""
    def names(outputs):
        if "chunks" in options:
            kept = any(name.startswith("past") for name in outputs)
            return [] if kept else [f"past_key_values.{i}.{part}" for i in range(3) for part in ("key", "value")]
        cross = "encoder_hidden_states" in inputs and asked == "ForMaskedLM"
        return [f"cross_attentions.{i}" for i in range(3)] if cross else []
    return names


def make(out):
    torch.manual_seed(21)
    for cases in (bert, roberta, nezha):
        for name, kind, settings, inputs, options in cases():
            prefix, config_class = FAMILIES[name.partition("_")[0]]
            asked, _, saved = kind.partition(":")
            config = config_class(**{**SIZES, **settings})
            config.position_embedding_type = getattr(config, "position_embedding_type", "absolute")
            golden.make(out, name, class_named(prefix + asked), class_named(prefix + (saved or asked)), config, inputs, options,
                        missing(asked, inputs, options))


if __name__ == "__main__":
    common.main(__doc__, make, "goldens-bert", golden.PACKAGES)
