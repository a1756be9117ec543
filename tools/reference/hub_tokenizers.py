"""Tokenizers of the folders that hub_folders.py makes, in the files that the Hub has: of small vocabularies, the project's own."""

import json
import tempfile
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, decoders, normalizers, pre_tokenizers, processors

import common
import tasks
import tiny_tokenizers
from tokenizer_vocabularies import sentencepiece_proto, write_rules

MANY = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "mask_token": dict(
    content="<mask>", lstrip=True, normalized=False, rstrip=False, single_word=False), "pad_token": "<pad>", "sep_token": "</s>",
    "unk_token": "<unk>"}
BERT = {"cls_token": "[CLS]", "mask_token": "[MASK]", "pad_token": "[PAD]", "sep_token": "[SEP]", "unk_token": "[UNK]"}



def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def words(specials):
    letters = tasks.LETTERS
    return [*specials, *sorted({*tasks.WORDS, *letters, ";", ":"}), *("##" + letter for letter in letters), "##ing", "##ed"]


def vocabulary(folder, specials, last=()):
    write(folder / "vocab.txt", "".join(word + "\n" for word in [*words(specials), *last]))


def byte_pairs(folder):
    """As GPT-NeoX has it, and ModernBERT after it: NFC, bytes, runs of blanks among the added tokens."""
    tokenizer = tiny_tokenizers.byte_pairs(tasks.TEXTS.strip().splitlines(), 330, ["|||IP_ADDRESS|||"])
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|padding|>", "<|endoftext|>", "[UNK]", "[CLS]", "[SEP]", "[PAD]"])
    tokenizer.add_special_tokens([AddedToken("[MASK]", lstrip=True, normalized=False)])
    tokenizer.add_tokens([AddedToken(" " * n, normalized=True) for n in range(5, 1, -1)])
    tiny_tokenizers.framed(tokenizer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")])
    tokenizer.save(str(folder / "tokenizer.json"))
    shrink(folder)
    write(folder / "special_tokens_map.json", BERT)
    write(folder / "tokenizer_config.json", {
        "clean_up_tokenization_spaces": True, **BERT, "model_input_names": ["input_ids", "attention_mask"],
        "model_max_length": 8192, "tokenizer_class": "PreTrainedTokenizerFast"})
    return tokenizer.get_vocab_size()


def shrink(folder, **changed):
    path = folder / "tokenizer.json"
    path.write_text(common.compact({**json.loads(path.read_text()), **changed}) + "\n")


def character_map():
    """The trainer alone makes one."""
    trained = sentencepiece_proto.ModelProto()
    with tempfile.TemporaryDirectory() as scratch:
        rules, text = Path(scratch, "rules.tsv"), Path(scratch, "text.txt")
        write_rules({"ﬁ": "fi", "Ｈ": "H", "…": "...", "\t": " ", "\u00a0": " "}, rules)
        text.write_text(tasks.TEXTS)
        sentencepiece.SentencePieceTrainer.train(
            input=str(text), model_prefix=f"{scratch}/m", vocab_size=60, hard_vocab_limit=False, normalization_rule_tsv=str(rules),
            num_threads=1, minloglevel=2)
        trained.ParseFromString(Path(f"{scratch}/m.model").read_bytes())
    return trained.normalizer_spec


def sentence_piece(path, specials):
    """A Unigram model with the words and letters, and a map of a few characters. The pieces that are not words come first."""
    model = sentencepiece_proto.ModelProto()
    kinds = sentencepiece_proto.ModelProto.SentencePiece
    for piece in specials:
        model.pieces.add(piece=piece, score=0, type=kinds.UNKNOWN if "unk" in piece.lower() else kinds.CONTROL)
    for i, word in enumerate(tasks.WORDS):
        model.pieces.add(piece="▁" + word, score=-4 - i / 64)
    for i, letter in enumerate(["▁", *".,!?;:", *tasks.LETTERS, *"CFIPRTS"]):
        model.pieces.add(piece=letter, score=-9 - i / 64)
    model.normalizer_spec.CopyFrom(character_map())
    model.normalizer_spec.ClearField("normalization_rule_tsv")
    model.normalizer_spec.name = "own_nmt_nfkc"
    model.trainer_spec.model_type = model.trainer_spec.UNIGRAM
    model.trainer_spec.unk_id = next(i for i, piece in enumerate(specials) if "unk" in piece.lower())
    path.write_bytes(model.SerializeToString(deterministic=True))
    return len(model.pieces)


def merges(folder):
    """The two files of GPT-2's class, which DeBERTa v1 has after it; the special tokens come first."""
    tokenizer = tiny_tokenizers.byte_pairs(tasks.TEXTS.strip().splitlines(), 330, ["[CLS]", "[PAD]", "[SEP]", "[UNK]"])
    tokenizer.add_special_tokens(["[MASK]"])
    kept = json.loads(tokenizer.to_str())["model"]
    write(folder / "vocab.json", common.compact({**kept["vocab"], "[MASK]": len(kept["vocab"])}) + "\n")
    write(folder / "merges.txt", "#version: 0.2\n" + "".join(" ".join(pair) + "\n" for pair in kept["merges"]))
    return tokenizer.get_vocab_size()
