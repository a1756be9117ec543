"""Forward passes of encoders: fp32, int8 and bf16 beside ONNX Runtime, Longformer beside PyTorch, later families beside both."""
import sys
import targets
from engines import FOREIGN_WARM_UP, Engine, EngineFailure, interleaved
from materials import BENCH, LANEWISE
from rounds import middle, ratios
from rows import row

SHAPES = ["1x16", "1x19", "1x128", "1x384", "8x128", "32x32", "32x128"]
NAMES = {"bert": "BERT-base", "albert": "ALBERT-base", "minilm": "MiniLM-L6 shape", "longformer": "Longformer-base",
         "distilbert": "DistilBERT-base", "modernbert": "ModernBERT-base", "deberta-v3": "DeBERTa-v3-base"}
SIZES = {"minilm": "minilm-l6"}
PEERS = {"own f32": "its own fp32", "ort f32": "ONNX Runtime", "ort int8": "ONNX Runtime int8"}


def lanewise(family, *options):
    return [LANEWISE, "bench", "--worker", "--shape", SIZES.get(family, f"{family}-base"), "--threads", "{threads}", *options]


def count(threads):
    return "1 thread" if threads == 1 else f"{threads} threads"


def engine(materials, family, threads, key):
    """Of a key such as "own bf16" or "ort f32"."""
    who, precision = key.split()
    if who == "own":
        return Engine(key, lanewise(family, "--dtype", precision), threads)
    return Engine(key, materials.ort("OrtWorker", materials.graph(family, precision == "int8"), "{threads}"), threads, FOREIGN_WARM_UP)


def pairs(kind, shape):
    """(group, what is measured, beside what) of a shape. bf16 has its speed where there is much to multiply: with few tokens it
    has only to be no slower than fp32, and everywhere where it saves nothing but memory."""
    narrow = kind in ("AMD", "Intel") and targets.tokens(shape) >= 64
    return [("fp32", "own f32", "ort f32"), ("int8", "own int8", "ort int8"),
            ("bf16", "own bf16", "ort f32") if narrow else ("bf16-own", "own bf16", "own f32")]


def encoders(materials, selection, rounds):
    """All engines of a family are alive at the same time, and a shape is asked of all of them in turn."""
    for family in ("bert", "albert", "minilm"):
        for threads in (2, 1):
            alive = {}
            try:
                for shape in SHAPES:
                    wanted = {f"{group}/{family}/{threads}/{shape}": (group, own, peer) for group, own, peer in pairs(selection.kind, shape)}
                    wanted = {name: pair for name, pair in wanted.items() if selection.wants(name)}
                    keys = list(dict.fromkeys(key for _, own, peer in wanted.values() for key in (own, peer)))
                    for key in keys:
                        alive.setdefault(key, None)
                        alive[key] = alive[key] or engine(materials, family, threads, key)
                    times = interleaved([alive[key] for key in keys], *shape.split("x"), rounds, 0.3)
                    for name, (group, own, peer) in wanted.items():
                        dtype = own.split()[1].replace("f32", "fp32")
                        yield name, row(f"{NAMES[family]} {shape.replace('x', '×')}{'' if group == 'fp32' else ' ' + dtype}, {count(threads)}",
                                        PEERS[peer] + (" fp32" if group == "bf16" else ""), ratios(times[own], times[peer]),
                                        middle(times[own]), middle(times[peer]), "ms")
            except EngineFailure as failure:
                print(f"{NAMES[family]}, {count(threads)}: {failure}", file=sys.stderr, flush=True)
                selection.failed = True
            finally:
                for one in filter(None, alive.values()):
                    one.end()


