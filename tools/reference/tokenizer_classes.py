#!/usr/bin/env python3
"""Makes src/test/resources/tokenizer-classes: vocabularies, folders made of them, and what AutoTokenizer makes of each.

Makes a file of each vocabulary, trained on the texts below, and cases.json.gz: each case names the files of a folder
(a vocabulary file, or the content of a JSON file), the options, and the answer: ids of the texts, of a pair, roles,
sizes and so on, or that the folder is refused. Lists of ids stand once, in "answers". Places are in code points.
"""

import contextlib
import gzip
import io
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import sentencepiece
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoTokenizer

import common
import tiny_tokenizers
from tokenizer_python_classes import codes

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity(transformers.logging.CRITICAL)

CORPUS = [
    "The cat sleeps on the mat, and the dog (an old one) barks at it.",
    "Hello world! It's 2,010 miles to the café; naïve people walk them.",
    "Unforgettable workshops overwhelmed the internationalisation of £5 notes - ok.",
    'She said "no": the ENT unit was closed. Ångström, Zürich, Łódź.',
    "In the beginning the world was 世界 and 你好 and nothing else...",
    "the cat the dog the world hello hello sleeping barking walking walked sleeps",
]
TEXTS = [
    "Hello world, the cat sleeps.",
    "Naïve CAFÉ: ENT (It's) £5 - ok...",
    "世界 a [MASK] b <mask>c</s> [SEP]<s>",
    "  two  spaces\tand  x<extra_id_1> y ",
    "a 👩 b 3,0, <ctl> [ent] <foo> Bar",
    "",
]
PAIR = ("the cat", "The dog, ok")


BYTE_SPECIALS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "[CLS]", "[SEP]", "[UNK]", "[PAD]", "<|endoftext|>"]


def word_pieces():
    """Special tokens, all characters at the start of words and inside, and the words of four letters or more."""
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "<s>", "</s>", "<pad>", "<mask>", "<unk>", "<cls>", "<sep>"]
    lowered = [normalizers.BertNormalizer().normalize_str(text) for text in CORPUS]
    words = [word for text in CORPUS + lowered for word, _ in pre_tokenizers.BertPreTokenizer().pre_tokenize_str(text)]
    characters = sorted(set("".join(words)))
    longer = sorted({word for word in words if len(word) > 3})
    return specials + characters + ["##" + c for c in characters] + longer + ["##ing", "##ed", "##s\u0301"]


def sentence_piece(path, **settings):
    # The model keeps the name of this file, so it is always the same, in another folder each time.
    rules = Path("rules.tsv")
    pairs = {"ﬁ": "fi", "Ｈ": "H", "…": "...", "\t": " ", "\u00a0": " ", "½": "1/2"}
    pairs.update({chr(0xFF41 + i): chr(97 + i) for i in range(26)})
    model = io.BytesIO()
    with tempfile.TemporaryDirectory() as scratch, contextlib.chdir(scratch):
        rules.write_text("".join(f"{codes(key)}\t{codes(value)}\n" for key, value in pairs.items()))
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(CORPUS * 3),
            model_writer=model,
            normalization_rule_tsv=str(rules),
            hard_vocab_limit=False,
            character_coverage=0.98,
            minloglevel=2,
            num_threads=1,
            **settings,
        )
    path.write_bytes(model.getvalue())


