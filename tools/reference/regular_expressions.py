#!/usr/bin/env python3
"""Makes src/test/resources/regular-expressions.jsonl: where the tokenizers' regular expressions (Oniguruma) cut texts.

First the texts, then a line a pattern with, for each text, the ends of
the pieces of Split(pattern, "isolated") in code points, or "refused" if tokenizers refuses the pattern. A second list holds
the other behaviours.
"""
import json
import random

from tokenizers import Regex, decoders, normalizers, pre_tokenizers

import common

# Patterns of public tokenizers: GPT-2, Llama 3, Qwen 2, DeepSeek, o200k, Falcon, StarCoder, BLOOM, CLIP, and others alike.
REAL = [
    r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r"[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", r"[一-龥ࠀ-一가-퟿]+", r"\p{N}{1,3}", r"\p{N}{3}", r"[0-9][0-9][0-9]",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    r" ?[^(\s|[.,!?…。，、।۔،])]+", r"(?<=\s)(?=\S)", r"(?=[A-Z])", r"\s+$", r"^\s+",
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    r"\p{N}{1,3}|[^\r\n\p{L}\p{N}]?+\p{L}+|\s+(?!\S)|\s+", r"(\d)(?=(?:\d{3})+\b)", r"\w+|[^\w\s]+", r"(?:\r?\n)+(?!\r?\n)",
]
SMALL = r"""
\h+ \H \s \S+ \d+ \D \w+ \W+ \R \N+ \O . (?m). (?m:.+) ^a a$ \Aa a\z a\Z $ ^ \b \B \bfoo\b x* x+? x?? x{2} x{,2} x{2,} x{2,3}?
x{1,2}+y x++x x?+x x*+ (?>x+)y (?>x|xy)z (?:x|xy)z (x|xy)(y?)z a(?=b) a(?!b) (?<=a)b (?<!a)b (?<=a|bc)d (?<!ab|c)d (?<=^|x)a (?=b)
(?<=b) a| (?:) () (?:a|b?)*c (a*)*b (?:a*b*)+c (x+x+)+y a{0}b {a} a{ a{x} ] } a** a+* (?i:k) (?i)é (?i)[a-c]+ (?i)[^a] (?i)a(?-i)b
a(?i)b|c (?i:x)Y (?i:straSe) (?x)a\ b (?x:a.b)c (?#c)a a(?#c)b (?<n>x)y (?'n'x)y [a-z&&[^b]]+ [a-c&&b-d]+ [[a]b]+ [^[^a]] []a] [^]a]
[a\]b] [-a]+ [a-]+ [a-z-9]+ [+--]+ [\d\-x]+ [\w] [\W] [^\W] [^\S] [\S\s]+ [\s\p{L}]+ [\b] [^a&&b] [\p{L}&&[^a-z]]+ [a&&b&&c]
[[:alpha:]]+ [[:^alpha:]]+ [[:alnum:]]+ [[:digit:]]+ [[:punct:]]+ [[:space:]]+ [[:upper:]]+ [[:lower:]]+ [[:print:]]+ [[:graph:]]+
[[:cntrl:]]+ [[:blank:]]+ [[:xdigit:]]+ [[:ascii:]]+ [[:word:]]+ \p{Alpha}+ \p{Alnum}+ \p{Punct}+ \p{Word}+ [\p{Word}]+ [\p{Punct}]+ [\p{Alnum}_]+ [[:word:]x]+ [\P{Word}]+ \p{Lu} \p{^Lu}+ \P{Lu}+
\pL+ \PL+ \p{M} \p{Han}+ \p{Hiragana}+ \p{Latin}+ \p{Cyrillic}+ \p{Greek}+ \p{Arabic}+ \p{Common}+ \p{Inherited} \p{Emoji}+ \p{Any}
\p{Lowercase_Letter}+ \p{lu} \p{S}+ \p{Sc} \p{Zs} \p{Cc} \p{Cf} \p{LC}+ \p{Letter}+ \p{Extended_Pictographic} \u0041 \x41 \x{1F600} \x4
\0 \101 \e \t \n \r \v \f \a \- \_ \% \é \j \/ [.] [\.] [\n]+ .*b|a .*?b (?!a). (?!\s)\S{1,3} [^\r\n]+ (a|b)*c (?:(?:x){2}){1,2} 😀+ [😀-😎]
(?:a|ab)(?:c|bcd)(?:d*) \b\w+\b (?<!\w)x (?<=\d{2})x (?<!^)a \s+(?!\S) (?<=(?<!a)b)c (?=(?:a|b)c)a (?>a*?)b (?>(?:a|b)*)c
*a +a ?a (a [a [] [^] a) a\ [b-a] [a-\d] [[:foo:]] \p{Foo} \p{Script=Han} (?s). (?u)a (?P<n>a) (?=a)* \b+a ^*a a{100001} \8 \u{41}
""".split()
# What is refused here, though tokenizers takes it.
FRAGMENTS = ["a", "b", "c", "d", "x", "y", "z", "xx", "xy", "ab", "foo", "A", "K", "É", "é", "e\u0301", " ", "  ", "\t", "\n", "\r\n", "\u0085",
             "\u00a0", "\u2028", "\u3000", "1", "123", "12", "٣", "²", "Ⅷ", "½", "_", "-", "'s", "'RE", "'", "!", "?!", "$", "€", "+", "[", "]", "{",
             "漢", "字", "かな", "カ", "가", "д", "Ж", "Ω", "م", "😀", "👩\u200d👩", "ǅ", "ﬁ", "K", "ſ", "İ", "\u200b", "\0", "\x1b", "…", "«", "straSe", "jé", "։", "\u061c", "॓", "\U0001f9ff", "\u1cf7"]


