#!/usr/bin/env python3
"""Makes src/test/resources/tasks/span-*: tiny checkpoints that classify tokens and answer questions, and what transformers'
pipelines answer with them.

Makes folders span-FAMILY-tokens and span-FAMILY-answers, each a model with random weights and a tokenizer that
is trained on the texts below, and span-cases.json with the results. All counts of a model differ, the
embeddings and heads are scaled up so that decisions are clear, and places are in code points, as Python counts.
"""

import functools
import itertools
import json
import warnings

import torch
import transformers
from tokenizers import models
from transformers import AutoTokenizer, pipeline

import common
import tiny_tokenizers

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()

COMMITTED = common.RESOURCES / "tasks"
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "MISC", "I-X-RAY"]
LONGEST = 64  # tokens: model_max_length

SENTENCES = [
    "Ada Lovelace met Señor Núñez in Zürich, near the café.",
    "The river runs from Łódź to Paris; nobody counts the bridges!",
    "In 1984 the band played 北京 and 東京 for three nights 😀 and left.",
    "Don't walk to Reykjavík: it's 2,010 miles away... 👩‍🚀 said so.",
    "𝒳-ray light ﬁnds the oﬃce of Dr. Ångström at the corner.",
    "  Two  spaces,\ta tab and\na new line hide in here. ",
    "Unforgettable internationalisation workshops overwhelmed Constantinople.",
    "She sold 😀😀 sea shells; he sold 🧊 at the seashore of Málaga.",
]
LONG = " ".join(SENTENCES[i] for i in (0, 3, 1, 6, 2, 7, 4, 0, 1, 3))
LONG_PLAIN = " ".join(
    "the old clerk of %s wrote that %s was lost near the %s bridge in the year %d." % words
    for words in zip(
        "Rome Łódź Paris Málaga 北京 Oslo".split(),
        "Ada 😀 Señor Nobody Constantinople Zürich".split(),
        "stone first café last high 𝒳".split(),
        range(1984, 1990),
    )
)
QUESTIONS = ["Where is the café?", "Who met Señor Núñez 😀?", "Which year was it lost?"]
CORPUS = SENTENCES[:3] + SENTENCES[4:7] + QUESTIONS[:1] + [LONG_PLAIN]


def bert_tokenizer(folder):
    vocabulary = sorted(tiny_tokenizers.word_piece(CORPUS, 211).get_vocab().items(), key=lambda item: item[1])
    (folder / "vocab.txt").write_text("".join(token + "\n" for token, _ in vocabulary))
    return transformers.BertTokenizerFast(vocab_file=str(folder / "vocab.txt"), model_max_length=LONGEST)


def albert_tokenizer(folder):
    tokenizer = tiny_tokenizers.unigram(models.Unigram(), CORPUS, 199)
    return transformers.AlbertTokenizerFast(tokenizer_object=tokenizer, model_max_length=LONGEST)


def roberta_tokenizer(folder, prefix_space=False, name="Roberta"):
    tiny_tokenizers.byte_pairs(CORPUS, 373, prefix_space=prefix_space).model.save(str(folder))
    cls = getattr(transformers, name + "TokenizerFast")
    return cls(vocab_file=str(folder / "vocab.json"), merges_file=str(folder / "merges.txt"),
               add_prefix_space=prefix_space, model_max_length=LONGEST)


ENCODER = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=37, initializer_range=0.3)


def make_model(out, name, tokenizer, config, model, head, side="right", labels=LABELS, seed=0, sharpness=1.0):
    folder = common.fresh(out / ("span-" + name))
    tokenizer(folder).save_pretrained(folder)
    tiny_tokenizers.take_kept(COMMITTED / folder.name, folder)
    vocabulary = len(AutoTokenizer.from_pretrained(folder))
    torch.manual_seed(seed)
    labelled = dict(id2label=dict(enumerate(labels))) if labels else {}
    built = model(config(vocabulary, labelled)).eval()
    with torch.no_grad():
        layer = getattr(built, head)
        layer.weight.copy_(torch.randn(layer.weight.shape) * sharpness)
        layer.bias.copy_(torch.randn(layer.bias.shape) * 0.3)
        if labels:  # no label is better than another on the whole
            ids = AutoTokenizer.from_pretrained(folder)(LONG, truncation=True, return_tensors="pt")
            layer.bias -= built(**ids).logits[0].mean(0)
    built.save_pretrained(folder)
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    settings["padding_side"] = side
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1, ensure_ascii=False))
    return folder


