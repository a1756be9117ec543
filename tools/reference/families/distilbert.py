"""DistilBERT: post-norm BERT without token types, whose config has its own names."""

import torch
import transformers

from families.golden import *
from families.heads import heads

FAMILY = Family("distilbert", "DistilBert", transformers.DistilBertConfig, transformers, dict(
    vocab_size=VOCABULARY, dim=HIDDEN, n_heads=HEADS, hidden_dim=10, n_layers=2, max_position_embeddings=POSITIONS))


def cases():
    yield Case("distilbert_states", "Model", {}, lambda: dict(
        input_ids=words(2, 13), attention_mask=padding(2, 13)), STATES)
    yield Case("distilbert_head_mask", "Model", dict(activation="relu"), lambda: dict(
        input_ids=words(3, 7), attention_mask=padding(3, 7, left=True), head_mask=torch.rand(2, HEADS)), STATES)
    yield Case("distilbert_embeds", "ForTokenClassification", dict(num_labels=7, n_layers=1), lambda: dict(
        inputs_embeds=embeds(2, 8), head_mask=torch.rand(HEADS)), STATES)
    yield Case("distilbert_mask_row_of_zeros", "Model", dict(n_layers=1), lambda: dict(
        input_ids=words(2, 6), attention_mask=torch.tensor([[0] * 6, [1, 0, 1, 1, 0, 1]])), STATES,
        "the row whose keys are all masked is uniform")
    yield Case("distilbert_sinusoidal_in_file", "Model", dict(sinusoidal_pos_embds=True, n_layers=1), lambda: dict(
        input_ids=words(1, 9)), notes="the table of the file counts, which is not one of sines")
    yield Case("distilbert_sinusoidal_computed", "Model", dict(sinusoidal_pos_embds=True, n_layers=1), lambda: dict(
        input_ids=words(1, 18)), notes="the file holds no table: it is computed",
        remove=("embeddings.position_embeddings.weight",))
    yield Case("distilbert_other_names", "Model", dict(n_layers=1), lambda: dict(input_ids=words(1, 9)),
               notes="hidden_size, num_attention_heads and num_hidden_layers are other names",
               written=dict(dim=None, n_heads=None, n_layers=None, hidden_size=12, num_attention_heads=3, num_hidden_layers=1))
    yield Case("distilbert_pruned", "Model", dict(n_layers=2, pruned_heads={0: [2], 1: [0, 1]}), lambda: dict(
        input_ids=words(1, 9)), STATES)
    yield Case("distilbert_untied", "ForMaskedLM", dict(tie_word_embeddings=False, n_layers=1), lambda: dict(
        input_ids=words(2, 9)))
    yield Case("distilbert_mlm_act", "ForMaskedLM", dict(activation="gelu_new", n_layers=1), lambda: dict(
        input_ids=words(2, 9)), files="shards")
    yield Case("distilbert_model_from_mlm", "Model:ForMaskedLM", dict(n_layers=1), lambda: dict(
        input_ids=words(2, 9)), files="bin")
    yield Case("distilbert_frameworks", "ForMaskedLM", dict(n_layers=1), lambda: dict(
        input_ids=words(2, 7)), also=("bin", "h5", "msgpack"))
    yield from heads("distilbert", losses=True, n_layers=1)
