"""Forward passes of encoders: fp32 beside ONNX Runtime, Longformer beside PyTorch."""
from engines import Engine, interleaved
from materials import BENCH, LANEWISE
from rows import middle, ratios, row

SHAPES = ["1x16", "1x128", "1x384", "8x128", "32x128"]
NAMES = {"bert": "BERT-base", "albert": "ALBERT-base", "longformer": "Longformer-base"}


def lanewise(family, *options):
    return [LANEWISE, "bench", "--worker", "--shape", f"{family}-base", "--threads", "{threads}", *options]


def beside(own, other, peer, threads, shapes, rounds, target):
    """Measures the shapes {row id: (label, shape)} with both engines alive."""
    engines = [Engine("Lanewise", own, threads), Engine(peer, other, threads)]
    try:
        for name, (label, shape) in shapes.items():
            batch, tokens = shape.split("x")
            times = interleaved(engines, batch, tokens, rounds, 0.4)
            mine, theirs = times["Lanewise"], times[peer]
            yield name, row(label, peer, target, "at most", ratios(mine, theirs), middle(mine), middle(theirs), "ms")
    finally:
        for engine in engines:
            engine.end()


def fp32(materials, selection, rounds):
    for family in ("bert", "albert"):
        for threads in (2, 1):
            wanted = {f"fp32/{family}/{threads}/{s}": (f"{NAMES[family]} {s.replace('x', '×')}, {count(threads)}", s)
                      for s in SHAPES if selection.wants(f"fp32/{family}/{threads}/{s}")}
            if wanted:
                ort = materials.ort("OrtWorker", materials.graph(family), "{threads}")
                yield from beside(lanewise(family), ort, "ONNX Runtime", threads, wanted, rounds, 0.85)


def longformer(materials, selection, rounds):
    for threads in (2, 1):
        wanted = {f"longformer/{threads}/{n}": (f"Longformer-base 1×{n}, {count(threads)}", f"1x{n}")
                  for n in (1024, 2048, 4096) if selection.wants(f"longformer/{threads}/{n}")}
        if wanted:
            torch = [materials.python, BENCH / "torch_worker.py", "longformer", "fp32", "{threads}"]
            yield from beside(lanewise("longformer"), torch, "PyTorch", threads, wanted, min(rounds, 3), 0.35)
    if selection.wants("longformer/growth"):
        yield "longformer/growth", growth(min(rounds, 3))


def growth(rounds):
    """Four times the tokens beside four times the time."""
    engine = Engine("Lanewise", lanewise("longformer"), 2)
    try:
        short, long = (interleaved([engine], 1, tokens, rounds, 0.4)["Lanewise"] for tokens in (1024, 4096))
    finally:
        engine.end()
    return row("Longformer-base, time of 4,096 tokens over four times that of 1,024", "linear growth", 1.15, "at most",
               [value / 4 for value in ratios(long, short)], middle(long), 4 * middle(short), "ms", "plain")


def count(threads):
    return "1 thread" if threads == 1 else f"{threads} threads"
