#!/usr/bin/env python3
"""Makes src/test/resources/tasks/classes-*: models that classify, choose, embed and rerank, and what they answer.

A folder for each case: a tiny random checkpoint, its tokenizer, and expected.json with the answers (task_answers.py).
io.lanewise.task.SequenceReferencesTest compares.

Weights are drawn from a seed, biases and norms too, and saved in half precision; the answers are those of the
saved folder in single precision. All counts of a checkpoint differ.
"""

import json
import pathlib
import tempfile

import torch
import transformers as hf
from safetensors.torch import save_file
from tokenizers import models
from transformers.models.deprecated import nezha

import common
import tiny_tokenizers
from task_answers import choose, classify, embed, fill, rerank, sentences, zero_shot

hf.logging.set_verbosity_error()

TEXTS = """
the capital of france is paris . rome is in italy , and madrid is in spain .
a gripping , beautifully shot film ; the worst movie of the year !
in italy pizza is served unsliced . it is eaten with a fork and a knife . it is eaten while held in the hand .
the sky is blue due to the shorter wavelength of blue light . how tall is the mountain ? it is 3,403 metres high .
this example is about sports , politics , science or music . the match ended in a draw after extra time .
she opened the door and went in . then it began to rain , and we stayed at home . query : passage : one two three
"""
WORDS = sorted(set(TEXTS.split()))
LETTERS = sorted(set("abcdefghijklmnopqrstuvwxyz0123456789"))


def wordpiece(folder, most):
    vocabulary = list(tiny_tokenizers.BERT_SPECIALS)
    vocabulary += sorted(set(WORDS) | set(LETTERS)) + ["##" + letter for letter in LETTERS] + ["##ing", "##ed"]
    path = folder / "vocab.txt"
    path.write_text("\n".join(vocabulary) + "\n")
    return hf.BertTokenizerFast(str(path), model_max_length=most)


def unigram(folder, most):
    pieces = [(token, 0.0) for token in tiny_tokenizers.ALBERT_SPECIALS]
    pieces += [("▁" + word, -4 - i / 50) for i, word in enumerate(WORDS)]
    pieces += [(letter, -9 - i / 50) for i, letter in enumerate(["▁", ".", ",", "!", "?"] + LETTERS)]
    tokenizer = tiny_tokenizers.unigram(models.Unigram(pieces, unk_id=1))
    path = folder / "made.json"
    tokenizer.save(str(path))
    return hf.AlbertTokenizerFast(tokenizer_file=str(path), model_max_length=most)


def bytelevel(cls):
    def make(folder, most):
        tokenizer = tiny_tokenizers.byte_pairs(TEXTS.strip().splitlines(), 340)
        tokenizer.model.save(str(folder))
        return cls(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=most)
    return make


FAMILIES = {
    "albert": (unigram, hf.AlbertConfig, dict(
        embedding_size=10, hidden_size=18, num_hidden_layers=4, num_hidden_groups=2, num_attention_heads=3,
        intermediate_size=26, max_position_embeddings=64, bos_token_id=2, eos_token_id=3, pad_token_id=0)),
    "bert": (wordpiece, hf.BertConfig, dict(
        hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=22,
        max_position_embeddings=62)),
    "nezha": (wordpiece, nezha.NezhaConfig, dict(
        hidden_size=20, num_hidden_layers=3, num_attention_heads=2, intermediate_size=28,
        max_position_embeddings=60, max_relative_position=7)),
    "roberta": (bytelevel(hf.RobertaTokenizerFast), hf.RobertaConfig, dict(
        hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=30,
        max_position_embeddings=120, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2)),
    "longformer": (bytelevel(hf.LongformerTokenizerFast), hf.LongformerConfig, dict(
        hidden_size=12, num_hidden_layers=2, num_attention_heads=3, intermediate_size=30, attention_window=[4, 8],
        max_position_embeddings=122, type_vocab_size=1, pad_token_id=1, bos_token_id=0, eos_token_id=2,
        sep_token_id=2)),
    "bart": (bytelevel(hf.BartTokenizerFast), hf.BartConfig, dict(
        d_model=14, encoder_layers=2, decoder_layers=3, encoder_attention_heads=2, decoder_attention_heads=7,
        encoder_ffn_dim=18, decoder_ffn_dim=24, max_position_embeddings=110, num_labels=3)),
}


