"""The heads that most families have, one small case each."""

import torch

from families.golden import Case, gaps, ids, padding, words


def heads(name, choices=True, losses=False, valid_rows=None, **config):
    """Cases for a family of this name; config goes into all of them.

    choices: whether multiple choice is among them; losses: whether all losses of a classifier of sequences are.
    valid_rows: see the format of the cases.
    """
    def case(what, kind, own, inputs, **facts):
        return Case(f"{name}_{what}", kind, {"num_hidden_layers": 1, **config, **own}, inputs, **facts)

    masked = dict(valid_rows=valid_rows)
    yield case("mlm", "ForMaskedLM", {}, lambda: dict(
        input_ids=words(3, 9), attention_mask=padding(3, 9), labels=gaps(ids(3, 9))), **masked)
    yield case("seqcls", "ForSequenceClassification", dict(num_labels=7), lambda: dict(
        input_ids=words(3, 9), attention_mask=padding(3, 9), labels=ids(3, limit=7)))
    if losses:
        yield case("seqcls_regression", "ForSequenceClassification", dict(num_labels=1), lambda: dict(
            input_ids=words(3, 8), labels=torch.randn(3)))
        yield case("seqcls_truths", "ForSequenceClassification", dict(num_labels=4), lambda: dict(
            input_ids=words(3, 8), labels=torch.rand(3, 4)))
    yield case("tokencls", "ForTokenClassification", dict(num_labels=7), lambda: dict(
        input_ids=words(3, 9), attention_mask=padding(3, 9), labels=gaps(ids(3, 9, limit=7))), **masked)
    yield case("qa", "ForQuestionAnswering", {}, lambda: dict(
        input_ids=words(3, 8), start_positions=torch.tensor([[3], [-5], [8]]), end_positions=torch.tensor([7, 9, 0])))
    if choices:
        yield case("multichoice", "ForMultipleChoice", {}, lambda: dict(
            input_ids=words(2, 3, 8), attention_mask=padding(2, 8)[:, None].repeat(1, 3, 1), labels=ids(2, limit=3)))