def checkpoints(out):
    t = transformers

    def bert(vocabulary, more):
        return t.BertConfig(vocab_size=vocabulary, max_position_embeddings=LONGEST + 3, **ENCODER, **more)

    def albert(vocabulary, more):
        return t.AlbertConfig(vocab_size=vocabulary, embedding_size=17, num_hidden_groups=1,
                              max_position_embeddings=LONGEST + 5, pad_token_id=0, bos_token_id=2, eos_token_id=3,
                              **ENCODER, **more)

    def roberta(vocabulary, more):
        return t.RobertaConfig(vocab_size=vocabulary, max_position_embeddings=LONGEST + 9, pad_token_id=1,
                               bos_token_id=0, eos_token_id=2, type_vocab_size=1, **ENCODER, **more)

    def longformer(vocabulary, more):
        return t.LongformerConfig(vocab_size=vocabulary, max_position_embeddings=LONGEST + 11, pad_token_id=1,
                                  bos_token_id=0, eos_token_id=2, sep_token_id=2, type_vocab_size=1,
                                  attention_window=[8, 4], **ENCODER, **more)

    def bart(vocabulary, more):
        return t.BartConfig(vocab_size=vocabulary, max_position_embeddings=LONGEST + 2, d_model=24, encoder_layers=2,
                            decoder_layers=1, encoder_attention_heads=3, decoder_attention_heads=4,
                            encoder_ffn_dim=37, decoder_ffn_dim=29, init_std=0.3, **more)

    tokens = [
        ("bert-tokens", bert_tokenizer, bert, t.BertForTokenClassification),
        ("albert-tokens", albert_tokenizer, albert, t.AlbertForTokenClassification),
        ("roberta-tokens", lambda f: roberta_tokenizer(f, True), roberta, t.RobertaForTokenClassification),
    ]
    for seed, (name, tokenizer, config, model) in enumerate(tokens):
        make_model(out, name, tokenizer, config, model, "classifier", seed=seed)
    answers = [
        ("bert-answers", bert_tokenizer, bert, t.BertForQuestionAnswering, "right"),
        ("albert-answers", albert_tokenizer, albert, t.AlbertForQuestionAnswering, "right"),
        ("roberta-answers", roberta_tokenizer, roberta, t.RobertaForQuestionAnswering, "right"),
        ("longformer-answers", lambda f: roberta_tokenizer(f, name="Longformer"), longformer,
         t.LongformerForQuestionAnswering, "right"),
        ("bart-answers", lambda f: roberta_tokenizer(f, name="Bart"), bart, t.BartForQuestionAnswering, "right"),
        ("left-answers", bert_tokenizer, bert, t.BertForQuestionAnswering, "left"),
    ]
    for seed, (name, tokenizer, config, model, side) in enumerate(answers, 10):
        make_model(out, name, tokenizer, config, model, "qa_outputs", side, labels=None, seed=seed, sharpness=1.3)


@functools.cache
def pipe_of(task, folder, fast):
    return pipeline(task, str(folder), use_fast=fast, device="cpu")


def plain(value):
    """Results as JSON has them, scores to seven digits."""
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    value = value.item() if hasattr(value, "item") else value
    return float(f"{value:.7g}") if isinstance(value, float) else value


