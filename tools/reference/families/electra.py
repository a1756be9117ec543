"""ELECTRA: BERT's layers, a narrow embedding, heads of its own, and a decoder."""

import torch
import transformers

from families.golden import *
from families.heads import heads

FAMILY = Family("electra", "Electra", transformers.ElectraConfig, transformers, dict(
    vocab_size=VOCABULARY, embedding_size=6, hidden_size=HIDDEN, num_attention_heads=HEADS, intermediate_size=10,
    num_hidden_layers=2, max_position_embeddings=POSITIONS))
ONE = dict(num_hidden_layers=1)


def summary(name, notes="", **config):
    return Case("electra_summary_" + name, "ForMultipleChoice", {**ONE, **config}, lambda: dict(
        input_ids=words(2, 3, 7), attention_mask=padding(2, 7)[:, None].repeat(1, 3, 1)), notes=notes)


def bodies():
    yield Case("electra_states", "Model", {}, lambda: dict(
        input_ids=words(2, 13), attention_mask=padding(2, 13), token_type_ids=ids(2, 13, limit=2)), STATES,
        "hidden_states.0 is after embeddings_project")
    yield Case("electra_wide_embedding", "Model", dict(ONE, embedding_size=HIDDEN, type_vocab_size=3), lambda: dict(
        input_ids=words(2, 9), token_type_ids=ids(1, 9, limit=3)), STATES, "no embeddings_project")
    yield Case("electra_head_mask", "Model", dict(hidden_act="relu", layer_norm_eps=0.1, num_hidden_layers=2), lambda: dict(
        input_ids=words(3, 7), attention_mask=padding(3, 7, left=True), head_mask=torch.rand(2, HEADS)), STATES)
    yield Case("electra_embeds", "ForTokenClassification", dict(ONE, num_labels=7), lambda: dict(
        inputs_embeds=embeds(2, 8, width=6), position_ids=positions(8)), STATES)
    yield Case("electra_mask_pairs", "Model", ONE, lambda: dict(
        input_ids=words(2, 9), attention_mask=pairs(2, 9, 9)), STATES)
    yield Case("electra_relative_key_query", "Model", dict(ONE, position_embedding_type="relative_key_query"), lambda: dict(
        input_ids=words(1, 9)), STATES)
    yield Case("electra_pruned", "Model", dict(num_hidden_layers=2, pruned_heads={0: [2], 1: [0, 1]}), lambda: dict(
        input_ids=words(1, 9)), STATES)
    yield Case("electra_model_from_discriminator", "Model:ForPreTraining", dict(ONE), lambda: dict(
        input_ids=words(2, 9)), files="bin")


def own_heads():
    yield Case("electra_discriminator", "ForPreTraining", dict(ONE, hidden_act="silu"), lambda: dict(
        input_ids=words(3, 9), attention_mask=padding(3, 9), labels=ids(3, 9, limit=2)),
        notes="hidden_act in the head; the loss is over attention_mask 1 alone")
    yield Case("electra_discriminator_all", "ForPreTraining", ONE, lambda: dict(
        input_ids=words(2, 8), labels=ids(2, 8, limit=2)), notes="without a mask the loss is over all")
    yield Case("electra_generator_act", "ForMaskedLM", dict(ONE, hidden_act="silu", layer_norm_eps=0.1), lambda: dict(
        input_ids=words(2, 9)), notes="gelu in the head whatever hidden_act says", files="shards")
    yield Case("electra_untied", "ForMaskedLM", dict(ONE, tie_word_embeddings=False), lambda: dict(
        input_ids=words(2, 9)))
    yield Case("electra_seqcls_act", "ForSequenceClassification", dict(ONE, hidden_act="relu"), lambda: dict(
        input_ids=words(2, 9)), notes="gelu in the head whatever hidden_act says")
    yield summary("last", summary_type="last", summary_use_proj=False, summary_activation=None)
    yield summary("mean", "pads count in the mean", summary_type="mean", summary_activation="tanh")
    yield summary("cls_index", "without indices the last position", summary_type="cls_index", summary_activation="relu")
    yield Case("electra_frameworks", "ForMaskedLM", ONE, lambda: dict(input_ids=words(2, 7)), also=("h5", "msgpack"))


def decoders():
    yield Case("electra_causal", "ForCausalLM", DECODER, lambda: dict(
        input_ids=words(3, 9), attention_mask=padding(3, 9, left=True), labels=gaps(ids(3, 9))), STATES | NO_CACHE)
    yield Case("electra_causal_both_ways", "ForCausalLM", ONE, lambda: dict(
        input_ids=words(2, 7), labels=gaps(ids(2, 7))), notes="without is_decoder nothing is hidden")
    yield Case("electra_causal_decode", "ForCausalLM", dict(DECODER, num_hidden_layers=2), lambda: dict(
        input_ids=words(2, 9), attention_mask=padding(2, 9, left=True)), dict(chunks=[3, 1, 2, 1, 2]))
    yield Case("electra_cross_decode", "ForCausalLM", dict(CROSS, num_hidden_layers=1), lambda: dict(
        input_ids=words(2, 8), attention_mask=torch.ones(2, 8, dtype=torch.long), **source(2, 11)), dict(chunks=[2, 1, 4, 1]))
    yield Case("electra_cross_head_mask", "Model", dict(CROSS, num_hidden_layers=1), lambda: dict(
        input_ids=words(2, 7), attention_mask=padding(2, 7), head_mask=torch.rand(1, HEADS), **source(2, 11)), CACHE)
    yield Case("electra_causal_relative", "ForCausalLM", dict(ONE, **DECODER, position_embedding_type="relative_key"), lambda: dict(
        input_ids=words(2, 7)), STATES | NO_CACHE)


def cases():
    yield from bodies()
    yield from own_heads()
    yield from decoders()
    yield from heads("electra")