def beside(own, other, peer, threads, shapes, selection, rounds):
    """Measures the shapes {row id: (label, shape)} with both engines alive."""
    wanted = {name: spec for name, spec in shapes.items() if selection.wants(name)}
    if not wanted:
        return
    engines = [Engine("Lanewise", own, threads), Engine(peer, other, threads, FOREIGN_WARM_UP)]
    try:
        for name, (label, shape) in wanted.items():
            if selection.wants(name):
                times = interleaved(engines, *shape.split("x"), rounds, 0.4)
                mine, theirs = times["Lanewise"], times[peer]
                yield name, row(label, peer, ratios(mine, theirs), middle(mine), middle(theirs), "ms")
    finally:
        for one in engines:
            one.end()


def longformer(materials, selection, rounds):
    for threads in (2, 1):
        shapes = {f"longformer/{threads}/{n}": (f"Longformer-base 1×{n}, {count(threads)}", f"1x{n}") for n in (1024, 2048, 4096)}
        torch = [materials.python, BENCH / "torch_worker.py", "longformer", "fp32", "{threads}"]
        yield from beside(lanewise("longformer"), torch, "PyTorch", threads, shapes, selection, min(rounds, 3))
    if selection.wants("longformer/growth"):
        yield "longformer/growth", growth(min(rounds, 3))


def growth(rounds):
    """Four times the tokens beside four times the time."""
    short, long = lengths("longformer", 1024, 4096, rounds)
    return row("Longformer-base, time of 4,096 tokens over four times that of 1,024", "linear growth",
               [value / 4 for value in ratios(long, short)], middle(long), 4 * middle(short), "ms", "plain")


def lengths(family, short, long, rounds, *options):
    """Times of one text of so many tokens and of one of so many more."""
    one = Engine("Lanewise", lanewise(family, *options), 2)
    try:
        return [interleaved([one], 1, tokens, rounds, 0.4)["Lanewise"] for tokens in (short, long)]
    finally:
        one.end()


def families(materials, selection, rounds):
    """Beside the better one of ONNX Runtime with a graph that nobody fused and PyTorch; DeBERTa beside PyTorch alone as well."""
    for family in ("distilbert", "modernbert", "deberta-v3"):
        for threads in (2, 1):
            shapes = {shape: f"families/{family}/{threads}/{shape}" for shape in ("1x128", "8x128")}
            alone = {shape: f"families/{family}/{threads}/{shape}/torch" for shape in shapes if family == "deberta-v3"}
            wanted = [shape for shape in shapes if selection.wants(shapes[shape]) or selection.wants(alone.get(shape, shapes[shape]))]
            if not wanted:
                continue
            begun = []
            try:
                begun.append(Engine("Lanewise", lanewise(family), threads))
                begun.append(Engine("ONNX Runtime", materials.ort("OrtWorker", materials.plain_graph(family), "{threads}"), threads, FOREIGN_WARM_UP))
                begun.append(Engine("PyTorch", [materials.python, BENCH / "torch_worker.py", family, "fp32", "{threads}"], threads, FOREIGN_WARM_UP))
                for shape in wanted:
                    times = interleaved(begun, *shape.split("x"), rounds, 0.3)
                    better = min(("ONNX Runtime", "PyTorch"), key=lambda name: middle(times[name]))
                    for name, peer in ((shapes[shape], better), (alone.get(shape), "PyTorch")):
                        if name and selection.wants(name):
                            yield name, row(f"{NAMES[family]} {shape.replace('x', '×')}, {count(threads)}", peer,
                                            ratios(times["Lanewise"], times[peer]), middle(times["Lanewise"]), middle(times[peer]), "ms")
            finally:
                for one in begun:
                    one.end()
    for name, model, options in (("growth", "ModernBERT-base", ()),
                                 ("growth/local", "ModernBERT-base with one global layer", ("--set", "global_attn_every_n_layers=22"))):
        if selection.wants(f"families/modernbert/{name}"):
            short, long = lengths("modernbert", 1024, 8192, min(rounds, 3), *options)
            yield f"families/modernbert/{name}", row(f"{model}, time of 8,192 tokens over that of 1,024", "itself", ratios(long, short),
                                                     middle(long), middle(short), "ms", "plain")