def checkpoint(folder, cls, seed, most, **settings):
    """A random checkpoint of this class with its tokenizer, as transformers saves both."""
    family = cls.config_class.model_type
    tokenize, config_class, sizes = FAMILIES[family]
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        tokenizer = tokenize(pathlib.Path(scratch), most)
        tokenizer.save_pretrained(folder)
    for name in ("vocab.txt", "vocab.json", "merges.txt"):
        (folder / name).unlink(missing_ok=True)
    config = config_class(**{**sizes, "vocab_size": len(tokenizer), **settings})
    torch.manual_seed(seed)
    model = cls(config)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            norm = weight.dim() == 1 and name.endswith("weight")
            weight.copy_(torch.randn_like(weight) * (0.1 if weight.dim() == 1 else 0.35) + (1 if norm else 0))
    model.half().save_pretrained(folder)


# ---- Folders of sentence-transformers

def modules(folder, names, pooling, transformer="", sentence=None, settings=None):
    kinds = {"Pooling": "sentence_transformers.models.Pooling", "Dense": "sentence_transformers.models.Dense",
             "Normalize": "sentence_transformers.models.Normalize",
             "LayerNorm": "sentence_transformers.models.LayerNorm"}
    entries = [{"idx": 0, "name": "0", "path": transformer, "type": "sentence_transformers.models.Transformer"}]
    for i, name in enumerate(names, 1):
        entries.append({"idx": i, "name": str(i), "path": f"{i}_{name}", "type": kinds[name]})
        (folder / f"{i}_{name}").mkdir(exist_ok=True)
    write(folder / "modules.json", entries)
    write(folder / "1_Pooling" / "config.json", pooling)
    if sentence is not None:
        write(folder / transformer / "sentence_bert_config.json", sentence)
    if settings is not None:
        write(folder / "config_sentence_transformers.json", settings)


def write(path, value):
    common.write_json(path, value, indent=1, ensure_ascii=False)


def rounded(value):
    """Seven digits behind the point are more than a float32 near 1 has."""
    if isinstance(value, float):
        return round(value, 7)
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else value


def write_expected(path, task, groups):
    """A line for each group, so that a diff shows which changed."""
    lines = ",\n".join(json.dumps(rounded(each), ensure_ascii=False) for each in groups)
    path.write_text('{"task": "%s", "groups": [\n%s\n]}\n' % (task, lines))


def dense(folder, seed, inputs, outputs, bias, function, pickled=False):
    """A Dense module, written; and what it does."""
    torch.manual_seed(seed)
    layer = torch.nn.Linear(inputs, outputs, bias=bias).eval()
    kind = type(function)
    write(folder / "config.json", {"in_features": inputs, "out_features": outputs, "bias": bias,
                                   "activation_function": f"{kind.__module__}.{kind.__qualname__}"})
    state = {"linear." + name: value for name, value in layer.state_dict().items()}
    if pickled:
        torch.save(state, folder / "pytorch_model.bin")
    else:
        save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    return lambda x: function(layer(x))


def layer_norm(folder, seed, size):
    torch.manual_seed(seed)
    norm = torch.nn.LayerNorm(size).eval()
    with torch.no_grad():
        norm.weight.uniform_(0.5, 1.5)
        norm.bias.uniform_(-0.5, 0.5)
    write(folder / "config.json", {"dimension": size})
    save_file({"norm." + k: v.detach() for k, v in norm.state_dict().items()}, folder / "model.safetensors",
              metadata={"format": "pt"})
    return norm


