"""Generation by BART-base, 256 tokens in and 64 out, beside transformers on PyTorch in fp32; and the memory's share in it."""
import subprocess
from engines import Engine, command_for, environment
from materials import BENCH, LANEWISE
from rounds import middle, ratios
from rows import row
from rows.encoder import count

READ, MADE, SECONDS = 256, 64, 5
ROWS = {"greedy": ("greedy, fp32", 1, "f32"), "beams": ("4 beams, fp32", 4, "f32"), "int8": ("greedy, int8 weights", 1, "int8")}
WARM_UP = {"Lanewise": 12, "PyTorch": 1}
PASSES = {"Lanewise": 3, "PyTorch": 1}


def lanewise(beams, dtype, made=MADE):
    return [LANEWISE, "bench", "--shape", "bart-base", "--generate", made, "--beams", beams, "--dtype", dtype, "--threads", "{threads}"]


def decoding(materials, selection, rounds):
    for threads in (2, 1):
        for name, (how, beams, dtype) in ROWS.items():
            if selection.wants(f"decoding/{name}/{threads}"):
                mine, theirs = beside(materials, threads, beams, dtype, min(rounds, 3))
                yield f"decoding/{name}/{threads}", row(
                    f"BART-base {READ} tokens in, {MADE} out, {how}, {count(threads)}", "PyTorch fp32",
                    [1 / ratio for ratio in ratios(mine, theirs)], MADE * 1000 / middle(mine), MADE * 1000 / middle(theirs),
                    "tokens/s", "speed")
        if selection.wants(f"decoding/memory/{threads}"):
            share, speed = memory(threads)
            yield f"decoding/memory/{threads}", row(
                f"The same, greedy, fp32, {count(threads)}: bytes a second that the steps after the first read", "the memory, read by as many threads",
                [share], share * speed, speed, "GB/s", "plain")


def beside(materials, threads, beams, dtype, rounds):
    """For each engine and round the times of some generations, in milliseconds; the engines in turn."""
    engines = [Engine("Lanewise", [*lanewise(beams, dtype), "--worker"], threads),
               Engine("PyTorch", [materials.python, BENCH / "torch_generate_worker.py", MADE, beams, "{threads}"], threads)]
    for e in engines:
        e.times(1, READ, WARM_UP[e.name])
    times = {e.name: [] for e in engines}
    for _ in range(rounds):
        for e in engines:
            times[e.name].append(e.times(1, READ, PASSES[e.name]))
    for e in engines:
        e.end()
    return times["Lanewise"], times["PyTorch"]


def memory(threads):
    """The share of the memory's speed in which weights and cache are read, and that speed in GB/s."""
    found = {made: bench(threads, made) for made in (1, MADE)}
    (_, short, _), (speed, long, share) = found[1], found[MADE]
    read = share / 100 * speed * long * (MADE - 1) / MADE  # GB/s times ms, of all steps but the first
    return read / (long - short) / speed, speed


def bench(threads, made):
    """(GB/s that the memory is read with, median ms of a generation, percent of that speed) of one run."""
    words = command_for([*lanewise(1, "f32", made), "--shapes", f"1x{READ}", "--seconds", SECONDS], threads)
    lines = subprocess.check_output(words, text=True, env=environment()).splitlines()
    speed = next(float(line.split()[-2]) for line in lines if line.startswith("memory is read at"))
    last = lines[-1].split()
    return speed, float(last[1]), float(last[-1])
