"""ModernBERT: pre-norm, rotary positions, windows between global layers, gated feed-forward."""

import torch
import transformers

from families.golden import *
from families.heads import heads

FAMILY = Family("modernbert", "ModernBert", transformers.ModernBertConfig, transformers, dict(
    vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=HEADS, intermediate_size=10, num_hidden_layers=5,
    max_position_embeddings=POSITIONS, local_attention=6, pad_token_id=0, bos_token_id=1, eos_token_id=2, cls_token_id=1,
    sep_token_id=2))
ONE = dict(num_hidden_layers=1)
TWO = dict(num_hidden_layers=2)
ROWS = "attention_mask"
BIASES = dict(attention_bias=True, mlp_bias=True, norm_bias=True, classifier_bias=True)


def bodies():
    yield Case("modernbert_states", "Model", {}, lambda: dict(input_ids=words(1, 13)), STATES,
               "layers 0 and 3 are global; the last hidden state is before final_norm")
    yield Case("modernbert_padding", "Model", dict(num_hidden_layers=3), lambda: dict(
        input_ids=words(3, 15), attention_mask=padding(3, 15)), HIDDEN_STATES, valid_rows=ROWS)
    yield Case("modernbert_padding_left", "Model", TWO, lambda: dict(
        input_ids=words(3, 15), attention_mask=padding(3, 15, left=True)), HIDDEN_STATES, valid_rows=ROWS)
    yield Case("modernbert_padding_uniform", "Model", TWO, lambda: dict(
        input_ids=words(2, 9), attention_mask=torch.tensor([[1] * 9, [1] * 2 + [0] * 7])), STATES,
        "queries with no token in their window are uniform over all keys")
    yield Case("modernbert_odd_window", "Model", dict(
        num_hidden_layers=3, local_attention=3, global_attn_every_n_layers=2), lambda: dict(
        input_ids=words(1, 9)), STATES, "3 // 2 = 1 on each side")
    yield Case("modernbert_window_one", "Model", dict(TWO, local_attention=1), lambda: dict(input_ids=words(1, 7)), STATES,
               "each token sees itself alone")
    yield Case("modernbert_no_window", "Model", dict(TWO, local_attention=-1), lambda: dict(input_ids=words(1, 9)), STATES,
               "-1 // 2 = -1: no window, local_rope_theta all the same")
    yield Case("modernbert_wide_window", "Model", dict(TWO, local_attention=40), lambda: dict(input_ids=words(1, 9)), STATES)
    yield Case("modernbert_all_global", "Model", dict(TWO, global_attn_every_n_layers=1), lambda: dict(input_ids=words(1, 12)), STATES)
    yield Case("modernbert_thetas", "Model", dict(TWO, global_rope_theta=31.0, local_rope_theta=7.0), lambda: dict(
        input_ids=words(1, 12)), STATES)
    yield Case("modernbert_one_theta", "Model", dict(TWO, global_rope_theta=31.0, local_rope_theta=None), lambda: dict(
        input_ids=words(1, 12)), STATES, "local_rope_theta null: the global one")
    yield Case("modernbert_rope_linear", "Model", dict(TWO, rope_scaling=dict(rope_type="linear", factor=3.0)), lambda: dict(
        input_ids=words(1, 9)), STATES, "rope_scaling is no key of the class, yet it counts")
    yield Case("modernbert_beyond", "Model", TWO, lambda: dict(input_ids=words(1, 29)),
               notes="longer than max_position_embeddings runs")
    yield Case("modernbert_positions", "Model", TWO, lambda: dict(
        input_ids=words(2, 9), position_ids=positions(9)), HIDDEN_STATES, "position_ids move the angle, the window goes by the index")
    yield Case("modernbert_biases", "Model", dict(TWO, **BIASES, norm_eps=0.1, hidden_activation="silu"), lambda: dict(
        input_ids=words(1, 9)), STATES)
    yield Case("modernbert_norm_bias", "Model", dict(TWO, norm_bias=True), lambda: dict(input_ids=words(1, 6)))
    yield Case("modernbert_embeds", "ForTokenClassification", dict(TWO, num_labels=7), lambda: dict(
        inputs_embeds=embeds(2, 8)), STATES, files="shards")
    yield Case("modernbert_rope_theta", "Model", dict(TWO), lambda: dict(input_ids=words(1, 9)), STATES,
               written=dict(global_rope_theta=None, rope_theta=31.0), notes="rope_theta in config.json is set and then overwritten by the default of global_rope_theta: it does not count")


def own_heads():
    yield Case("modernbert_sparse", "ForMaskedLM", dict(ONE, sparse_prediction=True), lambda: dict(
        input_ids=words(2, 9), labels=gaps(ids(2, 9))), notes="logits of the labelled tokens alone, in a row")
    yield Case("modernbert_sparse_unlabelled", "ForMaskedLM", dict(ONE, sparse_prediction=True), lambda: dict(
        input_ids=words(1, 9)), notes="without labels all logits")
    yield Case("modernbert_sparse_index", "ForMaskedLM", dict(ONE, sparse_prediction=True, sparse_pred_ignore_index=3), lambda: dict(
        input_ids=words(2, 9), labels=ids(2, 9, limit=5)), notes="label 3 is left out, and -100 nowhere")
    yield Case("modernbert_no_decoder_bias", "ForMaskedLM", dict(ONE, decoder_bias=False, classifier_bias=True, norm_eps=0.1), lambda: dict(
        input_ids=words(2, 9)))
    yield Case("modernbert_untied", "ForMaskedLM", dict(ONE, tie_word_embeddings=False, classifier_activation="relu"), lambda: dict(
        input_ids=words(2, 9)))
    for pooling in ("cls", "mean"):
        yield Case("modernbert_seqcls_left_" + pooling, "ForSequenceClassification", dict(
            TWO, classifier_pooling=pooling, num_labels=4, classifier_activation="silu"), lambda: dict(
            input_ids=words(3, 9), attention_mask=padding(3, 9, left=True)), notes="cls is position 0, padded or not")
        yield Case("modernbert_multichoice_left_" + pooling, "ForMultipleChoice", dict(
            ONE, classifier_pooling=pooling, norm_bias=True), lambda: dict(
            input_ids=words(2, 3, 7), attention_mask=padding(2, 7, left=True)[:, None].repeat(1, 3, 1)),
            notes="cls is the first position with mask 1")
    yield Case("modernbert_model_from_mlm", "Model:ForMaskedLM", ONE, lambda: dict(input_ids=words(2, 9)), files="bin")


def cases():
    yield from bodies()
    yield from own_heads()
    yield from heads("modernbert", losses=True, valid_rows=ROWS)
