#!/usr/bin/env python3
"""Makes src/test/resources/tokenizers/cases: what Hugging Face's tokenizers and SentencePiece make of tokenizer_texts.py.

Made with Python 3.11, after tokenizer_vocabularies.py and tokenizer_python_classes.py. Every line of a *.jsonl.gz is a record, "id" that of its text in text.jsonl. Offsets count code points, flat: [s0,e0,s1,e1,...].
tokenizer_codepoints.py makes the tables of all code points, tokenizer_segmentations.py the records of SentencePiece.
"""

import gzip
import hashlib
import json
import os
import pathlib
import shutil
import sys
import tempfile

import regex
import transformers

import common
import tokenizer_codepoints
import tokenizer_python_classes
import tokenizer_segmentations
import tokenizer_texts

VOCAB = common.RESOURCES / "tokenizers/vocab"
PYTHON = common.RESOURCES / "tokenizers/cases/codepoints/python314.json.gz"

# Texts longer than this many ids have no windows, to keep the files small.
MOST_IDS = 400


def write(file, records):
    common.write_gzip(file, "".join(common.compact(record, ensure_ascii=True) + "\n" for record in records))


def write_all(file, value):
    file.write_text(common.compact(value, ensure_ascii=True) + "\n", "ascii")


# --- tokenizers by the names that the records use ----------------------------------------------------------------------------