def normalize(x):
    return torch.nn.functional.normalize(x, p=2, dim=1)


# ---- The cases

SENTENCES = ["The capital of France is Paris.", "a gripping, beautifully shot film", "",
             "In Italy pizza is served unsliced; it is eaten with a fork and a knife!", "Rome",
             "  How tall is the mountain? It is 3,403 metres high.  "]
PAIRS = [["The sky is blue.", "It began to rain."], ["Rome is in Italy", "Madrid is in Spain, and Paris in France."]]
MASKED = ["The capital of [MASK] is Paris.", "[MASK] is in Italy.", "The [MASK] of [MASK] is Rome."]
LONG = "The match ended in a draw after extra time, and then it began to rain. " * 4
QUESTIONS = [["The match ended in a draw.", ["sports", "politics", "science"]],
             ["She opened the door.", ["music"]], ["the worst movie of the year", ["film", "a movie, or music"]],
             [LONG, ["sports", "music"]]]
CHOICES = [["In Italy, pizza is served unsliced.",
            ["It is eaten with a fork and a knife.", "It is eaten while held in the hand."]],
           ["The sky", ["is blue.", "is in Italy, and it is 3,403 metres high", "rain", "began to rain."]],
           ["She opened the door", ["and went in."]]]
QUERIES = [["How tall is the mountain?", ["The sky is blue.", " It is 3,403 metres high. ", "Rome", LONG]],
           ["Where is Rome?", ["Rome is in Italy.", "Madrid is in Spain."]], ["nothing", []]]
NLI = dict(id2label={0: "contradiction", 1: "neutral", 2: "entailment"},
           label2id={"contradiction": 0, "neutral": 1, "entailment": 2})


def fill_case(cls, seed, targets, **settings):
    def case(folder):
        checkpoint(folder, cls, seed, 50, **settings)
        return "fill-mask", [fill(cls, folder, MASKED, 4), fill(cls, folder, MASKED[:2], 5, targets)]
    return case


def bert_labels(folder):
    cls = hf.BertForSequenceClassification
    checkpoint(folder, cls, 21, 50, id2label={i: name for i, name in enumerate("anger joy fear calm love".split())})
    texts = SENTENCES + PAIRS
    return "classify", [
        classify(cls, folder, texts),
        classify(cls, folder, texts, function="sigmoid"),
        classify(cls, folder, texts, function="none"),
        classify(cls, folder, texts, {"problem_type": "single_label_classification"}),
        classify(cls, folder, texts, {"problem_type": "multi_label_classification"}),
        classify(cls, folder, texts, {"problem_type": "regression"})]


def albert_multilabel(folder):
    cls = hf.AlbertForSequenceClassification
    checkpoint(folder, cls, 22, 50, num_labels=4, problem_type="multi_label_classification")
    return "classify", [classify(cls, folder, SENTENCES + PAIRS), classify(cls, folder, PAIRS, function="softmax")]


def roberta_regression(folder):
    cls = hf.RobertaForSequenceClassification
    checkpoint(folder, cls, 23, 100, num_labels=1)
    return "classify", [classify(cls, folder, SENTENCES + PAIRS),
                        classify(cls, folder, SENTENCES, {"problem_type": "regression"})]


def labels_case(cls, seed, **settings):
    def case(folder):
        checkpoint(folder, cls, seed, 100, **settings)
        return "classify", [classify(cls, folder, SENTENCES + PAIRS)]
    return case


def zero_shot_case(cls, seed, most, **settings):
    def case(folder):
        checkpoint(folder, cls, seed, most, **settings)
        renamed = {"label2id": {"neutral": 1, "contradiction": 0, "yes": 2}}
        return "zero-shot", [
            zero_shot(cls, folder, QUESTIONS),
            zero_shot(cls, folder, QUESTIONS, multi_label=True),
            zero_shot(cls, folder, QUESTIONS, hypothesis_template="{{{}}} it is about {{science}}"),
            zero_shot(cls, folder, QUESTIONS[:3], renamed),
            zero_shot(cls, folder, QUESTIONS[:3], renamed, multi_label=True)]
    return case


