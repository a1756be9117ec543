"""bf16 and int8: forward passes beside ONNX Runtime's fp32 and its own int8, and how far they agree with fp32."""
import subprocess
from materials import DEMO, LANEWISE
from rows import row
from rows.encoder import NAMES, beside, count, lanewise

# 1x16 last: with few tokens more of the process has to be compiled before it has its speed
SHAPES = {"bf16": ["1x128", "1x384", "8x128", "32x128"], "int8": ["1x128", "1x384", "8x128", "32x128", "1x16"]}
TIMES = {"bf16": 0.50, "int8": 0.85}
COSINES = {"bf16": 0.9995, "int8": 0.999}
AGREEING = "1x16,1x128,8x128"


def low(materials, selection, rounds):
    for precision in ("bf16", "int8"):
        for family in ("bert", "albert"):
            for threads in (2, 1):
                yield from passes(materials, selection, rounds, precision, family, threads)
    folders = {"demo": DEMO, "sentiment": DEMO.parent / "albert-tiny-sentiment"}
    for precision in ("bf16", "int8"):
        for name in ("bert", "albert", *folders):
            if selection.wants(f"low/{precision}/{name}/cosine"):
                model = ["--model", folders[name]] if name in folders else ["--shape", f"{name}-base"]
                yield f"low/{precision}/{name}/cosine", agreement(precision, name, model)


def passes(materials, selection, rounds, precision, family, threads):
    names = {f"low/{precision}/{family}/{threads}/{s}": s for s in SHAPES[precision]}
    wanted = {name: (f"{NAMES[family]} {s.replace('x', '×')} {precision}, {count(threads)}", s)
              for name, s in names.items() if selection.wants(name)}
    if wanted:
        int8 = precision == "int8"
        ort = materials.ort("OrtWorker", materials.graph(family, int8), "{threads}")
        peer = "ONNX Runtime int8" if int8 else "ONNX Runtime fp32"
        yield from beside(lanewise(family, "--dtype", precision), ort, peer, threads, wanted, rounds, TIMES[precision])


def agreement(precision, name, model):
    """The least cosine of all tokens of all shapes."""
    command = [LANEWISE, "bench", "--agreement", *model, "--dtype", precision, "--shapes", AGREEING]
    lines = subprocess.check_output(command, text=True).splitlines()[1:]
    cosines = [float(line.split()[1]) for line in lines]
    label = f"{NAMES.get(name, f'albert-tiny-{name}')} {precision}, least cosine of a final state"
    return row(label, "its own fp32", COSINES[precision], "at least", cosines, min(cosines), 1.0, "cosine", "plain") | dict(
        value=min(cosines), met=min(cosines) >= COSINES[precision])
