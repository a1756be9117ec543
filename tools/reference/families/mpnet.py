"""MPNet: BERT with RoBERTa's positions and one table of relative biases for all layers."""

import torch
import transformers

from families.golden import *
from families.heads import heads

FAMILY = Family("mpnet", "MPNet", transformers.MPNetConfig, transformers, dict(
    vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=HEADS, intermediate_size=10, num_hidden_layers=2,
    max_position_embeddings=POSITIONS))


def cases():
    yield Case("mpnet_states", "Model", {}, lambda: dict(
        input_ids=with_pads(words(2, 13), 1, (1, 11), (1, 12)), attention_mask=padding(2, 13)), STATES)
    yield Case("mpnet_far", "Model", dict(num_hidden_layers=1, hidden_size=6, num_attention_heads=3, intermediate_size=4,
                                          max_position_embeddings=152), lambda: dict(
        input_ids=words(1, 150)), notes="distances up to and beyond 128 reach all 32 buckets")
    yield Case("mpnet_more_buckets", "Model", dict(num_hidden_layers=1, relative_attention_num_buckets=41), lambda: dict(
        input_ids=words(1, 16)), STATES, "the formula uses 32 buckets, the table has more rows")
    yield Case("mpnet_fewer_buckets", "Model", dict(num_hidden_layers=1, relative_attention_num_buckets=21), lambda: dict(
        input_ids=words(2, 5)), STATES, "a table of 21 rows is enough for 5 tokens: buckets 0..4 and 17..20")
    yield Case("mpnet_head_mask", "Model", dict(hidden_act="relu", num_hidden_layers=2), lambda: dict(
        input_ids=words(3, 7), attention_mask=padding(3, 7, left=True), head_mask=torch.rand(2, HEADS)), STATES)
    yield Case("mpnet_pads_inside", "ForMaskedLM", dict(pad_token_id=4, num_hidden_layers=1), lambda: dict(
        input_ids=with_pads(with_pads(words(2, 9), 1, (0, 3), (1, 0)), 4, (0, 6), (1, 8))),
        notes="positions go by id 1, whatever pad_token_id says")
    yield Case("mpnet_embeds", "ForTokenClassification", dict(num_labels=7, num_hidden_layers=1), lambda: dict(
        inputs_embeds=embeds(2, 8)), STATES)
    yield Case("mpnet_positions", "Model", dict(num_hidden_layers=1), lambda: dict(
        input_ids=words(2, 9), position_ids=positions(9).repeat(2, 1)), STATES,
        "the relative bias goes by the index, never by position_ids")
    yield Case("mpnet_pruned_eps", "Model", dict(num_hidden_layers=2, layer_norm_eps=0.1), lambda: dict(
        input_ids=words(1, 9)), STATES)
    yield Case("mpnet_untied", "ForMaskedLM", dict(
        tie_word_embeddings=False, num_hidden_layers=1, hidden_act="silu", layer_norm_eps=0.1), lambda: dict(
        input_ids=words(2, 9)), notes="the head's activation is gelu whatever hidden_act says")
    yield Case("mpnet_model_from_mlm", "Model:ForMaskedLM", dict(num_hidden_layers=1), lambda: dict(
        input_ids=words(2, 9)), drop=("pooler_output",))
    yield Case("mpnet_frameworks", "ForSequenceClassification", dict(num_hidden_layers=1, num_labels=3), lambda: dict(
        input_ids=words(2, 7)), also=("h5",))
    yield from heads("mpnet")