def choose_case(cls, seed):
    def case(folder):
        checkpoint(folder, cls, seed, 100)
        return "choose", [choose(cls, folder, CHOICES)]
    return case


def sentences_case(task, cls, seed, logits):
    def case(folder):
        checkpoint(folder, cls, seed, 50)
        pairs = PAIRS + [["She opened the door", "and went in."], ["It rained. " * 4, "We"]]
        return task, [sentences(cls, folder, pairs, logits)]
    return case


def rerank_case(cls, seed, score, **settings):
    def case(folder):
        checkpoint(folder, cls, seed, 40, num_labels=1, **settings)
        return "rerank", [rerank(cls, folder, QUERIES, score), rerank(cls, folder, QUERIES, torch.sigmoid,
                                                                         function="sigmoid")]
    return case


def plain(cls, seed, most):
    def case(folder):
        checkpoint(folder, cls, seed, most)
        texts = SENTENCES + [LONG]
        return "embed", [embed(cls, folder, texts, ["mean"], most)] + [
            embed(cls, folder, texts, [mode], most, pooling=[mode])
            for mode in ("cls", "max", "lasttoken", "mean_sqrt_len_tokens", "weightedmean")]
    return case


def mean_and_normalize(folder):
    """As all-MiniLM-L6-v2 is laid out."""
    cls = hf.BertModel
    checkpoint(folder, cls, 61, 50)
    modules(folder, ["Pooling", "Normalize"],
            {"word_embedding_dimension": 16, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True,
             "pooling_mode_max_tokens": False, "pooling_mode_mean_sqrt_len_tokens": False},
            sentence={"max_seq_length": 11, "do_lower_case": False},
            settings={"__version__": {"sentence_transformers": "2.0.0"}})
    texts = SENTENCES + [LONG]
    return "embed", [
        embed(cls, folder, texts, ["mean"], 11, [normalize]),
        embed(cls, folder, texts, ["mean"], 11, [normalize, lambda x: x[:, :7]], dimensions=7),
        embed(cls, folder, texts, ["mean"], 11, [normalize, lambda x: x[:, :7], normalize], dimensions=7,
              normalised=True)]


def prompts(folder):
    """Prompts, one by default and not pooled; a dense layer with tanh; the name of the pooling as a text."""
    cls = hf.RobertaModel
    checkpoint(folder, cls, 62, 100)
    named = {"query": "query: ", "passage": "passage: ", "none": ""}
    modules(folder, ["Pooling", "Dense"], {"word_embedding_dimension": 12, "pooling_mode": "weightedmean",
                                           "include_prompt": False},
            sentence={"max_seq_length": 40, "do_lower_case": True},
            settings={"prompts": named, "default_prompt_name": "query", "similarity_fn_name": "dot"})
    after = [dense(folder / "2_Dense", 71, 12, 9, True, torch.nn.Tanh())]
    texts = SENTENCES + [LONG]
    kwargs = dict(modes=["weightedmean"], most=40, after=after, include_prompt=False, lower=True)
    return "embed", [embed(cls, folder, texts, prompt="query: ", **kwargs),
                     embed(cls, folder, texts, prompt="passage: ", prompt_name="passage", **kwargs),
                     embed(cls, folder, texts, prompt="", prompt_name="none", **kwargs)]


