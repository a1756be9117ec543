#!/usr/bin/env python3
"""Writes what Hugging Face's slow tokenizers ask of Python about every code point: codepoints/python314.json.gz.

Run it with Python 3.14, whose Unicode is 16.0, as that of JDK 25; it needs nothing else:
    python3.14 tools/reference/tokenizer_python_classes.py src/test/resources/tokenizers/cases/codepoints/python314.json.gz
The file was made with CPython 3.14.2 in Pyodide 314.0.7. tokenizer_cases.py compares its own Python with it, and leaves out of
the slow cases every text with a character that the two see differently.
"""

import pathlib
import sys
import unicodedata

import common


def ranges(predicate):
    """The code points of which something holds, but for surrogates, as [first, last] both included."""
    found = []
    for code in range(0x110000):
        if not 0xD800 <= code < 0xE000 and predicate(chr(code)):
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return found


def bert_control(c):
    return c not in "\t\n\r" and unicodedata.category(c).startswith("C")


def bert_punctuation(c):
    return "!" <= c <= "/" or ":" <= c <= "@" or "[" <= c <= "`" or "{" <= c <= "~" or unicodedata.category(c).startswith("P")


def bert_whitespace(c):
    return c in " \t\n\r" or unicodedata.category(c) == "Zs"


def codes(text):
    return " ".join(f"{ord(c):X}" for c in text)


def classes():
    lowered = (chr(code) for code in range(0x110000) if chr(code).lower() != chr(code))
    return dict(
        isspace=ranges(str.isspace), combining_nonzero=ranges(unicodedata.combining), isdigit=ranges(str.isdigit),
        bert_slow_control=ranges(bert_control), bert_slow_punct=ranges(bert_punctuation),
        bert_slow_whitespace=ranges(bert_whitespace), mark_nonspacing=ranges(lambda c: unicodedata.category(c) == "Mn"),
        lower={codes(c): codes(c.lower()) for c in lowered})


if __name__ == "__main__":
    assert unicodedata.unidata_version == "16.0.0", f"Unicode 16.0 is needed, not {unicodedata.unidata_version}"
    text = common.compact(dict(unidata=unicodedata.unidata_version) | classes(), ensure_ascii=True)
    common.write_gzip(pathlib.Path(sys.argv[1]), text)