def vocabularies(root):
    (root / "vocab.txt").write_text("".join(word + "\n" for word in word_pieces()))
    tiny_tokenizers.byte_pairs(CORPUS, 360, BYTE_SPECIALS).model.save(str(root))
    sentence_piece(
        root / "albert.model", vocab_size=210, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
        control_symbols=["[CLS]", "[SEP]", "[MASK]"], user_defined_symbols=["(", ")", '"', "-", ".", "£", "€"],
    )
    sentence_piece(root / "fairseq.model", vocab_size=200)
    sentence_piece(root / "fairseq-symbols.model", vocab_size=200, user_defined_symbols=["ENT", "<foo>", "."],
                   control_symbols=["<ctl>"])
    sentence_piece(root / "t5.model", vocab_size=200, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    sentence_piece(
        root / "deberta.model", vocab_size=200, pad_id=0, bos_id=1, eos_id=2, unk_id=3, pad_piece="[PAD]",
        bos_piece="[CLS]", eos_piece="[SEP]", unk_piece="[UNK]",
    )
    sentence_piece(root / "bytes.model", vocab_size=460, byte_fallback=True)
    write_json(root)


def write_json(root):
    tokenizer = Tokenizer(models.WordPiece.from_file(str(root / "vocab.txt"), unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(tiny_tokenizers.BERT_SPECIALS)
    tokenizer.add_tokens([AddedToken("[Ent]", normalized=True), AddedToken("<foo>", normalized=False)])
    tiny_tokenizers.framed(tokenizer)
    tokenizer.save(str(root / "bert.json"), pretty=False)
    for name, prefix in (("roberta", True), ("gpt2", True)):
        tokenizer = Tokenizer(models.BPE.from_file(str(root / "vocab.json"), str(root / "merges.txt")))
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix)
        tokenizer.decoder = decoders.ByteLevel()
        if name == "roberta":
            tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
            tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True)])
            tokenizer.post_processor = processors.RobertaProcessing(
                ("</s>", tokenizer.token_to_id("</s>")), ("<s>", tokenizer.token_to_id("<s>")),
                trim_offsets=False, add_prefix_space=True)
        else:
            tokenizer.post_processor = processors.ByteLevel(trim_offsets=True, add_prefix_space=True)
        tokenizer.save(str(root / f"{name}.json"), pretty=False)
    whole = json.loads((root / "roberta.json").read_text())
    whole["padding"] = {"strategy": "BatchLongest", "direction": "Left", "pad_to_multiple_of": None, "pad_id": 1,
                        "pad_type_id": 2, "pad_token": "<pad>"}
    whole["truncation"] = {"direction": "Left", "max_length": 512, "strategy": "LongestFirst", "stride": 0}
    (root / "sections.json").write_text(common.compact(whole))


class Cases:
    def __init__(self, root):
        self.root, self.cases, self.answers, self.index = root, [], [], {}

    def number(self, answer):
        key = json.dumps(answer)
        if key not in self.index:
            self.index[key] = len(self.answers)
            self.answers.append(answer)
        return self.index[key]

    def add(self, name, files, **options):
        folder = Path(tempfile.mkdtemp())
        for target, source in files.items():
            if isinstance(source, str):
                shutil.copy(self.root / source, folder / target)
            else:
                (folder / target).write_text(json.dumps(source, ensure_ascii=False))
        case = {"name": name, "files": files, **options}
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, use_fast=not options.get("slow", False))
            case["expected"] = self.expected(tokenizer)
        except Exception as refusal:
            case["refused"] = type(refusal).__name__ + ": " + str(refusal).replace(str(folder), "FOLDER")[:120]
        shutil.rmtree(folder)
        self.cases.append(case)

    def expected(self, tokenizer):
        pair = tokenizer(*PAIR, return_token_type_ids=True)
        expected = {
            "ids": [self.number(tokenizer(text).input_ids) for text in TEXTS],
            "pair": self.number(pair.input_ids),
            "types": self.number(pair.token_type_ids),
            "roles": {role: str(getattr(tokenizer, role)) for role in ROLES if role in tokenizer.special_tokens_map},
            "size": len(tokenizer),
            "maxLength": min(tokenizer.model_max_length, 2**31 - 1),
            "inputs": tokenizer.model_input_names,
            "cleanUp": bool(tokenizer.clean_up_tokenization_spaces),
            "sides": [tokenizer.padding_side, tokenizer.truncation_side],
            "decoded": tokenizer.decode(tokenizer(TEXTS[0]).input_ids),
            "skipped": tokenizer.decode(tokenizer(TEXTS[2]).input_ids, skip_special_tokens=True),
        }
        # Where ids have gaps, len() counts what is there, and some slow classes tell more or fewer types than ids.
        if max(tokenizer.get_vocab().values()) + 1 != len(tokenizer):
            del expected["size"]
        if len(pair.token_type_ids) != len(pair.input_ids):
            del expected["types"]
        if tokenizer.is_fast:
            expected["offsets"] = [
                self.number([place for span in tokenizer(text, return_offsets_mapping=True).offset_mapping for place in span])
                for text in TEXTS]
        return expected


