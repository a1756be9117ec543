"""RoFormer: BERT with a rotation of adjacent pairs by a table of the file."""

import torch
import transformers

from families.golden import *
from families.heads import heads

FAMILY = Family("roformer", "RoFormer", transformers.RoFormerConfig, transformers, dict(
    vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=HEADS, intermediate_size=10, num_hidden_layers=2,
    max_position_embeddings=POSITIONS))
ONE = dict(num_hidden_layers=1)
TABLE = "encoder.embed_positions.weight"


def other_angles(model):
    """A table that is not one of sines."""
    table = dict(model.named_parameters())[TABLE]
    table.data.copy_(torch.randn_like(table))


def cases():
    yield Case("roformer_states", "Model", {}, lambda: dict(
        input_ids=words(2, 13), attention_mask=padding(2, 13), token_type_ids=ids(2, 13, limit=2)), STATES)
    yield Case("roformer_value", "Model", dict(num_hidden_layers=2, rotary_value=True, embedding_size=6, type_vocab_size=3), lambda: dict(
        input_ids=words(2, 9), token_type_ids=ids(1, 9, limit=3)), STATES)
    yield Case("roformer_head_mask", "Model", dict(hidden_act="relu", layer_norm_eps=0.1, num_hidden_layers=2), lambda: dict(
        input_ids=words(3, 7), attention_mask=padding(3, 7, left=True), head_mask=torch.rand(2, HEADS)), STATES)
    yield Case("roformer_embeds", "ForTokenClassification", dict(ONE, num_labels=7, embedding_size=6), lambda: dict(
        inputs_embeds=embeds(2, 8, width=6)), STATES)
    yield Case("roformer_table_of_file", "Model", ONE, lambda: dict(input_ids=words(1, 9)), change=other_angles,
               notes="the table of the file counts")
    yield Case("roformer_table_computed", "Model", ONE, lambda: dict(input_ids=words(1, 18)), remove=(TABLE,),
               notes="the file holds no table: it is computed")
    yield Case("roformer_pruned", "Model", dict(num_hidden_layers=2, pruned_heads={0: [2], 1: [0, 1]}), lambda: dict(
        input_ids=words(1, 9)), STATES)
    yield Case("roformer_narrow_mlm", "ForMaskedLM", dict(
        ONE, embedding_size=6, hidden_act="silu", layer_norm_eps=0.1), lambda: dict(
        input_ids=words(1, 9)), STATES, "hidden_act in the head", files="shards")
    yield Case("roformer_untied", "ForMaskedLM", dict(ONE, tie_word_embeddings=False), lambda: dict(input_ids=words(2, 9)))
    yield Case("roformer_multichoice_first", "ForMultipleChoice", dict(
        ONE, summary_type="first", summary_use_proj=True, summary_activation="tanh"), lambda: dict(
        input_ids=words(2, 3, 7)), notes="summary_* keys count where the config has them")
    yield Case("roformer_model_from_mlm", "Model:ForMaskedLM", dict(ONE), lambda: dict(
        input_ids=words(2, 9)))
    yield Case("roformer_frameworks", "ForMaskedLM", ONE, lambda: dict(input_ids=words(2, 7)), also=("msgpack",))
    yield Case("roformer_causal", "ForCausalLM", DECODER, lambda: dict(
        input_ids=words(3, 9), attention_mask=padding(3, 9, left=True), labels=gaps(ids(3, 9))), STATES | NO_CACHE)
    yield Case("roformer_causal_decode", "ForCausalLM", dict(DECODER, num_hidden_layers=2), lambda: dict(
        input_ids=words(2, 9), attention_mask=padding(2, 9, left=True)), dict(chunks=[3, 1, 2, 1, 2]))
    yield Case("roformer_value_decode", "Model", dict(ONE, **DECODER, rotary_value=True), lambda: dict(
        input_ids=words(2, 8)), dict(chunks=[1, 4, 3]), "the cache holds rotated keys and values")
    yield Case("roformer_cross_decode", "ForCausalLM", dict(CROSS, num_hidden_layers=1), lambda: dict(
        input_ids=words(2, 8), **source(2, 11)), dict(chunks=[2, 1, 4, 1]), "nothing is rotated in cross attention")
    yield Case("roformer_cross", "Model", dict(CROSS, num_hidden_layers=1, rotary_value=True), lambda: dict(
        input_ids=words(2, 7), attention_mask=padding(2, 7), head_mask=torch.rand(1, HEADS), **source(2, 11)), CACHE)
    yield from heads("roformer")
