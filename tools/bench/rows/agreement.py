"""How far bf16 and int8 agree with fp32: the least cosine of a final state."""
import subprocess
from engines import environment
from materials import DEMO, LANEWISE
from rows import row
from rows.encoder import NAMES, SIZES

SHAPES = "1x16,1x128,8x128"
FOLDERS = {"demo": DEMO, "sentiment": DEMO.parent / "albert-tiny-sentiment"}


def agreement(materials, selection, rounds):
    for precision in ("bf16", "int8"):
        for name in ("bert", "albert", "minilm", *FOLDERS):
            if selection.wants(f"agreement/{precision}/{name}"):
                yield f"agreement/{precision}/{name}", cosine(precision, name)


def cosine(precision, name):
    """The least of all tokens of all shapes."""
    model = ["--model", FOLDERS[name]] if name in FOLDERS else ["--shape", SIZES.get(name, f"{name}-base")]
    command = [LANEWISE, "bench", "--agreement", *model, "--dtype", precision, "--shapes", SHAPES]
    lines = subprocess.check_output(command, text=True, env=environment()).splitlines()[1:]
    cosines = [float(line.split()[1]) for line in lines]
    label = f"{NAMES.get(name, f'albert-tiny-{name}')} {precision}, least cosine of a final state"
    return row(label, "its own fp32", cosines, min(cosines), 1.0, "cosine", "plain", min(cosines))
