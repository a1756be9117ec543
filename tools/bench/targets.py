"""What each row should reach, by the kind of processor (processor.py): the one place where these numbers stand."""
import fnmatch
import re

AT_MOST, AT_LEAST = "at most", "at least"
LEAST_PEAK = {512: {"products": 0.92, "attention": 0.70}, 256: {"products": 0.88, "attention": 0.65}}
MOST_INSTRUCTIONS = 2.1  # a multiply-add, at 256 bits
SPILLING = 0.95  # the worse of -XX:±UseFPUForSpilling over the better one
IMAGE = 0.95  # kernels that load by address, as in a native image, over those that load from segments
SMOOTH = 1.35

# The first pattern that fits; one number for all, or by kind. None: measured without a target.
RULES = [
    ("fp32/*", AT_MOST, {"AMD": 0.95, "Intel": 0.80, "AVX2": 0.95}),
    ("int8/*", AT_MOST, {"AMD": 0.85, "Intel": 0.85, "AVX2": 1.0}),
    ("bf16-own/*", AT_MOST, {"AMD": 1.0, "Intel": 1.0, "AVX2": 1.05}),
    ("bf16/*", AT_MOST, {"AMD": 0.50, "Intel": 0.30}),
    ("agreement/bf16/*", AT_LEAST, 0.9995),
    ("agreement/int8/*", AT_LEAST, 0.999),
    ("read/fill-mask/*", AT_MOST, {"AMD": 0.75, "Intel": 0.65, "AVX2": 0.75}),
    ("read/rerank/*", AT_MOST, {"AMD": 0.85, "Intel": 0.70, "AVX2": 0.85}),
    ("smooth/*", AT_MOST, SMOOTH),
    ("kernels/512/products", AT_LEAST, LEAST_PEAK[512]["products"]),
    ("kernels/512/attention", AT_LEAST, LEAST_PEAK[512]["attention"]),
    ("kernels/256/products", AT_LEAST, LEAST_PEAK[256]["products"]),
    ("kernels/256/attention", AT_LEAST, LEAST_PEAK[256]["attention"]),
    ("kernels/256/instructions/*", AT_MOST, MOST_INSTRUCTIONS),
    ("kernels/*/spilling/*", AT_LEAST, SPILLING),
    ("mixed/padded", AT_LEAST, 2.0),
    ("mixed/sorted", AT_LEAST, 1.3),
    ("families/modernbert/growth*", AT_MOST, 9),
    ("families/*/torch", AT_MOST, 0.7),
    ("families/*", AT_MOST, 0.9),
    ("longformer/growth", AT_MOST, 1.15),
    ("longformer/*", AT_MOST, 0.35),
    ("decoding/memory/*", AT_LEAST, 0.85),
    ("decoding/greedy/2", AT_LEAST, 3.0),
    ("decoding/beams/2", AT_LEAST, 4.0),
    ("decoding/int8/2", AT_LEAST, 6.0),
    ("answer/*/time", AT_MOST, 1.0),
    ("answer/*/memory", AT_MOST, 1.3),
    ("threads/bits", AT_MOST, 1),
    ("threads/idle", AT_MOST, 20),
    ("threads/callers", AT_LEAST, 0.95),
    ("threads/allocation", AT_MOST, 64),
]


def target(row, kind):
    """(sense, number) of a row on a kind of processor; sense and None where it has no target."""
    for pattern, sense, numbers in RULES:
        if fnmatch.fnmatchcase(row, pattern):
            return sense, numbers.get(kind) if isinstance(numbers, dict) else numbers
    return AT_MOST, None


def tokens(shape):
    """Of all texts of a pass: 8x128 has 1024."""
    batch, length = map(int, re.fullmatch(r"(\d+)x(\d+)", shape).groups())
    return batch * length
