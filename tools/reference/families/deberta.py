"""DeBERTa: the first version, and the second with the third's settings."""

import torch
import transformers

from families.golden import *
from families.heads import heads

SIZES = dict(
    vocab_size=VOCABULARY, hidden_size=HIDDEN, num_attention_heads=HEADS, intermediate_size=10, num_hidden_layers=2,
    max_position_embeddings=POSITIONS)
FIRST = Family("deberta", "Deberta", transformers.DebertaConfig, transformers, SIZES)
SECOND = Family("deberta-v2", "DebertaV2", transformers.DebertaV2Config, transformers, SIZES)
ONE = dict(num_hidden_layers=1)
ROWS = "attention_mask"
BOTH = dict(relative_attention=True, pos_att_type=["c2p", "p2c"])
V3 = dict(BOTH, position_buckets=6, norm_rel_ebd="layer_norm", share_att_key=True, position_biased_input=False)


def losses(name, **config):
    """Losses that only these two have: rows with a negative label are left out, soft labels, flat logits."""
    def case(what, own, inputs, notes):
        return Case(f"{name}_loss_{what}", "ForSequenceClassification", {**ONE, **config, **own}, inputs, notes=notes)

    yield case("negative", dict(num_labels=7), lambda: dict(
        input_ids=words(3, 6), labels=torch.tensor([4, -1, 2])), "rows with a negative label are left out")
    yield case("none", dict(num_labels=7), lambda: dict(
        input_ids=words(2, 6), labels=torch.tensor([-100, -1])), "no row left: the loss is 0")
    yield case("soft", dict(num_labels=4), lambda: dict(
        input_ids=words(3, 6), labels=torch.rand(3, 4)), "cross entropy with probabilities")
    yield case("regressions", dict(num_labels=4, problem_type="regression"), lambda: dict(
        input_ids=words(3, 6), labels=torch.rand(3, 4)), "")
    yield case("single", dict(num_labels=4, problem_type="single_label_classification", pooler_hidden_act="tanh"), lambda: dict(
        input_ids=words(3, 6), labels=torch.tensor([1, -100, 3])), "")


def masked_heads(name, **config):
    yield Case(name + "_mlm_act", "ForMaskedLM", dict(
        ONE, **config, hidden_act="silu", embedding_size=6, layer_norm_eps=0.1), lambda: dict(
        input_ids=words(2, 9)), notes="hidden_act in the head, which goes to embedding_size")
    yield Case(name + "_mlm_new", "ForMaskedLM", dict(
        ONE, **config, legacy=False, tie_word_embeddings=False, layer_norm_eps=0.1), lambda: dict(
        input_ids=words(2, 9), labels=gaps(ids(2, 9))), notes="lm_predictions; the output matrix is the word embedding")
    yield Case(name + "_untied", "ForMaskedLM", dict(ONE, **config, tie_word_embeddings=False), lambda: dict(
        input_ids=words(2, 9)))
    yield Case(name + "_model_from_mlm", "Model:ForMaskedLM", dict(ONE, **config), lambda: dict(
        input_ids=words(2, 9)))


def first():
    both = dict(BOTH, position_biased_input=False)
    yield Case("deberta_states", "Model", both, lambda: dict(input_ids=words(1, 17)), STATES)
    yield Case("deberta_padding", "Model", dict(both, num_hidden_layers=2), lambda: dict(
        input_ids=words(3, 9), attention_mask=padding(3, 9)), HIDDEN_STATES, valid_rows=ROWS)
    yield Case("deberta_padding_uniform", "Model", dict(both, num_hidden_layers=1), lambda: dict(
        input_ids=words(2, 7), attention_mask=padding(2, 7, left=True)), STATES, "rows of padded queries are uniform over all keys")
    yield Case("deberta_c2p_span", "Model", dict(
        ONE, relative_attention=True, pos_att_type=["c2p"], max_relative_positions=5), lambda: dict(
        input_ids=words(1, 12)), STATES, "12 tokens, distances of 5 at most")
    yield Case("deberta_p2c_types", "Model", dict(
        ONE, relative_attention=True, pos_att_type=["p2c"], type_vocab_size=3, max_relative_positions=23), lambda: dict(
        input_ids=words(2, 9), token_type_ids=ids(2, 9, limit=3)), STATES, "more distances than tokens: the middle of the table")
    yield Case("deberta_text_kinds", "Model", dict(ONE, **both), lambda: dict(input_ids=words(1, 9)), STATES,
               written=dict(pos_att_type="C2P | p2c"), notes="pos_att_type as text, split at |, in lower case")
    yield Case("deberta_talking_head", "Model", dict(ONE, **both, talking_head=True, layer_norm_eps=0.1), lambda: dict(
        input_ids=words(2, 8)), STATES, "probabilities are mixed after the softmax: rows do not sum to one")
    yield Case("deberta_absolute", "Model", dict(ONE, type_vocab_size=2), lambda: dict(
        input_ids=words(2, 9), position_ids=positions(9), token_type_ids=ids(2, 9, limit=2)), STATES,
        "relative_attention false")
    yield Case("deberta_scale_without_relative", "Model", dict(ONE, pos_att_type=["c2p", "p2c"]), lambda: dict(
        input_ids=words(1, 9)), STATES, "pos_att_type changes the scale though relative_attention is false")
    yield Case("deberta_embeds", "ForTokenClassification", dict(ONE, **both, num_labels=7, embedding_size=6), lambda: dict(
        inputs_embeds=embeds(2, 8, width=6)), STATES, files="shards")
    yield from masked_heads("deberta", **both)
    yield from heads("deberta", choices=False, valid_rows=ROWS, **BOTH)