def token_cases(out):
    cases = []

    def add(model, fast, inputs, **settings):
        words = isinstance(inputs, list)
        pipe = pipe_of("token-classification", out / model, fast)
        if not words:
            result = pipe(inputs, **settings)
        else:
            result = pipe([inputs], is_split_into_words=True, **settings)[0]
        cases.append(dict(model=model, fast=fast, **{"words" if words else "text": inputs}, settings=settings,
                          result=plain(result)))

    strategies = ["none", "simple", "first", "average", "max"]
    for family in ("bert", "albert", "roberta"):
        model = f"span-{family}-tokens"
        for strategy, text in itertools.product(strategies, SENTENCES + ["", LONG]):
            add(model, True, text, aggregation_strategy=strategy)
        for strategy in strategies:
            add(model, True, SENTENCES[0], aggregation_strategy=strategy, ignore_labels=[])
            add(model, True, SENTENCES[2], aggregation_strategy=strategy,
                ignore_labels=["PER", "B-LOC", "I-LOC", "O"])
        for strategy, stride, text in itertools.product(strategies[1:], (0, 31), (LONG, LONG_PLAIN)):
            add(model, True, text, aggregation_strategy=strategy, stride=stride)
        add(model, True, SENTENCES[0], aggregation_strategy="simple", stride=5)
        for strategy in strategies:
            add(model, True, SENTENCES[2].split(), aggregation_strategy=strategy)
            add(model, True, SENTENCES[7].split(), aggregation_strategy=strategy, delimiter="--")
        add(model, True, LONG.split(), aggregation_strategy="simple", stride=7)
        add(model, True, LONG.split(), aggregation_strategy="max", stride=7, delimiter="")
    for family in ("bert", "roberta"):
        for strategy, text in itertools.product(strategies[:2], SENTENCES[:4] + [LONG]):
            add(f"span-{family}-tokens", False, text, aggregation_strategy=strategy)
    return cases


def answer_cases(out):
    cases = []

    def add(model, fast, question, context, **settings):
        pipe = pipe_of("question-answering", out / model, fast)
        result = pipe(question=question, context=context, **settings)
        result = result if isinstance(result, list) else [result]
        cases.append(dict(model=model, fast=fast, question=question, context=context, settings=settings,
                          result=plain(result)))

    contexts = [SENTENCES[0], SENTENCES[2], SENTENCES[5], SENTENCES[7], LONG, LONG_PLAIN]
    settings = [
        dict(),
        dict(top_k=5),
        dict(top_k=3, handle_impossible_answer=True),
        dict(top_k=4, align_to_words=False),
        dict(top_k=1, align_to_words=False),
        dict(top_k=6, max_answer_len=3),
        dict(top_k=2, max_answer_len=1, handle_impossible_answer=True),
        dict(top_k=4, max_seq_len=40, doc_stride=7),
        dict(top_k=3, max_seq_len=50, doc_stride=0, handle_impossible_answer=True, align_to_words=False),
    ]
    for name in ("bert", "albert", "roberta", "longformer", "bart", "left"):
        for i, (context, setting) in enumerate(itertools.product(contexts, settings)):
            add(f"span-{name}-answers", True, QUESTIONS[i % 3], context, **setting)
    slow = [
        dict(top_k=1, doc_stride=20),
        dict(top_k=3, doc_stride=16, handle_impossible_answer=True),
        dict(top_k=4, max_seq_len=40, doc_stride=9),
        dict(top_k=2, max_question_len=3, max_answer_len=4, doc_stride=11),
    ]
    for name, setting, context in itertools.product(("bert", "roberta"), slow, (SENTENCES[0], SENTENCES[2], LONG_PLAIN)):
        add(f"span-{name}-answers", False, QUESTIONS[1], context, **setting)
    return cases


def make(out):
    checkpoints(out)
    cases = dict(tokens=token_cases(out), answers=answer_cases(out))
    lines = ["{"]
    for kind, last in (("tokens", ","), ("answers", "")):
        rows = ",\n".join(common.compact(case) for case in cases[kind])
        lines.append(f'"{kind}":[\n{rows}\n]{last}')
    (out / "span-cases.json").write_text("\n".join(lines + ["}"]) + "\n")
    for kind, found in cases.items():
        print(kind, len(found))


if __name__ == "__main__":
    common.main(__doc__, make, "tasks", ["torch", "transformers", "tokenizers"], produces=["span-*"])