ROLES = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"]
WORD_PIECE = ["Bert", "DistilBert", "Electra", "MobileBert", "ConvBert", "LayoutLM", "Lxmert", "RetriBert", "SqueezeBert",
              "DPRQuestionEncoder", "DPRContextEncoder", "Funnel", "MPNet"]
BYTE_PAIRS = ["Roberta", "Longformer", "Bart", "LED", "Mvp", "Deberta", "GPT2"]
PAIRS = {"vocab.json": "vocab.json", "merges.txt": "merges.txt"}
WORDS = {"vocab.txt": "vocab.txt"}
SPM = {
    "Albert": ("spiece.model", "albert.model"),
    "XLMRoberta": ("sentencepiece.bpe.model", "fairseq.model"),
    "Camembert": ("sentencepiece.bpe.model", "fairseq.model"),
    "T5": ("spiece.model", "t5.model"),
    "MT5": ("spiece.model", "t5.model"),
    "DebertaV2": ("spm.model", "deberta.model"),
}
DECODER = {"content": "<foo>", "lstrip": False, "rstrip": False, "normalized": False, "single_word": False, "special": False}


def config(name, **more):
    return {"tokenizer_config.json": {"tokenizer_class": name + "Tokenizer", **more}}


def class_cases(cases):
    for name in WORD_PIECE:
        for key, value in [(None, None), ("do_lower_case", False), ("strip_accents", False), ("strip_accents", True),
                           ("tokenize_chinese_chars", False), ("add_prefix_space", True), ("trim_offsets", False)]:
            more = {} if key is None else {key: value}
            cases.add(f"{name} json {more}", {"tokenizer.json": "bert.json", **config(name, **more)})
        for more in ({}, {"do_lower_case": False}, {"do_basic_tokenize": False}):
            cases.add(f"{name} vocab {more}", {**WORDS, **config(name, **more)})
            cases.add(f"{name} slow {more}", {**WORDS, **config(name, **more)}, slow=True)
    for name in BYTE_PAIRS:
        for base in ("roberta", "gpt2"):
            for more in ({}, {"add_prefix_space": True}, {"add_prefix_space": None}, {"trim_offsets": False}):
                cases.add(f"{name} {base}.json {more}", {"tokenizer.json": f"{base}.json", **config(name, **more)})
        for more in ({}, {"add_prefix_space": True}, {"add_bos_token": True}):
            cases.add(f"{name} pairs {more}", {**PAIRS, **config(name, **more)})
            cases.add(f"{name} slow {more}", {**PAIRS, **config(name, **more)}, slow=True)
    for name, (target, source) in SPM.items():
        files = {target: source}
        cases.add(f"{name} spm", {**files, **config(name)})
        cases.add(f"{name} slow", {**files, **config(name)}, slow=True)
        cases.add(f"{name} cased", {**files, **config(name, do_lower_case=False, keep_accents=True)})
        cases.add(f"{name} lower slow", {**files, **config(name, do_lower_case=True, split_by_punct=True)}, slow=True)
        cases.add(f"{name} lower", {**files, **config(name, do_lower_case=True, split_by_punct=True)})
    for name in ("PreTrained", "BigBird", "Barthez", "Herbert", "RemBert", "Reformer", "OpenAIGPT"):
        for base in ("bert", "roberta", "gpt2"):
            for more in ({}, {"add_prefix_space": True}, {"do_lower_case": True}):
                cases.add(f"{name} {base}.json {more}", {"tokenizer.json": f"{base}.json", **config(name, **more)})


def symbol_cases(cases):
    for name in ("XLMRoberta", "Camembert", "T5"):
        target = SPM[name][0]
        for slow in (False, True):
            cases.add(f"{name} symbols {slow}", {target: "fairseq-symbols.model", **config(name)}, slow=slow)
            cases.add(f"{name} bytes {slow}", {target: "bytes.model", **config(name)}, slow=slow)
    for more in (
        {"legacy": False}, {"legacy": True}, {"legacy": False, "add_prefix_space": False},
        {"add_prefix_space": False}, {"extra_ids": 3}, {"extra_ids": 0}, {"extra_ids": 2, "legacy": False},
        {"extra_ids": 2, "additional_special_tokens": ["<extra_id_0>", "<extra_id_1>"]},
        {"extra_ids": 3, "additional_special_tokens": ["<extra_id_0>"]},
        {"extra_ids": 2, "additional_special_tokens": ["<foo>"]},
        {"eos_token": "<foo>"},
    ):
        for slow in (False, True):
            cases.add(f"T5 {more} {slow}", {"spiece.model": "t5.model", **config("T5", **more)}, slow=slow)
    cases.add("Albert symbols off", {"spiece.model": "fairseq-symbols.model", **config("Albert", unk_token="<unk>")})


