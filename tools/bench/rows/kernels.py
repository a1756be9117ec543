"""Kernels on one thread against the peak of the multiply-add units, at the machine's vector width and with 256 bits."""
import statistics
import machine_code, speeds
from rows import row

SIGNS = "+-"


def kernels(materials, selection, rounds):
    for width in speeds.widths(selection.kind):
        asked = [name for part in speeds.PARTS for name in (f"kernels/{width}/{part}", f"kernels/{width}/spilling/{part}") if selection.wants(name)]
        if asked:
            yield from shares(materials, selection, width, rounds)
        for part in speeds.PARTS:
            name = f"kernels/{width}/instructions/{part}"
            if selection.wants(name) and not machine_code.cannot():
                loops = speeds.instructions(materials, speeds.flags(width), part)
                if loops:
                    yield name, row(f"{part}, {loops[0].method}, {width} bits, instructions a multiply-add", "counted in C2's code",
                                    [loops[0].each], kind="plain")


def shares(materials, selection, width, rounds):
    """Of the slowest of the products, and of the worse setting of the flag."""
    settings = {sign: [*speeds.flags(width), f"-XX:{sign}UseFPUForSpilling"] for sign in SIGNS} if speeds.spilling() else {"": []}
    found = {sign: list(one.parts()) for sign, one in speeds.measure(materials, settings, 2 * rounds, min(rounds, 5)).items()}
    for part in speeds.PARTS:
        worst = {sign: min((one for one in parts if speeds.part(one) == part), key=lambda one: statistics.median(one.shares))
                 for sign, parts in found.items()}
        medians = {sign: statistics.median(one.shares) for sign, one in worst.items()}
        slowest = worst[min(medians, key=medians.get)]
        what = "slowest of three products" if part == "products" else "attention, its softmax not counted"
        if selection.wants(f"kernels/{width}/{part}"):
            yield f"kernels/{width}/{part}", row(f"{what}, {width} bits, 1 thread", "peak of the multiply-adds", slowest.shares,
                                                 statistics.median(slowest.speeds), statistics.median(slowest.peaks), "GFLOP/s", "speed")
        if len(worst) == 2 and selection.wants(f"kernels/{width}/spilling/{part}"):
            yield f"kernels/{width}/spilling/{part}", row(f"{what}, {width} bits, the worse of -XX:±UseFPUForSpilling", "the better one",
                                                          [min(medians.values()) / max(medians.values())], kind="plain")
