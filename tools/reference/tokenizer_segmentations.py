"""What SentencePiece makes of texts: normal form, pieces and their bytes, the best segmentations, entropy, and how it samples."""

import math

import sentencepiece
from sentencepiece import sentencepiece_pb2

# Only texts this short have their best segmentations and their entropy in the records.
SHORT = 40

ALPHAS = (0.1, 0.5, 1.0)

SAMPLED = [
    "the river", "walking", "unhappily", "a b", "it rains", "checkpoint", "x", "9,9", "12,480", "\"so\"", "of the",
    "the [MASK]", "中",
]


def load(file):
    return sentencepiece.SentencePieceProcessor(model_file=str(file))


def rounded(value):
    return round(value, 5)


def best(model, text, count):
    """The best segmentations as [ids, score]."""
    found = sentencepiece_pb2.NBestSentencePieceText()
    found.ParseFromString(model.nbest_encode(text, nbest_size=count, out_type="serialized_proto"))
    return [[[piece.id for piece in one.pieces], rounded(one.score)] for one in found.nbests]


def records(file, lines):
    model = load(file)
    for line in lines:
        text = line["text"]
        found = sentencepiece_pb2.SentencePieceText()
        found.ParseFromString(model.encode(text, out_type="serialized_proto"))
        ids = [piece.id for piece in found.pieces]
        record = dict(id=line["id"], norm=model.normalize(text), ids=ids, pieces=[piece.piece for piece in found.pieces],
                      decode=model.decode(ids), bytes=[place for piece in found.pieces for place in (piece.begin, piece.end)])
        if 0 < len(text) <= SHORT:
            record["nbest"] = best(model, text, 5)
            record["entropy"] = {str(alpha): rounded(model.calculate_entropy(text, alpha)) for alpha in ALPHAS}
        yield record


def probabilities(scores, alpha, total=None):
    weights = [math.exp(alpha * score) for score in scores]
    total = total or sum(weights)
    return [round(weight / total, 6) for weight in weights[:8]]


def sampling(file):
    """How often each of the best segmentations is to be drawn: over all of them (nbest_size -1), and over the five best."""
    model = load(file)
    for text in SAMPLED:
        assert len(best(model, text, 512)) < 512, f"{text} has too many segmentations to know them all"
    return [sampled(model, text) for text in SAMPLED]


def sampled(model, text):
    top = best(model, text, 512)
    scores = [score for _, score in top]
    return dict(
        text=text, n_segmentations_enumerated=len(top), complete=True,
        top=[dict(ids=ids, score=score) for ids, score in top[:12]],
        lattice={str(alpha): dict(p_theory=probabilities(scores, alpha),
                                  entropy_api=rounded(model.calculate_entropy(text, alpha))) for alpha in ALPHAS},
        nbest={str(alpha): dict(nbest_size=5, p_theory=probabilities(scores[:5], alpha)) for alpha in ALPHAS}
        if len(top) > 1 else {})
