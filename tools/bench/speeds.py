"""Shares of the multiply-adds' peak, by KernelSpeeds in a JVM of given flags; and the instructions of its kernels' loops."""
import collections, platform, subprocess
import machine_code
from engines import Engine

PARTS = ("products", "attention")


def widths(kind):
    """Bits of the vectors that can be had here: those of the processor, and on x86 256 as on others."""
    return {"AMD": (512, 256), "Intel": (512, 256), "AVX2": (256,)}.get(kind, (128,))


def flags(width):
    """Of a JVM with such vectors."""
    return ["-XX:UseAVX=2"] if width == 256 and platform.machine() in ("x86_64", "AMD64") else []


def spilling():
    """Whether the JVM has -XX:UseFPUForSpilling, by which addresses go to vector registers."""
    return platform.machine() in ("x86_64", "AMD64")


# Shares and peaks (GFLOP/s) of the windows, by the thread's processor time; away: of the time on the wall others had that part.
Part = collections.namedtuple("Part", "name shares speeds peaks away")


def part(found):
    """products or attention."""
    return found.name.partition(":")[0]


class Kernels:
    """A JVM that is asked for windows."""

    def __init__(self, materials, flags):
        self.engine = Engine(" ".join(["KernelSpeeds", *flags]), materials.program("KernelSpeeds", flags=flags), 1)
        bits, *self.names = self.engine.ask("parts")
        self.bits, self.numbers = int(bits), []

    def measure(self, rounds):
        """More windows, beside those that it has."""
        self.numbers += map(float, self.engine.ask(f"rounds {rounds}"))

    def parts(self):
        windows = [self.numbers[i:i + 4] for i in range(0, len(self.numbers), 4)]
        for i, name in enumerate(self.names):
            own = windows[i::len(self.names)]
            yield Part(name, [w[2] / w[0] for w in own], [w[2] for w in own], [w[0] for w in own],
                       1 - sum(w[1] / w[0] + w[3] / w[2] for w in own) / (2 * len(own)))

    def end(self):
        self.engine.end()


def measure(materials, settings, rounds, turns=5):
    """{name: flags} asked in turn, so that a machine that drifts moves all alike; {name: Kernels}, ended."""
    kernels = {name: Kernels(materials, flags) for name, flags in settings.items()}
    for _ in range(turns):
        for one in kernels.values():
            one.measure(max(1, rounds // turns))
    for one in kernels.values():
        one.end()
    return kernels


def instructions(materials, flags, name):
    """The loops that C2 made for products or for attention, the kernel's own first (machine_code.loops)."""
    printing = [*flags, f"-XX:CompileCommand=print,{machine_code.PATTERN}"]
    command = [str(word) for word in materials.program("KernelSpeeds", name, flags=printing)]
    printed = subprocess.run(command, input="rounds 5\n\n", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return machine_code.loops(printed)
