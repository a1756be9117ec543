"""The texts of the tokenizer cases: of every kind that has ever been read wrongly, and some drawn at random with a seed.

Characters that do not show, or that editors change, are written as escapes.
"""

import pathlib
import random
import unicodedata

CORPUS = pathlib.Path(__file__).with_name("tokenizer_corpus.txt")

PLAIN = [
    "", " ", "  ", "\n", "\t", "a", "A", "1", ",", ".", "'", '"', "é", "中", "\U0001f600", "I", "ab", "a b", " a", "a ",
    "Hello world!", "The quick brown fox jumps over the lazy dog.", "The capital of France is Paris.", "unaffable",
    "Cat's-paw", "...", "?!", "the the the", " \tHeLLo!how  \n Are yoU?  ", "one\u00a0two", "x=1;y=2",
    "C++ and C#, .NET, R&D", "AT&T", "a/b\\c", "e-mail", "rock 'n' roll", "O'Neill's", "100%", "#hashtag @user",
    "_under_score_", "snake_case camelCase PascalCase SCREAMING_CASE kebab-case",
    "https://www.example.org/a%20b?c=d&e=f#g", "someone@example.org", "C:\\temp\\x.txt",
    "/usr/lib/x86_64-linux-gnu/libc.so.6", "\tif (x == null) {\n\t\treturn new int[] {1, 2};\n\t}\r\n",
    "{\"a\": [1, 2.5e-3, null]}", "<p class=\"x\">5 &lt; 6</p>", "``quoted''", "``''``''", "''", "'' ``",
    "\u2018single\u2019 \u201cdouble\u201d \u00abangles\u00bb", "wait\u2026 what\u2014no\u2013yes", "a - b - c", "--",
    "-",
]

CONTRACTIONS = [
    "I'm you're he's she'd we'll they've don't can't", "I'M YOU'RE HE'S SHE'D WE'LL THEY'VE DON'T",
    "'s't're've'm'll'd", "it\u2019s we\u2019ll", " 's  't", "'S 'T 'RE", "'tis 'twas o'clock", "x'd'd've", "'''",
    "''s", "he 'll", "l'\u00e9t\u00e9 qu'il d'o\u00f9",
]

NUMBERS = [
    "9,9", "9,", ",9", "12,480", "12,480,", "1987, 1988, and 1989,", "31,500 x", "3,127,480.25", "1,2,3,4,5", "1 , 2",
    "x2, y3,", "\u00b2, \u00b3,", "\u0663,\u0664,", "\u0967\u0968,\u0969", "\u2460, \u2461,", "\u00bd, \u00be",
    "\u2167, \u217b", "0.5e-10", "1e100", "0x7f", "3\u00d74", "10\u207b\u00b3", "\u00b15", "2024-05-17T07:45:00Z",
    "$19.99", "\u00a345, \u20ac52 - (20)", "\uff11\uff12\uff13\uff0c\uff14", "\u4e00\u4e8c\u4e09\uff0c\u56db",
    "7,8 7, 8", "1234567890" * 5, "0,0,0,0,0,0,0,0,0,0", "\u0e51\u0e52, \u0e53", "\U0001d7d8, \U0001d7d9,",
    "\u137c, \u1374,",
]

SPACES = [
    "a\u0009b\u000ac\u000bd\u000ce\u000df", "a\u001cb\u001dc\u001ed\u001ff", "a\u0085b\u00a0c",
    "a\u1680b\u2000c\u2001d\u2002e\u2003f\u2004g\u2005h\u2006i\u2007j\u2008k\u2009l\u200am",
    "a\u2028b\u2029c\u202fd\u205fe\u3000f", "\u3000\u3000\u5168\u89d2\u3000", "\u00a0x\u00a0", "\u0085",
    "\u2028\u2029", "x\u0085\u0085 y", "  two  spaces  ", "   three   ", "trailing \n", "\n\n\n", "a\r\nb\rc\n\rd",
    "\u001c x \u001f", "  \t \u00a0 \u3000  ", "\u200bzero\u200bwidth\u200b", "a\u180eb", "a \u200b b", "end\u3000",
    "\u2002start", " \u00a0 . \u00a0 ,", "a" + " " * 30 + "b", " " * 17, "x \u2581 y", "\u2581", "\u2581\u2581x\u2581",
    "a\u2581b c", "\u2423 \u2420", "tab\tin\tthe\tmiddle", "\ta", "a\t", "\u000b", "\u000c",
]

