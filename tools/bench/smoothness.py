"""The time of a pass of a number of tokens that is no multiple of 16, beside what its neighbours let expect."""
import collections, statistics, time
from engines import WARM_UP, Engine
from materials import LANEWISE
from rounds import quartiles

SHAPES = ["1x1", "1x2", "1x3", "1x7", "1x17", "1x19", "3x77", "5x33"]
PRECISIONS = {"fp32": "f32", "bf16": "bf16", "int8": "int8"}
STEP, SECONDS = 16, 0.06


class Found(collections.namedtuple("Found", "times expected line")):
    """Milliseconds of the windows, and what the line through the two shapes says.

    Of each shape the lower quartile counts: what else the machine does can only make a pass slower.
    """

    @property
    def ratio(self):
        return quick(self.times) / self.expected


def quick(times):
    return quartiles(times)[0]


def rows(shape):
    batch, tokens = map(int, shape.split("x"))
    return batch * tokens


def neighbours(shape):
    """The shapes of the multiples of 16 rows below and above: below 16 rows the line is that of 16 and 32, made longer."""
    below = max(STEP, rows(shape) // STEP * STEP)
    return tuple(like(shape, count) for count in (below, below + STEP))


def like(shape, count):
    """So many rows in texts of about the same length as those of the shape."""
    tokens = int(shape.split("x")[1])
    if shape.startswith("1x"):
        return f"1x{count}"
    length = min((n for n in range(1, count + 1) if count % n == 0), key=lambda n: max(n / tokens, tokens / n))
    return f"{count // length}x{length}"


def expected(shape, below, above, times):
    """On the line through both neighbours."""
    share = (rows(shape) - rows(below)) / (rows(above) - rows(below))
    return times[below] + share * (times[above] - times[below])


def measure(precision, shapes, threads, rounds):
    """{shape: Found} of BERT-base; all shapes are asked in turn in one process."""
    command = [LANEWISE, "bench", "--worker", "--shape", "bert-base", "--dtype", PRECISIONS[precision], "--threads", "{threads}"]
    engine = Engine(precision, command, threads)
    asked = list(dict.fromkeys(one for shape in shapes for one in (shape, *neighbours(shape))))
    try:
        passes = {one: warm(engine, one, WARM_UP if one == asked[0] else 1) for one in asked}
        times = [{one: statistics.median(engine.times(*one.split("x"), passes[one])) for one in asked} for _ in range(rounds)]
    finally:
        engine.end()
    usual = {one: quick([of_round[one] for of_round in times]) for one in asked}
    return {shape: Found([of_round[shape] for of_round in times], expected(shape, *neighbours(shape), usual),
                         " and ".join(neighbours(shape)).replace("x", "×")) for shape in shapes}


def warm(engine, shape, seconds):
    """How many passes make a window."""
    begun, last, passes = time.perf_counter(), 0, 0
    while time.perf_counter() - begun < seconds or passes < 3:
        last = engine.times(*shape.split("x"), 1)[0]
        passes += 1
    return max(1, round(SECONDS * 1000 / last))
