#!/usr/bin/env python3
"""Trains the vocabularies of src/test/resources/tokenizers/vocab: Unigram, WordPiece (three) and byte-level BPE.

Made with Python 3.11. The text is tokenizer_corpus.txt, sentences by tokenizer_words.py, and the Apache licence in LICENSE.
Layouts are those of the published checkpoints: albert-base-v2, bert-base-uncased and -cased, nezha-cn-base, roberta-base. The
same input gives the same files, byte for byte.
"""

import collections
import json
import pathlib
import re
import tempfile
import unicodedata

import sentencepiece
import tokenizers
import transformers
from sentencepiece import sentencepiece_model_pb2 as sentencepiece_proto
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

import common
import tokenizer_texts
import tokenizer_words
from common import compact
from tiny_tokenizers import ALBERT_SPECIALS, BERT_SPECIALS, byte_pairs, framed
from tokenizer_python_classes import codes

USER_DEFINED = ["[MASK]", "(", ")", '"', "-", ".", "–", "£", "€"]


def corpus():
    own = [line for line in tokenizer_texts.CORPUS.read_text("utf-8").splitlines() if not line.startswith("#")]
    licence = re.split(r"(?<=[.;:])\s+", " ".join((common.PROJECT / "LICENSE").read_text("utf-8").split()))
    return own * 3 + licence + list(tokenizer_words.sentences(5000, seed=16))


def gb2312_level_1():
    """The 3,755 most frequent simplified Chinese characters, in the order of the standard GB 2312."""
    rows = (bytes([0xA0 + row, 0xA0 + cell]) for row in range(16, 56) for cell in range(1, 95))
    return [c for pair in rows if (c := pair.decode("gb2312", "ignore"))]


# --- character maps of SentencePiece -----------------------------------------------------------------------------------------