def layers(folder):
    """An older layout: the model in a folder of its own, several poolings, weights in a pickle."""
    cls = hf.AlbertModel
    checkpoint(folder / "0_Transformer", cls, 63, 30)
    modules(folder, ["Pooling", "Dense", "LayerNorm", "Dense", "Normalize"],
            {"word_embedding_dimension": 18, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True,
             "pooling_mode_max_tokens": True, "pooling_mode_mean_sqrt_len_tokens": True,
             "pooling_mode_weightedmean_tokens": True, "pooling_mode_lasttoken": True},
            transformer="0_Transformer", sentence={"max_seq_length": None})
    first = dense(folder / "2_Dense", 72, 108, 13, False, torch.nn.Identity(), pickled=True)
    norm = layer_norm(folder / "3_LayerNorm", 73, 13)
    second = dense(folder / "4_Dense", 74, 13, 11, True, torch.nn.ReLU())
    modes = ["cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"]
    return "embed", [embed(cls, folder / "0_Transformer", SENTENCES + [LONG], modes, 30,
                           [first, norm, second, normalize])]


BY_NAME = {
    "albert-fill": fill_case(hf.AlbertForMaskedLM, 11, ["▁france", "italy", "spain", "▁france"]),
    "bert-fill": fill_case(hf.BertForMaskedLM, 12, ["france", "italy", "unsliced", "paris"]),
    "roberta-fill": fill_case(hf.RobertaForMaskedLM, 13, [" france", "italy", "Ġis"]),
    "nezha-fill": fill_case(nezha.NezhaForMaskedLM, 14, ["france", "rome", "##ing"]),
    "bart-fill": fill_case(hf.BartForConditionalGeneration, 15, ["Ġis", " rome"]),
    "bert-labels": bert_labels,
    "albert-multilabel": albert_multilabel,
    "roberta-regression": roberta_regression,
    "longformer-labels": labels_case(hf.LongformerForSequenceClassification, 24, num_labels=4),
    "nezha-labels": labels_case(nezha.NezhaForSequenceClassification, 25, num_labels=3),
    "bart-labels": labels_case(hf.BartForSequenceClassification, 26),
    "bart-zero-shot": zero_shot_case(hf.BartForSequenceClassification, 31, 60, **NLI),
    "bert-zero-shot": zero_shot_case(
        hf.BertForSequenceClassification, 32, 40,
        id2label={0: "ENTAILMENT", 1: "NEUTRAL", 2: "NO"}, label2id={"ENTAILMENT": 0, "NEUTRAL": 1, "NO": 2}),
    "albert-choose": choose_case(hf.AlbertForMultipleChoice, 41),
    "roberta-choose": choose_case(hf.RobertaForMultipleChoice, 42),
    "longformer-choose": choose_case(hf.LongformerForMultipleChoice, 43),
    "albert-order": sentences_case("order", hf.AlbertForPreTraining, 51, "sop_logits"),
    "bert-next": sentences_case("next", hf.BertForPreTraining, 52, "seq_relationship_logits"),
    "nezha-next": sentences_case("next", nezha.NezhaForNextSentencePrediction, 53, "logits"),
    "bert-embed": mean_and_normalize,
    "roberta-embed": prompts,
    "albert-embed": layers,
    "nezha-embed": plain(nezha.NezhaModel, 64, 45),
    "bart-embed": plain(hf.BartModel, 65, 70),
    "bert-rerank": rerank_case(hf.BertForSequenceClassification, 81, torch.sigmoid),
    "roberta-rerank": rerank_case(hf.RobertaForSequenceClassification, 82, torch.nn.Identity(),
                                  sentence_transformers={"activation_fn": "torch.nn.modules.linear.Identity"}),
}


CASES = {"classes-" + name: case for name, case in BY_NAME.items()}


def make(out, names):
    for name in names:
        folder = out / name
        task, groups = CASES[name](folder)
        write_expected(folder / "expected.json", task, groups)
        print(name, task, sum(len(each["inputs"]) for each in groups))


if __name__ == "__main__":
    common.main(__doc__, make, "tasks", ["torch", "transformers", "tokenizers"], produces=["classes-*"], cases=list(CASES))