CONTROLS = [
    "a\u0000b", "\u0000", "a\u0001b\u0008c\u001bd", "bell\u0007", "x\u007fy", "\u0080\u0081\u008f\u0090\u009f",
    "soft\u00adhyphen", "a\u061cb", "\u200eleft\u200fright", "\u202aa\u202bb\u202cc\u202dd\u202ee",
    "a\u2060b\u2061c\u2062d\u2063e\u2064f", "a\u2066b\u2067c\u2068d\u2069e", "\ufeffBOM\ufeff", "\ufff9a\ufffab\ufffb",
    "a\ufffdb", "\ufffd\ufffd", "\ue000private\uf8ff", "\U000f0000x\U0010fffd", "\ufdd0\ufffe\uffff",
    "tag\U000e0001\U000e0041\U000e007f", "a\u0600b\u06ddc\u070fd", "\U000110bd", "\U0001bca0x", "a\u0378b\u0380c",
    "\u2065", "\U0001fffe", "\U0010ffff", "\u0e3a\u0e00", "\ufeff", "\u00ad", "\u2060", "\u200d", "\u200c",
    "a\u200db\u200cc", "\u034f", "x\u034fy", "a\u0001\u0002\u0003 b", "\u0019\u001a", "\u001b[31mred\u001b[0m",
]

MARKS = [
    "e\u0301", "e\u0301\u0323", "e\u0323\u0301", "\u00e9", "n\u0303 \u00f1", "A\u030a \u212b \u00c5",
    "o\u0328\u0304 \u01ed", "\u0301", "\u0301\u0301", " \u0301", "x\u0307 x\u0308", "\u1e9b\u0323", "\u1e9e \u00df SS",
    "\u0344", "q\u0307\u0323", "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a",
    "\u05e9\u05c1 \u05e9\u05c2 \ufb2a \ufb2b \ufb4f", "\u0628\u064e\u0651 \u0651\u064e",
    "\u0622 \u0627\u0653 \ufefb \ufdfa", "\u0915\u093c \u0958 \u0929 \u0928\u093c",
    "\u09cb \u09c7\u09be \u0b94 \u0bca", "\u0e01\u0e33 \u0e4d\u0e32", "\u0f43 \u0f42\u0fb7 \u0f73",
    "\u1026 \u1025\u102e", "\u3099 \u304b\u3099 \u304c \uff76\uff9e \u30ac", "\u309b \u309c", "\u20dd1\u20dd a\u20d7",
    "1\ufe0f\u20e3 #\ufe0f\u20e3", "\u0958\u0301", "\U0001d15e \U0001d157\U0001d165",
    "\U000110ab \U000110a5\U000110ba", "i\u0307 \u0130 I\u0307 \u0131",
    "\u0130stanbul I\u011eDIR \u0131l\u0131k D\u0130L",
    "\u03a3\u039f\u03a6\u039f\u03a3 \u03c3\u03bf\u03c6\u03cc\u03c2 \u03a3", "\u1f8d \u1fb7 \u1ffc",
    "\u0390 \u03b9\u0308\u0301 \u1fd3", "Z\u0351\u036b\u0343a\u0300\u0316\u0317l\u0334\u0335g\u0489o\u0362",
    "\u212a \u2126 \u212b", "\u0149 \u0140 \u013f", "\u01c4 \u01c5 \u01c6 \u01f1",
    "\ufb00 \ufb01 \ufb02 \ufb03 \ufb04 \ufb05 \ufb06", "\u0587 \ufb13 \ufb17", "\u1e96 \u1e97 \u1e98 \u1e99 \u1e9a",
    "\u1dc0\u1dff \ufe20\ufe2f", "\u0483\u0488", "\u0653\u0654\u0655 \u0670", "\u0bcd\u0b82",
    "\u17d2\u1781 \u1781\u17d2\u1798\u17c2\u179a", "\u1b12 \u1b11\u1b35", "\ua6f0\ua8e0", "\u0d4a \u0d46\u0d3e",
]

EMOJI = [
    "\U0001f600\U0001f601", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f44d\U0001f3fd",
    "\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea", "\u2764\ufe0f \u2764 \u2764\ufe0e", "\u263a\ufe0f",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\U0001f3f3\ufe0f\u200d\U0001f308",
    "ok \U0001f44c.", "\U0001f600a\U0001f600", "a\U0001f600b c",
    "\U0001f9d1\U0001f3fb\u200d\U0001f91d\u200d\U0001f9d1\U0001f3ff", "\U0001f469\u200d\U0001f4bb codes",
    "\u00a9\ufe0f \u00ae \u2122", "\U0001f1e6", "\U0001f1e6\U0001f1e7\U0001f1e8",
    "\U0001f602\U0001f602\U0001f602\U0001f602\U0001f602", "\u2600\ufe0f\u26c8\ufe0f", "\U0001f004 \U0001f0cf",
    "\u231a\u23f0",
]