def dense(value):
    return common.compact(value, ensure_ascii=True)


def pieces(splitter, text):
    return [end for _, (_, end) in splitter.pre_tokenize_str(text)]


def make(out):
    draw = random.Random(11)
    texts = ["", "a", "\n", "a\n", "\na", "aaab", "abcab", "xxyz", "K\u212a", "He's 1234 don'T", "a\r\n\r\nb  c", "foo foobar", "abc abd"]
    texts += ["".join(draw.choice(FRAGMENTS) for _ in range(draw.randrange(1, 14))) for _ in range(47)]
    lines = [json.dumps(texts)]
    for pattern in dict.fromkeys(REAL + SMALL):
        try:
            splitter = pre_tokenizers.Split(Regex(pattern), "isolated")
        except Exception:
            lines.append(json.dumps({"pattern": pattern, "refused": True}))
            continue
        lines.append(dense({"pattern": pattern, "ends": [pieces(splitter, text) for text in texts]}))
    for pattern in [r"\s", r"(?=[A-Z])", r"x*", r"\p{L}+", r"(?<=\s)(?=\S)", r"\b"]:
        for behavior in ["removed", "merged_with_previous", "merged_with_next", "contiguous", "isolated"]:
            for invert in [False, True]:
                splitter = pre_tokenizers.Split(Regex(pattern), behavior, invert)
                spans = [[list(span) for _, span in splitter.pre_tokenize_str(text)] for text in texts]
                lines.append(dense({"pattern": pattern, "behavior": behavior, "invert": invert, "spans": spans}))
    for pattern, content in [(r"\s+", " "), (r"(?<=a)", "-"), (r"x*", "ÿ😀"), (r"\p{M}", ""), (r"^", "▁")]:
        normalizer = normalizers.Replace(Regex(pattern), content)
        results = [normalizer.normalize_str(text) for text in texts]
        decoder = decoders.Replace(Regex(pattern), content)
        assert results == [decoder.decode([text]) for text in texts]
        lines.append(json.dumps({"pattern": pattern, "content": content, "results": results}))
    scripts = pre_tokenizers.UnicodeScripts()
    spans = [[list(span) for _, span in scripts.pre_tokenize_str(text)] for text in texts]
    lines.append(dense({"scripts": spans}))
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    common.main(__doc__, make, "regular-expressions.jsonl", ["tokenizers"])
