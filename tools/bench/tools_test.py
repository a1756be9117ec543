"""Tests of what the tools of this folder count and judge: python3 -m unittest discover -s tools/bench -p '*_test.py'."""
import argparse, itertools, json, pathlib, unittest, unittest.mock
import machine_code, processor, rounds, rows.encoder, smoothness, targets
from engines import LEAST_ROUNDS, LIMIT, Engine, EngineFailure, command_for, interleaved
from rows import Selection

RESULTS = pathlib.Path(__file__).resolve().parent / "results"

# Two steps of a loop of 2 sums, with a spilled address, around it an outer loop, and code from aside that jumps into its middle.
LOOP = [(0, "mov r9d,0"), (4, "vmovups ymm1,YMMWORD PTR [r8]"), (8, "vmovq rcx,xmm0"), (12, "vbroadcastss ymm2,DWORD PTR [rcx+r9*4+0x10]"),
        (16, "vfmadd231ps ymm4,ymm2,ymm1"), (20, "vfmadd231ps ymm5,ymm2,YMMWORD PTR [r8+0x20]"), (24, "cmp r9d,DWORD PTR [rsp+0x8]"),
        (28, "jge    0x100"), (32, "vfmadd231ps ymm4,ymm2,ymm1"), (36, "vfmadd231ps ymm5,ymm2,YMMWORD PTR [r8+0x60]"), (40, "add r8,0x80"),
        (44, "cmp r9d,r10d"), (48, "jl     0x4"), (52, "cmp r9d,r11d"), (56, "jl     0x0"), (60, "mov QWORD PTR [rsp],rax"), (64, "jmp    0x8")]

PRINTED = """
Compiled method (c1) 100 1 3 io.lanewise.kernel.Tiles::six (9 bytes)
 main code      [0x0000000000001000,0x0000000000001010] = 16
  0x0000000000001000: 9090 9090

Compiled method (c2) 200 2 % 4 io.lanewise.kernel.Tiles::six @ 3 (9 bytes)
 main code      [0x0000000000001000,0x0000000000001010] = 16
  0x0000000000001000: 9090 9090

Compiled method (c2) 300 3       4       io.lanewise.kernel.Tiles::six (9 bytes)
 main code      [0x0000000000001000,0x0000000000001010] = 16
[MachCode]
  # {method} {0x00007fb03043f9d0} 'six' '()V' in 'io/lanewise/kernel/Tiles'
  0x0000000000001000: c4e2 6db8 | e1c4 e26d

  0x0000000000001008: ;   {section_word}
  0x0000000000001008: b8e9 ebf4
"""


class RoundsTest(unittest.TestCase):
    def test_ratios_are_of_the_medians_of_a_round(self):
        mine, theirs = [[1, 2, 30], [4]], [[1], [8, 8]]
        self.assertEqual([2, 0.5], rounds.ratios(mine, theirs))
        self.assertEqual(1.25, rounds.ratio(mine, theirs))
        self.assertEqual(3, rounds.middle(mine))

    def test_quartiles_of_one_value_are_that_value(self):
        self.assertEqual([7, 7], rounds.quartiles([7]))
        self.assertEqual([2, 4], rounds.quartiles([5, 1, 3, 2, 4]))

    def test_there_is_at_least_one_round(self):
        parser = argparse.ArgumentParser(exit_on_error=False)
        parser.add_argument("--rounds", type=rounds.at_least_one)
        self.assertEqual(1, parser.parse_args(["--rounds", "1"]).rounds)
        for word in ("0", "-1", "x"):
            with self.assertRaisesRegex(argparse.ArgumentError, "invalid number of rounds, at least 1"):
                parser.parse_args([f"--rounds={word}"])

    def test_commands_are_for_so_many_threads(self):
        self.assertEqual(["a b", "-t", "3"], command_for("'a b' -t {threads}", 3))
        self.assertEqual(["a b", "7", "3"], command_for(["a b", 7, "{threads}"], 3))


class MachineCodeTest(unittest.TestCase):
    def test_counts_the_innermost_loop(self):
        adds, instructions, sums, spills = machine_code.innermost(LOOP)
        self.assertEqual((4, 10, 2, 2), (adds, instructions, sums, spills))

    def test_a_bare_jump_ends_a_loop_where_nothing_else_does(self):
        code = [(at, words) for at, words in LOOP if at <= 40] + [(44, "jmp    0x4")]
        self.assertEqual((4, 10), machine_code.innermost(code)[:2])

    def test_no_loop(self):
        self.assertIsNone(machine_code.innermost(LOOP[:6]))

    def test_reads_what_the_jvm_prints(self):
        found = list(machine_code.methods(PRINTED))
        self.assertEqual([("c1", "", "io.lanewise.kernel.Tiles::six"), ("c2", "%", "io.lanewise.kernel.Tiles::six"),
                          ("c2", "", "io.lanewise.kernel.Tiles::six")], [one[:3] for one in found])
        self.assertEqual(bytes.fromhex("c4e26db8e1c4e26db8e9ebf4") + b"\x90" * 4, found[-1][4])

    @unittest.skipIf(machine_code.cannot(), machine_code.cannot())
    def test_counts_printed_code(self):
        # the last jump goes back to its own block's beginning, 0x1000
        loop, = machine_code.loops(PRINTED)
        self.assertEqual(("Tiles::six", 2, 3, 2), loop[:4])