def second():
    yield Case("debertav2_states", "Model", V3, lambda: dict(input_ids=words(1, 17)), STATES)
    yield Case("debertav2_padding", "Model", dict(V3, num_hidden_layers=2), lambda: dict(
        input_ids=words(3, 17), attention_mask=padding(3, 17)), HIDDEN_STATES, valid_rows=ROWS)
    yield Case("debertav2_padding_uniform", "Model", dict(V3, num_hidden_layers=1), lambda: dict(
        input_ids=words(2, 7), attention_mask=padding(2, 7, left=True)), STATES, "rows of padded queries are uniform over all keys")
    yield Case("debertav2_beyond", "Model", dict(V3, num_hidden_layers=1), lambda: dict(
        input_ids=words(1, 41)), HIDDEN_STATES, "longer than max_position_embeddings: distances stop at the last bucket")
    yield Case("debertav2_unshared", "Model", dict(ONE, **BOTH), lambda: dict(
        input_ids=words(1, 17)), STATES, "no buckets, projections of their own for positions")
    yield Case("debertav2_c2p_span", "Model", dict(
        ONE, relative_attention=True, pos_att_type=["c2p"], max_relative_positions=5), lambda: dict(
        input_ids=words(1, 12)), STATES)
    yield Case("debertav2_p2c_types", "Model", dict(
        ONE, relative_attention=True, pos_att_type=["p2c"], type_vocab_size=3, position_buckets=6,
        max_relative_positions=9), lambda: dict(
        input_ids=words(1, 16), token_type_ids=ids(1, 16, limit=3)), STATES)
    yield Case("debertav2_relative_of_nothing", "Model", dict(ONE, relative_attention=True, norm_rel_ebd="layer_norm"), lambda: dict(
        input_ids=words(2, 7)), STATES, "relative_attention true, pos_att_type null: nothing is added")
    yield Case("debertav2_scale_without_relative", "Model", dict(ONE, pos_att_type=["c2p", "p2c"]), lambda: dict(
        input_ids=words(1, 9)), STATES, "pos_att_type changes the scale though relative_attention is false")
    yield Case("debertav2_absolute", "Model", dict(ONE, type_vocab_size=2), lambda: dict(
        input_ids=words(2, 9), position_ids=positions(9), token_type_ids=ids(2, 9, limit=2)), STATES)
    yield Case("debertav2_text_kinds", "Model", dict(ONE, **V3), lambda: dict(input_ids=words(1, 9)), STATES,
               written=dict(pos_att_type="P2C|c2p", norm_rel_ebd="None | LAYER_NORM"), notes="both as text, split at |, in lower case")
    yield Case("debertav2_conv", "Model", dict(
        V3, num_hidden_layers=2, conv_kernel_size=3, conv_act="gelu", layer_norm_eps=0.1), lambda: dict(
        input_ids=words(3, 9), attention_mask=padding(3, 9)), HIDDEN_STATES,
        "the convolution reads the embeddings and is added after layer 0 alone", valid_rows=ROWS)
    yield Case("debertav2_conv_groups", "Model", dict(ONE, **V3, conv_kernel_size=5, conv_groups=4), lambda: dict(
        input_ids=words(2, 7)), HIDDEN_STATES, "conv_act absent: tanh")
    yield Case("debertav2_head_size", "Model", dict(
        V3, num_hidden_layers=1, attention_head_size=4, hidden_act="relu", layer_norm_eps=0.1), lambda: dict(
        input_ids=words(2, 7)), STATES)
    yield Case("debertav2_embeds", "ForTokenClassification", dict(ONE, **V3, num_labels=7, embedding_size=6), lambda: dict(
        inputs_embeds=embeds(2, 8, width=6)), STATES, files="shards")
    yield Case("debertav2_frameworks", "ForSequenceClassification", dict(ONE, **V3, num_labels=3), lambda: dict(
        input_ids=words(2, 7)), also=("h5",))
    yield from masked_heads("debertav2", **V3)
    yield from losses("debertav2", **V3)
    yield from heads("debertav2", losses=True, valid_rows=ROWS, **V3)
