"""Texts of mixed lengths, from text to vectors, beside ONNX Runtime that pads."""
import sys
from engines import Engine
from rows import row

TEXTS, PARTS = 2000, 20
ROWS = {"mixed/padded": ("mixed", "padded to the longest of 32"), "mixed/sorted": ("sorted", "sorted by length, then so")}


def mixed(materials, selection, rounds):
    """A round is a twentieth of the 2,000 texts, which no engine has seen before."""
    wanted = {name: spec for name, spec in ROWS.items() if selection.wants(name)}
    if not wanted:
        return
    texts, folder = materials.texts(TEXTS), materials.folder("albert")
    own = Engine("Lanewise", materials.program("TextsWorker", folder, texts, "2"), 2)
    ort = Engine("ONNX Runtime", materials.ort("OrtTexts", materials.graph("albert"), folder, texts, "2"), 2)
    size = TEXTS // PARTS
    for engine in (own, ort):
        engine.ask(f"{TEXTS - 64} 64 sorted")
    found = {name: [] for name in wanted}
    tokens = mine = 0
    for part in range(min(rounds, 6)):
        answer = own.ask(f"{part * size} {size} mixed")
        mine, tokens = mine + float(answer[0]), tokens + int(answer[1])
        for name, (order, _) in wanted.items():
            other = ort.ask(f"{part * size} {size} {order}")
            if other[1:] != answer[1:]:
                sys.exit(f"part {part}: the engines do not read the same tokens: {answer} and {other}")
            found[name].append((float(answer[0]), float(other[0])))
    for engine in (own, ort):
        engine.end()
    for name, (_, how) in wanted.items():
        pairs = found[name]
        yield name, row(f"ALBERT-base, {size * len(pairs):,} texts of mixed lengths, {tokens:,} tokens, 2 threads",
                        f"ONNX Runtime, {how}", [b / a for a, b in pairs],
                        tokens / sum(a for a, _ in pairs) * 1000, tokens / sum(b for _, b in pairs) * 1000, "tokens/s", "speed")