ASIAN = [
    "\u4e2d\u6587", "\u6211\u7231\u5317\u4eac\u5929\u5b89\u95e8", "a\u4e2db", "\u4e2d a \u6587", "ah\u535a\u63a8zz",
    "\u4f60\u597d\uff0c\u4e16\u754c\uff01", "\u300c\u5f15\u7528\u300d\u3010\u62ec\u53f7\u3011",
    "\u6625\u7720\u4e0d\u89c9\u6653\uff0c\u5904\u5904\u95fb\u557c\u9e1f\u3002",
    "\u5b78\u800c\u6642\u7fd2\u4e4b\uff0c\u4e0d\u4ea6\u8aaa\u4e4e\uff1f", "\u3007 \u3005 \u3006 \u303b",
    "\u9fa6 \u9fff \u4db5 \u4dbf", "\U00020000 \U0002a6d6 \U0002a700 \U0002b740 \U0002b820 \U0002ceb0",
    "\uf900 \ufa0e \ufa6d \ufa70 \ufad9", "\U0002f800 \U0002fa1d", "\u2f00 \u2fd5 \u2e80 \u2ef3", "\u3400\u4dbe",
    "\u31c0 \u2ff0", "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8",
    "\u30ab\u30bf\u30ab\u30ca \uff76\uff80\uff76\uff85 \u3072\u3089\u304c\u306a", "\u30fb\u30fc\u309d\u309e",
    "\u300c\u543e\u8f29\u306f\u732b\u3067\u3042\u308b\u3002\u300d", "\uff21\uff22\uff23\u3000\uff41\uff42\uff43",
    "\uff5e\u301c\uff0d\u2212", "\u3300 \u3350 \u337f \u33a1 \u33d2 \u32ff", "\u3231 \u3281 \u32a4 \u3220",
    "\u2474 \u249c \u24b6 \u24d0", "\ufe30 \ufe35 \ufe4f \ufe50 \ufe6b", "\uffe0 \uffe5 \uffe6", "\ud55c\uad6d\uc5b4",
    "\u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165", "\u1100\u1161\u11a8 \uac01", "\u3131\u314f \uffa1\uffc2",
    "\ua960\ud7b0", "\uac00\u11a8", "\u115f\u1160 \u3164 \uffa0",
    "\ub3c4\uc11c\uad00\uc774 \uc5b4\ub514\uc5d0 \uc788\uc2b5\ub2c8\uae4c?",
    "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e04\u0e23\u0e31\u0e1a",
    "\u1019\u103c\u1014\u103a\u1019\u102c\u1018\u102c\u101e\u102c", "\u0f56\u0f7c\u0f51\u0f0b\u0f61\u0f72\u0f42",
    "\u1820\u182e\u180b\u1836", "\u3105\u3106 \u02ca\u02cb", "\ua000\ua001", "\U00017000 \U0001b000 \U00018b00",
    "\u4e2d\u00a0\u6587\u3000\u5b57", "\u4e2d" * 40, "\u56fe\u4e66\u99862\u697c\u7684A\u5ea7,12,480\u672c\u4e66",
    "\u9b5a\u9c7b\u9f98\u9750",
]

CASING = [
    "HELLO WORLD", "hELLO wORLD", "\u00c9COLE \u00dcBER \u00c5NGSTR\u00d6M", "\u0410\u0411\u0412 \u0430\u0431\u0432",
    "\u10a0\u10d0 \u1c90 \u2d00", "\u13a0\uab70\u13f8", "\ua640\ua641 \u1c80", "\U00010400\U00010428",
    "\U0001e900\U0001e922", "\uff26\uff35\uff2c\uff2c", "\u0391\u0392\u0393", "\u01c5\u01c8\u01cb",
    "\u2160\u2170 \u24b6\u24d0", "\u1e9e", "\u0130", "\u0130\u0130", "\u03a3", "\u03a3\u03a3", "a\u03a3", "a\u03a3 b",
    "\u03d0 \u03d1 \u03f4 \u1e9b", "\u0345 \u1fb3", "\ua7ae \u0245", "\u0531\u0561\u0587", "\u2c00\u2c30 \u2c80\u2c81",
    "\u212a\u212b\u2126", "\u00b5 \u03bc", "\u0178\u00ff", "\u023a\u2c65 \u023e\u2c66",
    "mIxEd CaSe \u00e9\u00c9\u00e8\u00c8",
]

