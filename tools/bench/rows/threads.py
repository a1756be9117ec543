"""What threads do: the same bits, nothing while idle, a fair share for many callers; and what a pass allocates."""
import time
from engines import Engine
from rows import row

CALLERS, SECONDS, IDLE = 8, 4, 10


def threads(materials, selection, rounds):
    for part in (bits, idle, callers, allocation):
        if selection.wants(f"threads/{part.__name__}"):
            yield from part(materials, rounds)


def worker(materials, family, count):
    return Engine("Lanewise", materials.program("CallersWorker", materials.config(family), str(count)), count)


def bits(materials, _):
    """At 1, 2, 3, 5 and 8 threads a pass over 3 × 77 tokens."""
    hashes = set()
    for count in (1, 2, 3, 5, 8):
        engine = worker(materials, "albert", count)
        hashes.add(engine.ask("bits 3 77")[0])
        engine.end()
    yield "threads/bits", row("ALBERT-base 3×77, different results at 1, 2, 3, 5 and 8 threads", "itself",
                              [len(hashes)], kind="plain")


def idle(materials, _):
    engine = worker(materials, "albert", 2)
    engine.ask("callers 1 1 128 5")
    time.sleep(3)  # the compilers finish what they have begun
    before = engine.processor_seconds()
    time.sleep(IDLE)
    used = (engine.processor_seconds() - before) * 1000
    engine.end()
    yield "threads/idle", row(f"CPU time of the whole process in {IDLE} idle seconds, 2 threads, in ms", "itself",
                              [used], unit="ms", kind="plain")


def callers(materials, rounds):
    engine = worker(materials, "bert", 2)
    engine.ask(f"callers {CALLERS} 1 128 {SECONDS}"), engine.ask(f"callers 1 1 128 {SECONDS}")
    one, many = [], []
    for _ in range(min(rounds, 3)):
        one.append(float(engine.ask(f"callers 1 1 128 {SECONDS}")[0]))
        many.append(float(engine.ask(f"callers {CALLERS} 1 128 {SECONDS}")[0]))
    engine.end()
    yield "threads/callers", row(f"BERT-base 1×128, {CALLERS} callers beside one, 2 threads", "one caller",
                                 [m / o for m, o in zip(many, one)], sorted(many)[len(many) // 2], sorted(one)[len(one) // 2],
                                 "passes/s", "speed")


def allocation(materials, _):
    engine = worker(materials, "bert", 2)
    engine.ask("callers 1 1 128 8")
    found = []
    for _ in range(3):
        every, result = map(int, engine.ask("bytes 1 128 100"))
        found.append((every - result) / 1024)
    engine.end()
    yield "threads/allocation", row("BERT-base 1×128, heap that a pass allocates beyond its result, in KB", "itself",
                                    found, unit="KB", kind="plain")