def choice_cases(cases):
    fairseq = {"sentencepiece.bpe.model": "fairseq.model"}
    for model_type, files in [
        ("bert", WORDS), ("nezha", WORDS), ("distilbert", WORDS), ("mpnet", WORDS), ("electra", WORDS),
        ("roberta", PAIRS), ("bart", PAIRS), ("longformer", PAIRS), ("deberta", PAIRS), ("gpt2", PAIRS),
        ("xlm-roberta", fairseq), ("xlm-roberta-xl", fairseq), ("camembert", fairseq),
        ("albert", {"spiece.model": "albert.model"}), ("t5", {"spiece.model": "t5.model"}),
        ("deberta-v2", {"spm.model": "deberta.model"}), ("modernbert", {"tokenizer.json": "gpt2.json"}),
        ("roformer", WORDS), ("no-such-model", WORDS), ("bert", fairseq), ("xlm-roberta", WORDS), ("roberta", WORDS),
        ("bert", {"spiece.model": "albert.model"}), ("modernbert", WORDS),
    ]:
        cases.add(f"model_type {model_type} {sorted(files)}", {**files, "config.json": {"model_type": model_type}})
    for model, files, name in [
        ("bert", fairseq, "XLMRoberta"), ("roberta", {"spiece.model": "t5.model"}, "T5"), ("bert", PAIRS, "Roberta"),
        ("roberta", WORDS, "Bert"), ("bert", WORDS, "KoBert"), ("bert", WORDS, "Nezha"),
        ("roberta", fairseq, "Camembert"), ("bert", {"spm.model": "deberta.model"}, "DebertaV2"),
        ("bert", {"tokenizer.json": "bert.json"}, "KoBert"), ("bert", {"tokenizer.json": "bert.json"}, "Roberta"),
        ("bert", {"tokenizer.json": "bert.json"}, "Albert"), ("bert", {"tokenizer.json": "gpt2.json"}, "Bert"),
    ]:
        for place in ("config.json", "tokenizer_config.json"):
            content = {"config.json": {"model_type": model}}
            content.setdefault(place, {})["tokenizer_class"] = name + "Tokenizer"
            cases.add(f"{model} {name} {sorted(files)} {place}", {**files, **content})
            if "Fast" not in name and place == "tokenizer_config.json":
                content[place] = {"tokenizer_class": name + "TokenizerFast"}
                cases.add(f"{model} {name}Fast {sorted(files)} {place}", {**files, **content})
    code = {"AutoTokenizer": ["tokenization_kobert.KoBertTokenizer", None]}
    cases.add("auto_map", {**WORDS, **config("KoBert", auto_map=code), "config.json": {"model_type": "bert"}})
    cases.add("auto_map known", {**WORDS, **config("Bert", auto_map=code), "config.json": {"model_type": "bert"}})
    cases.add("auto_map type", {**WORDS, "tokenizer_config.json": {"auto_map": code}, "config.json": {"model_type": "bert"}})
    cases.add("auto_map config", {**WORDS, "config.json": {"model_type": "no-such-model", "auto_map": code}})
    cases.add("encoder-decoder", {**WORDS, "config.json": {
        "model_type": "encoder-decoder", "encoder": {"model_type": "bert"}, "decoder": {"model_type": "bert"}}})


