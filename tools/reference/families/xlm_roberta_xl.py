"""XLM-RoBERTa-XL: RoBERTa with norms before each half of a layer, none after the embeddings."""

import torch
import transformers

from families.golden import *
from families.heads import heads

FAMILY = Family("xlm-roberta-xl", "XLMRobertaXL", transformers.XLMRobertaXLConfig, transformers, dict(
    vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=HEADS, intermediate_size=10, num_hidden_layers=2,
    max_position_embeddings=POSITIONS))
ONE = dict(num_hidden_layers=1)


def cases():
    yield Case("xlmrxl_states", "Model", dict(type_vocab_size=2), lambda: dict(
        input_ids=with_pads(words(2, 13), 1, (1, 11), (1, 12)), attention_mask=padding(2, 13),
        token_type_ids=ids(2, 13, limit=2)), STATES)
    yield Case("xlmrxl_head_mask", "Model", dict(hidden_act="relu", layer_norm_eps=0.1, num_hidden_layers=2), lambda: dict(
        input_ids=words(3, 7), attention_mask=padding(3, 7, left=True), head_mask=torch.rand(2, HEADS)), STATES)
    yield Case("xlmrxl_pads_inside", "ForMaskedLM", dict(ONE, pad_token_id=4), lambda: dict(
        input_ids=with_pads(words(2, 9), 4, (0, 3), (1, 0))))
    yield Case("xlmrxl_embeds", "ForTokenClassification", dict(ONE, num_labels=7), lambda: dict(
        inputs_embeds=embeds(2, 8)), STATES)
    yield Case("xlmrxl_relative_key_query", "Model", dict(ONE, position_embedding_type="relative_key_query"), lambda: dict(
        input_ids=words(1, 9)), STATES)
    yield Case("xlmrxl_pruned", "Model", dict(num_hidden_layers=2, pruned_heads={0: [2], 1: [0, 1]}), lambda: dict(
        input_ids=words(1, 9)), STATES)
    yield Case("xlmrxl_untied", "ForMaskedLM", dict(
        ONE, tie_word_embeddings=False, hidden_act="silu", layer_norm_eps=0.1), lambda: dict(
        input_ids=words(2, 9)), notes="the head's activation is gelu whatever hidden_act says")
    yield Case("xlmrxl_model_from_mlm", "Model:ForMaskedLM", dict(ONE), lambda: dict(
        input_ids=words(2, 9)), drop=("pooler_output",))
    yield Case("xlmrxl_causal", "ForCausalLM", DECODER, lambda: dict(
        input_ids=words(3, 9), attention_mask=padding(3, 9, left=True), labels=gaps(ids(3, 9))), STATES | NO_CACHE)
    yield Case("xlmrxl_causal_decode", "ForCausalLM", dict(DECODER, num_hidden_layers=2), lambda: dict(
        input_ids=with_pads(words(2, 8), 1, (1, 0), (1, 1)), attention_mask=padding(2, 8, left=True)), dict(chunks=[3, 1, 1, 3]))
    yield Case("xlmrxl_cross_decode", "ForCausalLM", dict(CROSS, num_hidden_layers=1), lambda: dict(
        input_ids=words(2, 8), **source(2, 11)), dict(chunks=[2, 1, 4, 1]))
    yield from heads("xlmrxl")