SPECIALS = [
    "[CLS]", "[SEP]", "[MASK]", "[PAD]", "[UNK]", "<s>", "</s>", "<pad>", "<unk>", "<mask>", "[MASK] [MASK]",
    "[MASK][MASK]", " [MASK]", "[MASK] ", "  [MASK]  ", "a[MASK]b", "a [MASK]b", "a[MASK] b", "a\t[MASK]\nb",
    "a\u00a0[MASK]", "a\u3000<mask>", "a \u2003 <mask> b", "x\u0085<mask>", "x\u200b<mask>", "x\u001c<mask>",
    "x\u001f[MASK]", "[mask] [cls] <MASK> <UNK> <PAD> <S>", "[MASK", "MASK]", "[[MASK]]", "<<mask>>", "<s><s></s>",
    "Paris is the <mask> of France.", "Paris is the [MASK] of France.", "[CLS] a [SEP] b [SEP]", "<s>a</s></s>b</s>",
    "a<pad><pad>", "[PAD] [PAD]", "[UNK]x[UNK]", "<unk> <unk>", "madeupword0000 madeupword0001", "<|endoftext|>",
    "<extra_id_0>", "[unused1] [unused98]", "##ing", "## a ##b", "\u0120the \u0120", "\u0110\u00ce", "\u00c4\u0120",
    "\u2581the \u2581", "<0x41> <0xE4>", "<sep>", "a <sep> b", "\u00bd", "\u7684", "\u7684\u7684a\u7684", "(formerly)",
    "(a)(b) - \"c\"", "\u00a3\u20ac\u2013\u2013", "[\u039c\u0391SK]", "[M\u0301ASK]", "<mask\u0301>", "\u0301[MASK]",
    "e[MASK]\u0301", "\uff3b\uff2d\uff21\uff33\uff2b\uff3d", "\U0001f600[MASK]\U0001f600<mask>", "</S> <Unk>",
]

LONG_WORDS = [
    "w" * 99, "w" * 100, "w" * 101, "\u00e9" * 100, "\u00e9" * 101, "e\u0301" * 60, "\u0130" * 60, "\U0001f600" * 101,
    "see " + "-" * 101 + " end", "lol" * 40, "a" * 300, "0123456789" * 11, "!" * 60, "ab" * 60, "\u0301" * 120,
    "x" + "\u0323" * 90, "AAAA" * 30, "e" * 37, "=" * 64, "deadbeef" * 12, "9," * 30, "\ufdfa" * 3, "\ufdfa" * 8,
    "\u304c" * 25, "the" * 35, "\u05d0" * 101,
]

# Code points inside the blocks of ideographs that stand for none: the slow BERT tokenizer drops them, the fast one does not.
UNASSIGNED = ["\ufa6e \ufa6f", "x\ufa6ey", "\ufada\ufaff z", "\U0002fa1e\U0002fa1f", "\U0002b73a \U0002b81e", "a \U0002cea2b"]

# Half of a surrogate pair is no character, so only the slow BERT tokenizers, which drop it, have an answer.
SURROGATES = ["a\ud83db", "\udc00", "x \ud83d\u00e9", "\ude00\ud83d", "word\udfff word"]


def words_of(lines):
    return [word for line in lines for word in line.split()]