def setting_cases(cases):
    typed = {"__type": "AddedToken", **DECODER}
    for more in (
        {"max_len": 77}, {"max_len": 77, "model_max_length": 55}, {"max_len": 77, "model_max_length": None},
        {"padding_side": "left", "truncation_side": "left"}, {"clean_up_tokenization_spaces": True},
        {"clean_up_tokenization_spaces": False}, {"model_input_names": ["input_ids"]}, {"split_special_tokens": True},
        {"additional_special_tokens": ["<foo>", "sleeps"]}, {"additional_special_tokens": [typed]},
        {"additional_special_tokens": None}, {"extra_special_tokens": {"image": "sleeps"}},
        {"added_tokens_decoder": {"4": {**DECODER, "content": "[MASK]", "lstrip": True, "special": True}}},
        {"added_tokens_decoder": {"5000": DECODER}}, {"added_tokens_decoder": {"5000": DECODER, "5001": {**DECODER, "content": "Bar", "normalized": True}}},
        {"added_tokens_decoder": {"4": {"content": "[MASK]"}}, "mask_token": "[MASK]"},
        {"mask_token": "<mask>"}, {"mask_token": {**typed, "content": "<mask>", "lstrip": True}}, {"cls_token": "cat"},
        {"sep_token": "<never>"}, {"pad_token": None}, {"mask_token": None}, {"bos_token": "<s>", "eos_token": "</s>"},
        {"tokenizer_file": None}, {"from_slow": True}, {"never_split": ["ENT"]}, {"pad_token_type_id": 3},
        {"fast_tokenizer_files": ["tokenizer.json", "tokenizer.4.0.0.json"]}, {"unk_token": "<unk>"},
    ):
        for name, files in (("Bert json", {"tokenizer.json": "bert.json", **WORDS, "tokenizer.4.0.0.json": "gpt2.json"}), ("Bert vocab", WORDS)):
            cases.add(f"{name} {more}", {**files, **config("Bert", **more)})
        if "split_special_tokens" not in more:
            cases.add(f"Bert slow {more}", {**WORDS, **config("Bert", **more)}, slow=True)
    special = {"mask_token": {**DECODER, "content": "<mask>", "lstrip": True, "special": True}}
    for more in (
        {"special_tokens_map.json": {"mask_token": "<mask>", "cls_token": "<cls>"}},
        {"special_tokens_map.json": special}, {"special_tokens_map.json": {"additional_special_tokens": ["sleeps", {**DECODER, "lstrip": True}]}},
        {"added_tokens.json": {"<foo>": 5000, "Bar": 5001}}, {"added_tokens.json": {"<foo>": 300}},
        {"added_tokens.json": {"<foo>": 5000, "<never>": 5001}, "special_tokens_map.json": {"mask_token": "<never>"}},
    ):
        for name, files in (("Bert", WORDS), ("DistilBert", {"tokenizer.json": "bert.json"}), ("Roberta", PAIRS),
                            ("PreTrained", {"tokenizer.json": "roberta.json"}), ("XLMRoberta", {"sentencepiece.bpe.model": "fairseq.model"})):
            for slow in (False, True):
                if not (slow and "tokenizer.json" in files):
                    cases.add(f"{name} {more} {slow}", {**files, **more, **config(name)}, slow=slow)
            decoder = config(name, added_tokens_decoder={"4": {**DECODER, "content": "[MASK]", "special": True}})
            cases.add(f"{name} {more} decoder", {**files, **more, **decoder})
    for name, files in (("GPT2", PAIRS), ("Deberta", PAIRS)):
        for more in ({"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "add_bos_token": True},
                     {"cls_token": "<s>", "sep_token": "</s>", "mask_token": "<mask>", "pad_token": "<pad>"},
                     {"unk_token": None}):
            for slow in (False, True):
                cases.add(f"{name} {more} {slow}", {**files, **config(name, **more)}, slow=slow)
    for name in ("PreTrained", "Roberta"):
        cases.add(f"{name} sections", {"tokenizer.json": "sections.json", **config(name)})


def make(root):
    vocabularies(root)
    cases = Cases(root)
    class_cases(cases)
    symbol_cases(cases)
    choice_cases(cases)
    setting_cases(cases)
    lines = ",\n".join(common.compact(case) for case in cases.cases)
    head = common.compact({"texts": TEXTS, "pair": PAIR, "answers": cases.answers})
    text = head[:-1] + ',\n"cases":[\n' + lines + "\n]}\n"
    (root / "cases.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    print(len(cases.cases), "cases", sum("refused" in case for case in cases.cases), "refused")


if __name__ == "__main__":
    common.main(__doc__, make, "tokenizer-classes", ["transformers", "tokenizers", "sentencepiece"])