class ProcessorTest(unittest.TestCase):
    def info(self, vendor, family, model, flags):
        return f"processor : 0\nvendor_id : {vendor}\ncpu family : {family}\nmodel : {model}\nmodel name : X\nflags : fpu {flags}\n\nprocessor : 1\n"

    def test_names_and_kinds(self):
        for vendor, family, model, flags, name, kind in [
                ("AuthenticAMD", 25, 17, "avx2 avx512f", "amd-zen-4", "AMD"), ("AuthenticAMD", 25, 1, "avx2", "amd-zen-3", "AVX2"),
                ("AuthenticAMD", 26, 2, "avx2 avx512f", "amd-zen-5", "AMD"), ("GenuineIntel", 6, 207, "avx2 avx512f", "intel-emerald-rapids", "Intel"),
                ("GenuineIntel", 6, 151, "avx2", "intel-alder-lake", "AVX2"), ("GenuineIntel", 6, 250, "avx2", "intel-family-6-model-250", "AVX2")]:
            text = self.info(vendor, family, model, flags)
            self.assertEqual((name, kind), (processor.name(text), processor.kind(text)))


class TargetsTest(unittest.TestCase):
    def test_go_by_the_kind_of_processor(self):
        self.assertEqual([0.95, 0.80, 0.95], [targets.target("fp32/bert/2/1x19", kind)[1] for kind in ("AMD", "Intel", "AVX2")])
        self.assertEqual([0.50, 0.30], [targets.target("bf16/bert/2/1x128", kind)[1] for kind in ("AMD", "Intel")])
        self.assertEqual(("at least", 0.65), targets.target("kernels/256/attention", "Intel"))
        self.assertEqual(("at most", None), targets.target("kernels/512/instructions/products", "Intel"))
        self.assertIsNone(targets.target("decoding/greedy/1", "AMD")[1])
        self.assertEqual([0.9, 0.7, 9], [targets.target("families/" + name, "AMD")[1] for name in (
            "deberta-v3/2/8x128", "deberta-v3/2/8x128/torch", "modernbert/growth")])

    def test_every_stored_row_has_its_place(self):
        for file in RESULTS.glob("*/table.json"):
            for name, row in json.loads(file.read_text()).items():
                self.assertEqual(name.split("/")[0], row["group"])


class SelectionTest(unittest.TestCase):
    def test_beginnings_and_patterns(self):
        wanted = Selection(["fp32/bert", "low/*int8*"], "AMD", {"fp32/bert/1/1x16"})
        self.assertTrue(wanted.wants("fp32/bert/2/1x16"))
        self.assertFalse(wanted.wants("fp32/bert/1/1x16"), "it is done")
        self.assertFalse(wanted.wants("fp32/albert/2/1x16"))
        self.assertFalse(wanted.cut)

    def test_time_is_over(self):
        wanted = Selection([], "AMD", (), 0)
        self.assertFalse(wanted.wants("fp32/bert/2/1x16"))
        self.assertTrue(wanted.cut)


class FamiliesTest(unittest.TestCase):
    def test_are_beside_the_better_engine(self):
        class Steady:
            warm_up = 0
            milliseconds = {"Lanewise": 8, "ONNX Runtime": 10, "PyTorch": 16}

            def __init__(self, name, *_):
                self.name = name

            def times(self, batch, tokens, n):
                return [self.milliseconds[self.name] * int(tokens) / 1024] * n

            def end(self):
                pass

        with unittest.mock.patch.object(rows.encoder, "Engine", Steady):
            found = dict(rows.encoder.families(unittest.mock.Mock(), Selection(["families/deberta-v3/2/1x128", "families/modernbert/growth*"], "AMD"), 1))
        values = {name: (row["peer"], round(row["value"], 3)) for name, row in found.items()}
        self.assertEqual({"families/deberta-v3/2/1x128": ("ONNX Runtime", 0.8), "families/deberta-v3/2/1x128/torch": ("PyTorch", 0.5),
                          "families/modernbert/growth": ("itself", 8), "families/modernbert/growth/local": ("itself", 8)}, values)


class EngineTest(unittest.TestCase):
    def test_says_that_a_worker_has_ended(self):
        engine = Engine("short", ["sh", "-c", "echo ready; read line; echo 1 2; read line"], 1)
        self.assertEqual([1.0, 2.0], engine.times(1, 16, 2))
        with self.assertRaises(EngineFailure):
            engine.times(1, 16, 2)
        engine.end()

    def test_says_that_none_has_begun(self):
        with self.assertRaises(EngineFailure):
            Engine("none", ["echo", "no"], 1)

    def test_slow_shapes_get_few_rounds(self):
        class Slow:
            name, warm_up = "slow", 0

            def times(self, batch, tokens, n):
                return [LIMIT * 1000.0] * n

        with unittest.mock.patch("time.perf_counter", side_effect=itertools.count(0, LIMIT + 1)):
            self.assertEqual(LEAST_ROUNDS, len(interleaved([Slow()], 1, 16, 9, 0.01)["slow"]))


class SmoothnessTest(unittest.TestCase):
    def test_neighbours(self):
        self.assertEqual(("1x16", "1x32"), smoothness.neighbours("1x1"))
        self.assertEqual(("1x16", "1x32"), smoothness.neighbours("1x19"))
        self.assertEqual(("4x56", "3x80"), smoothness.neighbours("3x77"))
        self.assertEqual(("5x32", "4x44"), smoothness.neighbours("5x33"))

    def test_the_line(self):
        times = {"1x16": 10.0, "1x32": 26.0}
        self.assertEqual(13.0, smoothness.expected("1x19", "1x16", "1x32", times))
        self.assertEqual(3.0, smoothness.expected("1x9", "1x16", "1x32", times))


if __name__ == "__main__":
    unittest.main()