def drawn(r, corpus):
    """Texts put together at random: words joined by odd spaces, marks and controls in words, code points of whole blocks."""
    words = words_of(corpus)
    odd = [
        "\u00a0", "\u2003", "\u3000", "\u0085", "\u200b", "\u00ad", "\u200d", "\ufeff", "\t", "\n", "\r\n", "  ",
        "\u001f", "\u2028", "\u202e",
    ]
    specials = ["[MASK]", "<mask>", "[SEP]", "</s>", "<unk>", "[UNK]", "<pad>", "[CLS]", "[PAD]"]
    for _ in range(12):
        yield "odd_spaces", "".join(r.choice(words) + r.choice(odd + [" "] * 6) for _ in range(r.randrange(2, 8)))
    for _ in range(12):
        text = list(" ".join(r.choice(words) for _ in range(r.randrange(2, 6))))
        for _ in range(r.randrange(1, 5)):
            place = r.randrange(len(text) + 1)
            text.insert(place, r.choice([chr(0x300 + r.randrange(0x70)), r.choice(odd), chr(r.randrange(1, 32))]))
        yield "inserted", "".join(text)
    for _ in range(10):
        yield "specials_drawn", "".join(
            r.choice([r.choice(specials), r.choice(words)]) + r.choice(["", " ", "  ", ", "]) for _ in range(r.randrange(2, 7)))
    for start in (
        0x80, 0x180, 0x250, 0x370, 0x400, 0x530, 0x590, 0x600, 0x900, 0xC00, 0xE00, 0x10A0, 0x1200, 0x1780, 0x1E00,
        0x1F00, 0x2000, 0x2070, 0x2100, 0x2200, 0x2460, 0x2C00, 0x3000, 0x3200, 0x3300, 0x4DB0, 0x9FE0, 0xA640, 0xA720,
        0xF900, 0xFA00, 0xFB00, 0xFE00, 0xFF00, 0x10300, 0x10400, 0x1D100, 0x1D400, 0x1EE00, 0x1F100, 0x1F200, 0x1F600,
        0x1F900, 0x2F800, 0xE0000,
    ):
        yield "block", "".join(
            r.choice([chr(start + r.randrange(0x100)), chr(start + r.randrange(0x100)), " "]) for _ in range(r.randrange(4, 14)))
    for _ in range(14):
        ranges = (0, 0x300), (0, 0x3000), (0, 0xD800), (0xE000, 0x20000), (0, 0x110000)
        codes = (r.choice([r.randrange(*one) for one in ranges]) for _ in range(r.randrange(2, 16)))
        yield "any", "".join(chr(c) for c in codes if not 0xD800 <= c < 0xE000)
    for _ in range(10):
        text = " ".join(r.choice(words) for _ in range(r.randrange(3, 9)))
        yield "recased", "".join(r.choice([c.upper(), c.lower(), c]) for c in text)
        yield "decomposed", unicodedata.normalize(r.choice(["NFD", "NFKD", "NFKC"]), text)
    for _ in range(6):
        yield "mixed", "".join(r.choice([word, word[: 1 + r.randrange(3)]]) for word in r.sample(words, r.randrange(3, 7)))
    for _ in range(8):
        yield "byteish", "".join(r.choice([
            "\u0120", "\u010a", "\u00c3\u00a9", "##", "@@", "\u2581", r.choice(words), " ", "\u0142",
        ]) for _ in range(r.randrange(2, 8)))
    for _ in range(4):
        yield "long", " ".join(r.choice(corpus) for _ in range(r.randrange(5, 9)))


def pairs(r, corpus, texts):
    for _ in range(24):
        yield "pair", r.choice(corpus), r.choice(corpus)
    for _ in range(30):
        yield "pair_odd", r.choice(texts), r.choice(texts)
    for first, second in [
        ("", ""), ("a", ""), ("", "b"), (" ", " "), ("[MASK]", "<mask>"), ("a", "\u0000"), ("\u0301", "x"),
        ("one two three four five six seven", "8"),
        ("8", "one two three four five six seven eight nine ten eleven twelve"),
        ("a b c d e f g h", "a b c d e f g h"), ("a b c d e f g", "a b c d e f g h"),
        ("a b c d e f g h", "a b c d e f g"), ("a b c d e f g", "a b c d e f g"),
    ]:
        yield "pair_small", first, second


def lines():
    """Records {"id", "fam", "text", "text_pair"?} in an order drawn with a seed, so that batches mix all kinds."""
    r = random.Random(1625)
    corpus = [line for line in CORPUS.read_text("utf-8").splitlines() if not line.startswith("#")]
    listed = dict(plain=PLAIN, contractions=CONTRACTIONS, numbers=NUMBERS, spaces=SPACES, controls=CONTROLS, marks=MARKS,
                  emoji=EMOJI, asian=ASIAN, casing=CASING, specials=SPECIALS, long_words=LONG_WORDS)
    records = [dict(fam=family, text=text) for family, texts in listed.items() for text in texts]
    records += [dict(fam="corpus", text=text) for text in r.sample(corpus, 60)]
    records += [dict(fam=family, text=text) for family, text in drawn(r, corpus)]
    texts = [record["text"] for record in records]
    records += [dict(fam=family, text=text, text_pair=pair) for family, text, pair in pairs(r, corpus, texts)]
    r.shuffle(records)
    records += [dict(fam="unassigned", text=text) for text in UNASSIGNED]
    records += [dict(fam="surrogate", text=text) for text in SURROGATES]
    return [dict(id=f"t{i:04}") | record for i, record in enumerate(records)]
