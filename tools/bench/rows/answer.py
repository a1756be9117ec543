"""From the start of a process to its first answer, and the memory that took."""
import time
from engines import Engine
from materials import LANEWISE
from rows import row

NAMES = {"bert": "BERT-base", "albert": "ALBERT-base"}


def answer(materials, selection, rounds):
    for family, name in NAMES.items():
        if not (selection.wants(f"answer/{family}/time") or selection.wants(f"answer/{family}/memory")):
            continue
        folder = materials.folder(family)
        weights = sum(f.stat().st_size for f in folder.glob("*.safetensors"))
        commands = {"own": [LANEWISE, "bench", "--worker", "--model", folder, "--threads", "2"],
                    "ort": materials.ort("OrtWorker", materials.graph(family), "2")}
        seconds, memory = {n: [] for n in commands}, {n: [] for n in commands}
        for turn in range(min(rounds, 4) + 1):
            for n, command in commands.items():
                engine = Engine(n, command, 2)
                engine.ask("1 128 1")
                took, peak = time.perf_counter() - engine.begun, engine.peak_bytes()
                engine.end()
                if turn:  # the first turn brings the files into the page cache
                    seconds[n].append(took), memory[n].append(peak)
        mine, theirs = seconds["own"], seconds["ort"]
        yield f"answer/{family}/time", row(f"{name}, process start to first answer at 1×128", "ONNX Runtime",
                                           [a / b for a, b in zip(mine, theirs)], sorted(mine)[len(mine) // 2] * 1000,
                                           sorted(theirs)[len(theirs) // 2] * 1000, "ms")
        yield f"answer/{family}/memory", row(f"{name}, peak memory of that process over its weights", "the weights",
                                             [m / weights for m in memory["own"]], max(memory["own"]) / 1e6,
                                             max(memory["ort"]) / 1e6, "MB", "plain")
