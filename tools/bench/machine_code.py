"""Counts the instructions of a kernel's innermost loop in the machine code that C2 made.

A JVM with -XX:CompileCommand=print,PATTERN prints the code of each method that it compiles; without a disassembler of its own it
prints the bytes in hex, which objdump reads."""
import collections, platform, re, shutil, subprocess, tempfile

# Methods whose code is printed: CompileCommand takes * only at the ends of a name.
PATTERN = "*Tile*::*"


class Loop(collections.namedtuple("Loop", "method multiply_adds instructions sums spills")):
    @property
    def each(self):
        """Instructions for each multiply-add, itself included."""
        return self.instructions / self.multiply_adds


HEAD = re.compile(r"^Compiled method \((c1|c2)\)\s+\d+\s+\d+\s+([%sbn!]*)\s*\d?\s+(\S+::\S+)")
MAIN = re.compile(r"^ main code\s+\[0x([0-9a-f]+),0x([0-9a-f]+)\]")
BYTES = re.compile(r"^  0x([0-9a-f]+):((?: *[0-9a-f]{2,8} *\|?)+)$")
JUMP = re.compile(r"^(?:bnd )?(j[a-z]+)\s+0x([0-9a-f]+)")
SPILL = re.compile(r"v?mov[dq]\s+(xmm\d+,r|r\w+,xmm)|\[rsp")
COMPARES = ("cmp", "test", "and", "add", "sub", "inc", "dec")


def cannot():
    """Why nothing can be counted here; empty if it can."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return f"the count knows the instructions of x86-64, not of {platform.machine()}"
    return "" if shutil.which("objdump") else "there is no objdump (package binutils)"


def loops(printed):
    """The innermost loop with most multiply-adds of each method that C2 compiled, the last compilation of each; several may be
    in use, the one with most sums first."""
    found = {}
    for compiler, kind, method, begin, code in methods(printed):
        if compiler == "c2" and "%" not in kind:  # % begins in the middle of a loop that ran long: the whole method follows
            loop = innermost(disassembled(begin, code))
            if loop:
                found[method] = Loop(method.split(".")[-1], *loop)
    return sorted(found.values(), key=lambda loop: (-loop.sums, -loop.multiply_adds))


def methods(printed):
    """(compiler, flags, name, address, bytes) of each compiled method."""
    head, main, code = None, None, {}

    def done():
        if head and main and code:
            begin, end = main
            data = bytearray(b"\x90" * (end - begin))
            for at, part in code.items():
                if begin <= at < end:
                    data[at - begin:at - begin + len(part)] = part
            yield *head, begin, bytes(data[:end - begin])

    for line in printed.splitlines():
        if found := HEAD.match(line):
            yield from done()
            head, main, code = found.groups(), None, {}
        elif head and (found := MAIN.match(line)):
            main = tuple(int(word, 16) for word in found.groups())
        elif main and (found := BYTES.match(line)):
            code[int(found[1], 16)] = bytes.fromhex(re.sub(r"[ |]", "", found[2]))
    yield from done()


def disassembled(begin, code):
    """(address, instruction) of each instruction."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(code)
        file.flush()
        text = subprocess.check_output(["objdump", "-D", "-b", "binary", "-mi386:x86-64", "-Mintel", "--no-show-raw-insn",
                                        f"--adjust-vma=0x{begin:x}", file.name], text=True)
    lines = (line.strip().partition(":\t") for line in text.splitlines())
    return [(int(at, 16), words.strip()) for at, found, words in lines if found]


def innermost(code):
    """(multiply-adds, instructions, sums, spills) of the innermost loop with most multiply-adds; None if there is none.

    A loop is what lies between a jump back and its target. A compare or the like and the jump behind it are one instruction, as
    the processor has it. Sums are the registers that multiply-adds write; spills have to do with the stack, or carry an address
    in a vector register.
    """
    back = [(int(jump[2], 16), at, jump[1]) for at, words in code if (jump := JUMP.match(words)) and int(jump[2], 16) <= at]
    # C2 ends a loop with a condition; a bare jump back mostly leads from code that is seldom run into the middle of one
    for wanted in (lambda jump: jump != "jmp", lambda jump: jump == "jmp"):
        best, taken = None, []
        for begin, end, _ in sorted((span for span in back if wanted(span[2])), key=lambda span: span[1] - span[0]):
            body = [words for at, words in code if begin <= at <= end]
            adds = [words for words in body if re.match(r"vfn?m(add|sub)\d+ps", words)]
            if not adds or any(begin <= e and b <= end for b, e in taken):
                continue  # around a loop that is counted
            taken.append((begin, end))
            if best is None or len(adds) > best[0]:
                best = len(adds), len(body) - fused(body), len({re.split(r"[ ,{]+", words)[1] for words in adds}), \
                    sum(1 for words in body if SPILL.search(words))
        if best:
            return best
    return None


def fused(body):
    """Jumps that the processor takes together with the instruction before them."""
    return sum(1 for first, second in zip(body, body[1:]) if first.split()[0] in COMPARES and re.match(r"j(?!mp)", second))
