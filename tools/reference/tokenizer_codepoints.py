"""The tables of what tokenizers and SentencePiece make of every single code point (but surrogates)."""

import sentencepiece
import tokenizers
from tokenizers import models, normalizers, pre_tokenizers

from common import compact, write_gzip
from tokenizer_python_classes import codes, ranges


def bert(**parts):
    return normalizers.BertNormalizer(
        **dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False) | parts).normalize_str


def words(pre_tokenizer, text):
    return [word for word, _ in pre_tokenizer.pre_tokenize_str(text)]


def classes():
    clean, chinese = bert(clean_text=True), bert(handle_chinese_chars=True)
    bert_words, white, strip = pre_tokenizers.BertPreTokenizer(), pre_tokenizers.WhitespaceSplit(), normalizers.StripAccents()
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)

    def joined(neighbour):
        return lambda c: len(words(byte_level, neighbour + c + neighbour)) == 1

    masked = tokenizers.Tokenizer(models.Unigram([("<unk>", 0.0)], 0))
    masked.add_special_tokens([tokenizers.AddedToken("<mask>", lstrip=True, normalized=False)])
    letters, digits, others = joined("x"), joined("1"), joined("!")
    return dict(
        bert_removed=ranges(lambda c: clean(c) == ""), bert_space=ranges(lambda c: clean(c) == " "),
        bert_chinese=ranges(lambda c: chinese(c) == f" {c} "),
        bert_punct=ranges(lambda c: words(bert_words, f"x{c}x") == ["x", c, "x"]),
        bert_pretok_space=ranges(lambda c: words(bert_words, f"x{c}x") == ["x", "x"]),
        ws_split=ranges(lambda c: words(white, f"x{c}x") == ["x", "x"]),
        strip_accents_removed=ranges(lambda c: strip.normalize_str(c) == ""),
        bytelevel_L=ranges(letters), bytelevel_N=ranges(digits),
        bytelevel_S=ranges(lambda c: not letters(c) and not digits(c) and not others(c)),
        added_lstrip_space=ranges(lambda c: masked.encode(f"x{c}<mask>").offsets[-1][0] == 1))


def between(text, start):
    """What stands between a known start and a last x; nothing if the code point melts into one of them."""
    return text[len(start):-1] if text.startswith(start) and text.endswith("x") else ""


def table(rule, leave_out=()):
    """The code points that change: hex TAB hex of the result."""
    rows = []
    for code in range(0x110000):
        if 0xD800 <= code < 0xE000 or code in leave_out:
            continue
        result = rule(chr(code))
        if result != chr(code):
            rows.append(f"{code:X}\t{codes(result)}\n")
    return "".join(rows)


def write(vocab, folder):
    write_gzip(folder / "classes.json.gz", compact(classes()))
    write_gzip(folder / "nfkd.tsv.gz", table(normalizers.NFKD().normalize_str))
    write_gzip(folder / "lowercase.tsv.gz", table(normalizers.Lowercase().normalize_str))
    # What clean_text makes a space before has no row: NFD changes two of these.
    write_gzip(folder / "bert_lower.tsv.gz", table(bert(strip_accents=True, lowercase=True), {0x2000, 0x2001}))
    albert = tokenizers.Tokenizer.from_file(str(vocab / "albert/tokenizer.json"))
    precompiled = normalizers.Precompiled(charsmap(vocab / "albert/spiece.model"))
    write_gzip(folder / "precompiled.tsv.gz", table(precompiled.normalize_str))
    write_gzip(folder / "albert_fast_norm.tsv.gz", table(lambda c: between(albert.normalizer.normalize_str(f"x{c}x"), "x")))
    model = sentencepiece.SentencePieceProcessor(model_file=str(vocab / "albert/spiece.model"))
    write_gzip(folder / "spm_norm.tsv.gz", table(lambda c: between(model.normalize(f"x{c}x"), "▁x")))


def charsmap(file):
    from sentencepiece import sentencepiece_model_pb2
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString(file.read_bytes())
    return model.normalizer_spec.precompiled_charsmap