REMOVED = [*range(0x01, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x8F, 0x9F]
SPACES = [0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD]


def character_map(fold_case):
    """Smaller than SentencePiece's nmt_nfkc, or with case folded nmt_nfkc_cf.

    Of all Hangul syllables only those of the first initial are composed, and case is folded below U+3000 alone.
    """
    def folded(text):
        return unicodedata.normalize("NFKC", text.casefold()) if fold_case else text

    rules = {}
    for code in range(1, 0x3000 if fold_case else 0x110000):
        c = chr(code)
        if 0xD800 <= code < 0xE000 or unicodedata.category(c) == "Cn":
            continue
        result = folded(unicodedata.normalize("NFKC", c))
        if result != c:
            rules[c] = result
        parts = unicodedata.normalize("NFD", c)
        other_hangul = "가" <= c <= "힣" and parts[0] != "\u1100"
        if len(parts) > 1 and unicodedata.normalize("NFC", parts) == c and not other_hangul:
            for cut in range(1, len(parts)):
                rules[unicodedata.normalize("NFC", parts[:cut]) + parts[cut:]] = result
    for code in SPACES:
        rules[chr(code)] = " "
    for code in REMOVED:
        rules[chr(code)] = ""
    rules.pop("～", None)  # it stays, as SentencePiece's own maps have it
    return rules


def write_rules(rules, file):
    file.write_text("".join(f"{codes(c)}\t{codes(rules[c])}\n" for c in sorted(rules)), "utf-8")


def unigram(texts, target, vocab_size, fold_case, **settings):
    with tempfile.TemporaryDirectory() as folder:
        rules = pathlib.Path(folder, "rules.tsv")
        write_rules(character_map(fold_case), rules)
        text = pathlib.Path(folder, "text.txt")
        text.write_text("\n".join(texts), "utf-8")
        sentencepiece.SentencePieceTrainer.train(
            input=str(text), model_prefix=f"{folder}/m", vocab_size=vocab_size, model_type="unigram",
            normalization_rule_tsv=str(rules), num_threads=1, shuffle_input_sentence=False, minloglevel=2, **settings)
        model = sentencepiece_proto.ModelProto()
        model.ParseFromString(pathlib.Path(folder, "m.model").read_bytes())
    # Where the text lay while it was trained changes from run to run.
    model.trainer_spec.ClearField("input")
    model.trainer_spec.ClearField("model_prefix")
    model.normalizer_spec.ClearField("normalization_rule_tsv")
    model.normalizer_spec.name = "own_nmt_nfkc_cf" if fold_case else "own_nmt_nfkc"
    target.write_bytes(model.SerializeToString(deterministic=True))


# --- the folders -------------------------------------------------------------------------------------------------------------


def write_json(file, value):
    common.write_json(file, value, ensure_ascii=False)


def added(content, special=True, **flags):
    return dict(content=content, lstrip=False, normalized=False, rstrip=False, single_word=False, special=special) | flags


def albert(out, texts):
    folder = out / "albert"
    folder.mkdir(parents=True)
    lowered = [
        "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower() for text in texts]
    unigram(lowered, folder / "spiece.model", 4000, False, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
            control_symbols=["[CLS]", "[SEP]"], user_defined_symbols=USER_DEFINED, split_by_number=False,
            character_coverage=0.9995)
    unigram([text for text in texts if len(text) < 160][:3500], folder / "test_sentencepiece.model", 900, True,
            split_digits=True, user_defined_symbols=["<sep>", "½", "的", "of the"], character_coverage=0.98,
            remove_extra_whitespaces=False)
    unigram([text for text in texts if text.isascii()][:2000], folder / "bytes_sentencepiece.model", 600, True,
            byte_fallback=True)
    roles = dict(bos_token="[CLS]", cls_token="[CLS]", eos_token="[SEP]", mask_token="[MASK]", pad_token="<pad>",
                 sep_token="[SEP]", unk_token="<unk>")
    tokens = {str(i): added(token, lstrip=token == "[MASK]") for i, token in enumerate(ALBERT_SPECIALS)}
    write_json(folder / "tokenizer_config.json", dict(
        added_tokens_decoder=tokens, **roles, clean_up_tokenization_spaces=False, do_lower_case=True, keep_accents=False,
        model_max_length=512, remove_space=True, sp_model_kwargs={}, tokenizer_class="AlbertTokenizer"))
    mask = added("[MASK]", lstrip=True)
    del mask["special"]
    write_json(folder / "special_tokens_map.json", roles | dict(mask_token=mask))
    published, v437, v457 = albert_fast(folder)
    (folder / "tokenizer.json").write_text(published, "utf-8")
    (folder / "variants").mkdir()
    common.write_gzip(folder / "variants/tokenizer.v437.json.gz", v437)
    common.write_gzip(folder / "variants/tokenizer.v457.json.gz", v457)


def albert_fast(folder):
    """The three layouts of ALBERT's tokenizer.json: as published in 2020, as transformers 4.37 converts, as 4.57.6 does."""
    slow = transformers.AlbertTokenizer.from_pretrained(folder)
    v457 = transformers.AlbertTokenizerFast(str(folder / "spiece.model"))
    as_457 = json.loads(v457.backend_tokenizer.to_str())
    as_437 = json.loads(albert_437(slow).to_str())
    published = json.loads(json.dumps(as_437))
    published["normalizer"]["normalizers"].pop()  # the last Replace
    old_metaspace = dict(type="Metaspace", replacement="▁", add_prefix_space=True)
    published["pre_tokenizer"] = dict(type="Sequence", pretokenizers=[dict(type="WhitespaceSplit"), old_metaspace])
    published["decoder"] = old_metaspace
    for layout in (published, as_437):
        del layout["model"]["byte_fallback"]
    return compact(published), compact(as_437), compact(as_457)


def albert_437(slow):
    """What transformers 4.37 makes of spiece.model: user-defined pieces do not become added tokens."""
    converter = transformers.convert_slow_tokenizer.AlbertConverter(slow)
    proto = converter.proto
    tokenizer = tokenizers.Tokenizer(models.Unigram(converter.vocab(proto), unk_id=proto.trainer_spec.unk_id))
    tokenizer.normalizer = converter.normalizer(proto)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = converter.post_processor()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([
        tokenizers.AddedToken(token, normalized=False, lstrip=token == "[MASK]") for token in ALBERT_SPECIALS])
    return tokenizer


def word_pieces(texts, size, lower, extra):
    """Pieces of a WordPiece: all characters, and the most frequent beginnings and other parts of words, sorted.

    Candidates come from byte pair encoding: the WordPiece trainer of tokenizers gives another result in each run.
    """
    words = tokenizers.Tokenizer(models.BPE())
    words.normalizer = normalizers.BertNormalizer(lowercase=lower, strip_accents=lower)
    words.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    words.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=size, show_progress=False))
    candidates = set(words.get_vocab())
    counts = collections.Counter(
        word for text in texts for word, _ in words.pre_tokenizer.pre_tokenize_str(words.normalizer.normalize_str(text)))
    pieces = collections.Counter()
    for word, count in counts.items():
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                if word[start:end] in candidates:
                    pieces[("##" if start else "") + word[start:end]] += count
    characters = {mark + c for c in extra | {c for word in counts for c in word} for mark in ("", "##")}
    frequent = sorted(pieces.keys() - characters, key=lambda piece: (-pieces[piece], piece))
    chosen = characters | set(frequent[:max(0, size - len(characters))])
    return sorted(chosen, key=lambda piece: (len(piece.removeprefix("##")) > 1, piece.startswith("##"), piece))


