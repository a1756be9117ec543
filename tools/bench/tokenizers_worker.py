"""Hugging Face's tokenizers, asked by the line: tokenizers_worker.py TOKENIZER_JSON.

Each line names a file of texts that are separated by NUL; the answer is the CPU time of encoding them
one by one, in seconds, and the hash of their ids without the special tokens around them.
"""

import sys
import time

from tokenizers import Tokenizer


def signed(number):
    number &= (1 << 64) - 1
    return number - (1 << 64) if number >> 63 else number


tokenizer = Tokenizer.from_file(sys.argv[1])
tokenizer.no_truncation()
tokenizer.no_padding()
for line in sys.stdin:
    with open(line.rstrip("\n"), encoding="utf-8", newline="") as file:
        texts = file.read().split("\0")
    start = time.process_time()
    encodings = [tokenizer.encode(text) for text in texts]
    seconds = time.process_time() - start
    result = 0
    for encoding in encodings:
        for identifier in encoding.ids[1:-1]:
            result = result * 1000003 + identifier + 1
        result &= (1 << 64) - 1
    print(seconds, signed(result), flush=True)
