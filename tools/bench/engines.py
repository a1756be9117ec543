"""Workers: processes that are asked by the line (README.md)."""
import os, shlex, subprocess, time

WARM_UP, FOREIGN_WARM_UP = 8, 3  # seconds: the JVM's compiler has much to do, an engine in C++ only fills its caches
LATER_WARM_UP = 3  # for another shape, which takes other branches: they are compiled again
LIMIT, LEAST_ROUNDS = 20, 3  # seconds of rounds of one shape; slow ones get fewer rounds


# Variables for the engines, where one kind of processor plays another.
PLAYED = {}


def environment():
    """Without what would choose OpenBLAS's kernels."""
    return {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_CORETYPE")} | PLAYED


def command_for(command, threads):
    """The words of a command, a line or words with {threads} in them, for so many threads."""
    return [str(w).replace("{threads}", str(threads)) for w in (shlex.split(command) if isinstance(command, str) else command)]


class EngineFailure(SystemExit):
    """A worker that has ended or answers something else; ends the program with these words where nobody goes on without it."""


class Engine:
    """A worker that has said that it is ready."""

    def __init__(self, name, command, threads, warm_up=WARM_UP):
        env = environment()
        env.update(OMP_NUM_THREADS=str(threads), OPENBLAS_NUM_THREADS=str(threads), OMP_WAIT_POLICY="PASSIVE",
                   TRANSFORMERS_OFFLINE="1", HF_HUB_OFFLINE="1")
        words = command_for(command, threads)
        self.warm_up = warm_up
        self.name, self.begun = name, time.perf_counter()
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        line = self.process.stdout.readline()
        if "ready" not in line:
            raise EngineFailure(f"{name}: no 'ready' from its worker, but: {line!r}")

    def ask(self, question):
        """The words of the answer."""
        try:
            self.process.stdin.write(question + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise EngineFailure(f"{self.name}: its worker has ended when it was asked {question!r}")
        return line.split()

    def times(self, batch, tokens, n):
        """Milliseconds of n passes; tokens: a number, mixed or sorted."""
        return [float(x) for x in self.ask(f"{batch} {tokens} {n}")]

    def peak_bytes(self):
        """The most memory it ever had, where the system tells."""
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))

    def processor_seconds(self):
        """What all its threads have used so far."""
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        try:
            self.process.communicate("\n", timeout=20)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            self.process.kill()


def interleaved(engines, batch, tokens, rounds, seconds):
    """For each engine and round the times of some passes; warmed up, the engines in turn."""
    count, times = {}, {e.name: [] for e in engines}
    for e in engines:
        begun, passes = time.perf_counter(), 1
        last = e.times(batch, tokens, 1)[-1]
        # A new process compiles for some seconds; later shapes find most of it done.
        while time.perf_counter() - begun < e.warm_up or passes < 2:
            last = e.times(batch, tokens, 1)[-1]
            passes += 1
        e.warm_up = min(e.warm_up, LATER_WARM_UP)
        count[e.name] = max(1, int(seconds * 1000 / last))
    begun = time.perf_counter()
    for done in range(rounds):
        if done >= LEAST_ROUNDS and time.perf_counter() - begun > LIMIT:
            break
        for e in engines:
            time.sleep(0.02)
            times[e.name].append(e.times(batch, tokens, count[e.name]))
    return times