def only(file, name, beside):
    """A folder with one vocabulary file under a name, and what tells of special tokens."""
    folder = pathlib.Path(tempfile.mkdtemp())
    opened = gzip.open(file) if file.suffix == ".gz" else open(file, "rb")
    (folder / name).write_bytes(opened.read())
    for other in ("tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(beside / other, folder)
    return folder


def fast(name):
    auto, kind = {"albert": (transformers.AlbertTokenizerFast, "albert"), "bert": (transformers.BertTokenizerFast, "bert"),
                  "nezha": (transformers.BertTokenizerFast, "nezha"), "roberta": (transformers.RobertaTokenizerFast, "roberta"),
                  "bart": (transformers.BartTokenizerFast, "roberta"),
                  "longformer": (transformers.LongformerTokenizerFast, "roberta")}[name]
    return auto.from_pretrained(VOCAB / kind)


def slow(name, **flags):
    auto, kind = {"albert": (transformers.AlbertTokenizer, "albert"), "bert": (transformers.BertTokenizer, "bert"),
                  "nezha": (transformers.BertTokenizer, "nezha"), "roberta": (transformers.RobertaTokenizer, "roberta"),
                  "bart": (transformers.BartTokenizer, "roberta")}[name]
    return auto.from_pretrained(VOCAB / kind, **flags)


def albert_437(**flags):
    from tokenizer_vocabularies import albert_437 as convert
    tokenizer = convert(transformers.AlbertTokenizer.from_pretrained(VOCAB / "albert", **flags))
    folder = only(VOCAB / "albert/spiece.model", "spiece.model", VOCAB / "albert")
    tokenizer.save(str(folder / "tokenizer.json"))
    return transformers.AlbertTokenizerFast.from_pretrained(folder)


def fast_variants():
    albert, bert, roberta = VOCAB / "albert", VOCAB / "bert", VOCAB / "roberta"
    yield "albert-fast.v437", albert_437()
    yield "albert-fast.v437.cased", albert_437(do_lower_case=False)
    yield "albert-fast.v437.accents", albert_437(keep_accents=True)
    yield "albert-fast.v437.cased_accents", albert_437(do_lower_case=False, keep_accents=True)
    yield "albert-fast.v457", transformers.AlbertTokenizerFast.from_pretrained(
        only(albert / "variants/tokenizer.v457.json.gz", "tokenizer.json", albert))
    for name, flags in dict(prefix=dict(add_prefix_space=True), notrim=dict(trim_offsets=False),
                            prefix_notrim=dict(add_prefix_space=True, trim_offsets=False)).items():
        yield f"roberta-fast.{name}", transformers.RobertaTokenizerFast.from_pretrained(roberta, **flags)
    cased = only(bert / "vocab_cased.txt", "vocab.txt", bert)
    yield "bert-fast.cased", transformers.BertTokenizerFast.from_pretrained(cased, do_lower_case=False)
    yield "bert-fast.cased_strip", transformers.BertTokenizerFast.from_pretrained(cased, do_lower_case=False, strip_accents=True)
    yield "bert-fast.lower_keepaccents", transformers.BertTokenizerFast.from_pretrained(bert, strip_accents=False)
    yield "nezha-fast.nochinese", transformers.BertTokenizerFast.from_pretrained(VOCAB / "nezha", tokenize_chinese_chars=False)


def slow_variants():
    yield "albert-slow.cased", slow("albert", do_lower_case=False)
    yield "albert-slow.accents", slow("albert", keep_accents=True)
    yield "albert-slow.nospace", slow("albert", remove_space=False)
    yield "albert-slow.all_off", slow("albert", do_lower_case=False, keep_accents=True, remove_space=False)
    yield "roberta-slow.prefix", slow("roberta", add_prefix_space=True)
    cased = only(VOCAB / "bert/vocab_cased.txt", "vocab.txt", VOCAB / "bert")
    yield "bert-slow.cased", transformers.BertTokenizer.from_pretrained(cased, do_lower_case=False)
    yield "bert-slow.nobasic", slow("bert", do_basic_tokenize=False)


# --- encodings ---------------------------------------------------------------------------------------------------------------


def flat(offsets):
    return [place for offset in offsets for place in offset]


def encoding(one, full=False):
    """A tokenizers.Encoding; what has its usual value is left out."""
    record = dict(ids=one.ids, off=flat(one.offsets), sp=one.special_tokens_mask)
    if any(one.type_ids):
        record["tt"] = one.type_ids
    if not all(one.attention_mask):
        record["am"] = one.attention_mask
    if full:
        record["tok"] = one.tokens
        record["w"] = [-1 if word is None else word for word in one.word_ids]
    if any(sequence == 1 for sequence in one.sequence_ids):
        record["seq"] = [-1 if sequence is None else sequence for sequence in one.sequence_ids]
    return record


def tried(action):
    """The result, or the refusal: an exception, or a panic of the Rust library."""
    try:
        return action()
    except BaseException as e:  # noqa: B036, pyo3's PanicException is no Exception
        if isinstance(e, (KeyboardInterrupt, SystemExit)):
            raise
        return dict(error=f"{type(e).__name__}: {str(e)[:60]}")


def decodes(tokenizer, ids):
    record = {}
    for name, skip, clean in (("ds", True, False), ("dsc", True, True), ("dk", False, False), ("dkc", False, True)):
        text = tokenizer.decode(ids, skip_special_tokens=skip, clean_up_tokenization_spaces=clean)
        if name == "ds" or text != record["ds"]:
            record[name] = text
    return record


PAIR_LIMITS = [(length, strategy) for length in (16, 32) for strategy in ("longest_first", "only_first", "only_second")]


def fast_record(tokenizer, line, number):
    text, pair = line["text"], line.get("text_pair")

    def encode(text_pair=None, full=False, **settings):
        return encoding(tokenizer(text, text_pair, **settings).encodings[0], full)

    def windows(text_pair=None, **settings):
        return [encoding(one) for one in tokenizer(text, text_pair, return_overflowing_tokens=True, **settings).encodings]

    base = encode(full=True)
    record = dict(id=line["id"], base=base, nosp=len(tokenizer(text, add_special_tokens=False)["input_ids"]))
    record |= decodes(tokenizer, base["ids"])
    length = len(base["ids"])
    for limit in (16, 32):
        if length > limit:
            record[f"t{limit}"] = encode(truncation=True, max_length=limit)
    if length > 16:
        tokenizer.truncation_side = "left"
        record["t16left"] = encode(truncation=True, max_length=16)
        tokenizer.truncation_side = "right"
        record["ov24_8"] = windows(truncation=True, max_length=24, stride=8) if length <= MOST_IDS else None
    if number % 10 == 0:
        for name, side in (("pad64", "right"), ("pad64left", "left")):
            tokenizer.padding_side = side
            record[name] = encode(truncation=True, padding="max_length", max_length=64)
        tokenizer.padding_side = "right"
    if pair is not None:
        record["pair"] = encode(pair, full=True)
        record["pair_nosp"] = encode(pair, add_special_tokens=False)
        both = len(record["pair"]["ids"])
        for limit, strategy in PAIR_LIMITS:
            if both > limit:
                record[f"p{limit}_{strategy}"] = tried(lambda: encode(pair, truncation=strategy, max_length=limit))
        if both > 32:
            record["pov_second_32_8"] = tried(lambda: windows(pair, truncation="only_second", max_length=32, stride=8))
            record["pov_longest_32_4"] = tried(lambda: windows(pair, truncation="longest_first", max_length=32, stride=4))
    return record


def batches(tokenizer, lines):
    """Groups of four lines, padded to the longest; every third with second texts, every third to a multiple of eight."""
    for group in range(len(lines) // 16):
        four = lines[16 * group:16 * group + 4]
        pairs = [line["text"][:30] for line in four[1:] + four[:1]] if group % 3 == 0 else None
        settings = dict(pad_to_multiple_of=8) if group % 3 == 2 else {}
        tokenizer.padding_side = "left" if group % 2 else "right"
        found = tokenizer([line["text"] for line in four], pairs, padding="longest", **settings).encodings
        record = dict(batch=[line["id"] for line in four], side=tokenizer.padding_side, padding="longest", pair=pairs is not None)
        if pairs is not None:
            record["text_pair"] = pairs
        yield record | settings | dict(
            ids=[one.ids for one in found], am=[one.attention_mask for one in found], off=[flat(one.offsets) for one in found],
            sp=[one.special_tokens_mask for one in found], tt=[one.type_ids for one in found])
    tokenizer.padding_side = "right"


def pre_split(tokenizer, lines):
    for line in lines[::5]:
        words = line["text"].split()
        if words:
            yield dict(id=line["id"], words=words, enc=encoding(tokenizer(words, is_split_into_words=True).encodings[0], True))


def slow_encoding(found):
    record = dict(ids=found["input_ids"])
    if any(found.get("token_type_ids", [])):
        record["tt"] = found["token_type_ids"]
    return record


def slow_record(tokenizer, line):
    text, pair = line["text"], line.get("text_pair")
    found = tokenizer(text, return_special_tokens_mask=True)
    ids = found["input_ids"]
    base = dict(tok=tokenizer.tokenize(text)) | slow_encoding(found) | dict(sp=found["special_tokens_mask"])
    record = dict(id=line["id"], base=base) | decodes(tokenizer, ids)
    if len(ids) > 16:
        record["t16"] = slow_encoding(tokenizer(text, truncation=True, max_length=16))
        cut = tokenizer(text, truncation=True, max_length=16, stride=4, return_overflowing_tokens=True)
        record["ov16_4"] = dict(ids=cut["input_ids"], over=cut["overflowing_tokens"], ntrunc=cut["num_truncated_tokens"])
    if pair is not None:
        record["pair"] = slow_encoding(tokenizer(text, pair))
        for limit, strategy in PAIR_LIMITS:
            if len(record["pair"]["ids"]) > limit:
                record[f"p{limit}_{strategy}"] = slow_encoding(tokenizer(text, pair, truncation=strategy, max_length=limit))
    return record


def api(name):
    tokenizer = fast(name[:-5]) if name.endswith("-fast") else slow(name[:-5])
    a, b = (tokenizer.encode(text, add_special_tokens=False) for text in ("The river", "is deep."))
    both = tokenizer.build_inputs_with_special_tokens(a, b)
    every = both + [tokenizer.pad_token_id, tokenizer.unk_token_id, tokenizer.mask_token_id]
    roles = ("bos", "eos", "unk", "sep", "pad", "cls", "mask")
    record = dict(
        a=a, b=b, build1=tokenizer.build_inputs_with_special_tokens(a), build2=both,
        tt1=tokenizer.create_token_type_ids_from_sequences(a), tt2=tokenizer.create_token_type_ids_from_sequences(a, b),
        nspecial=[tokenizer.num_special_tokens_to_add(), tokenizer.num_special_tokens_to_add(pair=True)],
        all_special_tokens=tokenizer.all_special_tokens, all_special_ids=tokenizer.all_special_ids,
        model_input_names=tokenizer.model_input_names, vocab_size=tokenizer.vocab_size, len=len(tokenizer),
        ids_of={f"{role}_token": getattr(tokenizer, f"{role}_token_id") for role in roles},
        pad_token_type_id=tokenizer.pad_token_type_id, padding_side=tokenizer.padding_side,
        truncation_side=tokenizer.truncation_side, mask_already_input=every,
        mask_already=tokenizer.get_special_tokens_mask(every, already_has_special_tokens=True),
        call_keys=list(tokenizer("x")), unk_convert=tokenizer.convert_tokens_to_ids("no such token"))
    if name.endswith("-slow"):
        record |= dict(mask1=tokenizer.get_special_tokens_mask(a), mask2=tokenizer.get_special_tokens_mask(a, b))
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(file) for file in tokenizer.save_vocabulary(folder, "pfx")]
        record["save_vocabulary"] = {
            file.name: [file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest()] for file in files}
    return record


# --- what differs between this Python and 3.14 -------------------------------------------------------------------------------


def expanded(ranges):
    return {code for first, last in ranges for code in range(first, last + 1)}


def seen_differently(tables):
    """Characters of which this Python, or its regex package, has another idea than Unicode 16, as {slow tokenizer: set}."""
    with gzip.open(PYTHON) as file:
        there = json.load(file)
    here = tokenizer_python_classes.classes()
    python = set()
    for name, value in here.items():
        if name == "lower":
            differing = set(value.items()) ^ set(there[name].items())
            python |= {int(code, 16) for code, _ in differing}
        else:
            python |= expanded(value) ^ expanded(there[name])
    with gzip.open(tables / "classes.json.gz") as file:
        byte_level = json.load(file)
    words = set()
    for name, pattern in (("bytelevel_L", r"\p{L}"), ("bytelevel_N", r"\p{N}"), ("bytelevel_S", r"\s")):
        matches = regex.compile(pattern).fullmatch
        words |= expanded(tokenizer_python_classes.ranges(matches)) ^ expanded(byte_level[name])
    return dict(albert=python, bert=python, nezha=python, roberta=words)


def make(out):
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    transformers.logging.set_verbosity_error()
    lines = tokenizer_texts.lines()
    (out / "text.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "ascii")
    tokenizer_codepoints.write(VOCAB, common.fresh(out / "codepoints"))
    surrogates = [line for line in lines if line["fam"] == "surrogate"]
    lines = lines[:-len(surrogates)]
    unsure = seen_differently(out / "codepoints")
    for name in ("albert", "bert", "nezha", "roberta"):
        tokenizer = fast(name)
        write(out / f"{name}-fast.jsonl.gz", [fast_record(tokenizer, line, i) for i, line in enumerate(lines)])
        write(out / f"{name}-fast.batch.jsonl.gz", batches(tokenizer, lines))
        if name == "roberta":
            tokenizer = transformers.RobertaTokenizerFast.from_pretrained(VOCAB / "roberta", add_prefix_space=True)
        write(out / f"{name}-fast{'.prefix' * (name == 'roberta')}.pretok.jsonl.gz", pre_split(tokenizer, lines))
        sure = [line for line in lines if not unsure[name] & set(map(ord, line["text"] + line.get("text_pair", "")))]
        print(f"{name}-slow: {len(lines) - len(sure)} texts left out, of which Python {sys.version.split()[0]} has another idea")
        tokenizer = slow(name)
        more = surrogates if name in ("bert", "nezha") else []
        write(out / f"{name}-slow.jsonl.gz", [slow_record(tokenizer, line) for line in sure + more])
    tokenizers = dict(fast_variants())
    write(out / "variants_fast.jsonl.gz", [dict(id=line["id"]) | {
        name: dict(ids=(found := tokenizer(line["text"]).encodings[0]).ids, off=flat(found.offsets))
        for name, tokenizer in tokenizers.items()} for line in lines[::3]])
    tokenizers = dict(slow_variants())
    write(out / "variants_slow.jsonl.gz", [dict(id=line["id"]) | {
        name: dict(tok=tokenizer.tokenize(line["text"]), ids=tokenizer(line["text"])["input_ids"])
        for name, tokenizer in tokenizers.items() if not unsure[name.split("-")[0]] & set(map(ord, line["text"]))}
        for line in lines[1::3]])
    albert = VOCAB / "albert"
    write(out / "spm.jsonl.gz", tokenizer_segmentations.records(albert / "spiece.model", lines))
    write(out / "spm_small.jsonl.gz", tokenizer_segmentations.records(albert / "test_sentencepiece.model", lines[1::3]))
    write(out / "spm_bytes.jsonl.gz", tokenizer_segmentations.records(albert / "bytes_sentencepiece.model", lines[::4]))
    write_all(out / "albert_sampling.json", tokenizer_segmentations.sampling(VOCAB / "albert/spiece.model"))
    names = [f"{name}-{kind}" for name in ("albert", "roberta", "bart", "nezha", "bert") for kind in ("slow", "fast")]
    write_all(out / "api.json", {name: api(name) for name in [*names, "longformer-fast"]})
    print(sum(file.stat().st_size for file in out.rglob("*") if file.is_file()), "bytes")


if __name__ == "__main__":
    common.main(__doc__, make, "tokenizers/cases", ["transformers", "tokenizers", "sentencepiece"], produces=[
        "*.json*", "codepoints/*.tsv.gz", "codepoints/classes.json.gz"])