def bert_vocabulary(pieces):
    head = ["[PAD]", *(f"[unused{i}]" for i in range(99)), "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    return list(dict.fromkeys(head + pieces))


def bert_folder(folder, vocabulary):
    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    specials = {str(vocabulary.index(token)): added(token) for token in BERT_SPECIALS}
    roles = {role + "_token": f"[{role.upper()}]" for role in ("cls", "mask", "pad", "sep", "unk")}
    write_json(folder / "tokenizer_config.json", dict(
        added_tokens_decoder=specials, **roles, clean_up_tokenization_spaces=True, do_basic_tokenize=True, do_lower_case=True,
        never_split=None, strip_accents=None, tokenize_chinese_chars=True, tokenizer_class="BertTokenizer"))
    write_json(folder / "special_tokens_map.json", roles)
    tokenizer = tokenizers.Tokenizer(models.WordPiece(
        {token: i for i, token in enumerate(vocabulary)}, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.add_special_tokens([tokenizers.AddedToken(token, normalized=False) for token in BERT_SPECIALS])
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    framed(tokenizer)
    tokenizer.decoder = decoders.WordPiece()
    (folder / "tokenizer.json").write_text(compact(json.loads(tokenizer.to_str())), "utf-8")


def bert(out, texts):
    printable = {chr(c) for c in range(0x21, 0x7F)}
    bert_folder(out / "bert", bert_vocabulary(word_pieces(texts, 4000, True, printable - set(map(chr, range(0x41, 0x5B))))))
    cased = bert_vocabulary(word_pieces(texts, 4000, False, printable))
    (out / "bert/vocab_cased.txt").write_text("\n".join(cased) + "\n", "utf-8")
    chinese = gb2312_level_1()
    kana = [chr(c) for c in (*range(0x3041, 0x3097), *range(0x30A1, 0x30FB))]
    latin = [piece for piece in word_pieces(texts[::2], 1500, True, printable) if piece.isascii()]
    marks = list("，。！？；：、“”‘’（）《》【】「」—…·￥")
    pieces = sorted(marks) + chinese + ["##" + c for c in chinese] + kana + ["##" + c for c in kana] + latin
    bert_folder(out / "nezha", bert_vocabulary(pieces))


def roberta(out, texts):
    folder = out / "roberta"
    folder.mkdir(parents=True)
    trained = byte_pairs(texts, 4000, [])
    model = json.loads(trained.to_str())["model"]
    merges = [" ".join(merge) for merge in model["merges"]]
    counts = collections.Counter(token for text in texts for token in trained.encode(text).tokens)
    tokens = sorted(model["vocab"], key=lambda token: (-counts[token], model["vocab"][token]))
    head = ["<s>", "<pad>", "</s>", "<unk>"]
    tail = [f"madeupword{i:04}" for i in range(3)] + ["<mask>"]
    vocabulary = {token: i for i, token in enumerate(head + tokens + tail)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", "utf-8")
    specials = {str(vocabulary[token]): added(token, normalized=token != "<mask>", lstrip=token == "<mask>")
                for token in [*head, "<mask>"]}
    roles = dict(bos_token="<s>", cls_token="<s>", eos_token="</s>", mask_token="<mask>", pad_token="<pad>", sep_token="</s>",
                 unk_token="<unk>")
    write_json(folder / "tokenizer_config.json", dict(
        add_prefix_space=False, added_tokens_decoder=specials, **roles, clean_up_tokenization_spaces=False, errors="replace",
        tokenizer_class="RobertaTokenizer", trim_offsets=True))
    by_content = {token["content"]: {k: v for k, v in token.items() if k != "special"} for token in specials.values()}
    write_json(folder / "special_tokens_map.json", {role: by_content[token] for role, token in roles.items()})
    # The older form, with merges as strings and no type of the model; newer files hold pairs.
    (folder / "tokenizer.json").write_text(compact(dict(
        version="1.0", truncation=None, padding=None, added_tokens=[dict(id=int(i)) | token for i, token in specials.items()],
        normalizer=None, pre_tokenizer=dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True),
        post_processor=dict(type="RobertaProcessing", sep=["</s>", 2], cls=["<s>", 0], trim_offsets=True, add_prefix_space=False),
        decoder=dict(type="ByteLevel", add_prefix_space=True, trim_offsets=True),
        model=dict(dropout=None, unk_token=None, continuing_subword_prefix="", end_of_word_suffix="", fuse_unk=False,
                   vocab=vocabulary, merges=merges))), "utf-8")


def make(out):
    texts = corpus()
    for family in (albert, bert, roberta):
        family(out, texts)
    for file in sorted(out.rglob("*")):
        if file.is_file():
            print(file.stat().st_size, file.relative_to(out))


if __name__ == "__main__":
    common.main(__doc__, make, "tokenizers/vocab", ["transformers", "tokenizers", "sentencepiece"])
