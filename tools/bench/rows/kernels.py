"""Kernels on one thread against the peak of the multiply-add units, at the machine's vector width and with 256 bits."""
import platform, re, statistics, subprocess
from rows import row

LINE = re.compile(r"(.*?) +([\d.]+) GFLOP/s +([\d.]+) of the peak, at least ([\d.]+)")
WIDTHS = {"own": []} | ({"256": ["-XX:UseAVX=2"]} if platform.machine() in ("x86_64", "AMD64") else {})


def kernels(materials, selection, rounds):
    for width, flags in WIDTHS.items():
        parts = [part for part in ("products", "attention") if selection.wants(f"kernels/{width}/{part}")]
        if not parts:
            continue
        command = [*materials.java, *flags, "-cp", materials.class_path(), "io.lanewise.bench.ThroughputGuard"]
        shares, speeds, targets, peak, bits = {}, {}, {}, [], ""
        for _ in range(min(rounds, 3)):
            # it ends with 1 where a share is missed, and has printed all of them
            lines = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout.splitlines()
            bits, best = re.match(r"(\d+) bits, peak ([\d.]+)", lines[0]).groups()
            peak.append(float(best))
            of_round = {}
            for name, speed, share, target in (LINE.match(line).groups() for line in lines[1:]):
                part = "attention" if name.startswith("attention") else "products"
                of_round.setdefault(part, []).append((float(share), float(speed)))
                targets[part] = float(target)
            for part, found in of_round.items():
                worst = min(found)
                shares.setdefault(part, []).append(worst[0]), speeds.setdefault(part, []).append(worst[1])
        for part in parts:
            what = "slowest of three products" if part == "products" else "attention, its softmax not counted"
            yield f"kernels/{width}/{part}", row(f"{what}, {bits} bits, 1 thread", "peak of the multiply-adds", targets[part],
                                                 "at least", shares[part], statistics.median(speeds[part]),
                                                 statistics.median(peak), "GFLOP/s", "speed")
