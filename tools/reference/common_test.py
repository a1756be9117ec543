"""Tests of common.py and compare.py: python3 -m unittest discover -s tools/reference -p '*_test.py'"""

import contextlib
import importlib.metadata
import io
import json
import pathlib
import struct
import sys
import tempfile
import unittest
from unittest import mock

import common
import compare


def safetensors(**tensors):
    """Bytes of a file with these lists of float32 numbers."""
    header, data = {}, b""
    for name, values in tensors.items():
        packed = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": [len(values)], "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


class InFolder(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.committed, self.made = self.folder / "committed", self.folder / "made"
        self.committed.mkdir()
        self.made.mkdir()

    def both(self, name, one, other):
        for folder, content in ((self.committed, one), (self.made, other)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            if content is not None:
                (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return compare.paths(self.committed, self.made)


class CompareTest(InFolder):
    def test_the_same_bytes(self):
        self.assertEqual(self.both("deep/a.txt", "a", "a").same, ["deep/a.txt"])

    def test_other_bytes_of_a_text(self):
        self.assertEqual(self.both("a.txt", "a", "b").wrong, {"a.txt": "other bytes"})

    def test_a_file_on_one_side_only(self):
        self.assertEqual(self.both("a.txt", "a", None).wrong, {"a.txt": "was not made"})
        self.assertEqual(self.both("b.txt", None, "b").wrong["b.txt"], "is not committed")

    def test_folders_without_files_do_not_count(self):
        (self.made / "empty").mkdir()
        self.assertEqual(str(compare.paths(self.committed, self.made)),
                         "0 files have the same bytes or content, 0 differ by rounding (at most 0.0e+00), 0 are wrong")

    def test_json_may_be_laid_out_anew(self):
        self.assertEqual(self.both("a.json", '{"a": [1, 2.5]}', '{"a":[1,2.5]}').same, ["a.json"])

    def test_json_numbers_may_round(self):
        report = self.both("a.json", '{"a": [1, 2.5]}', '{"a": [1, 2.50001]}')
        self.assertAlmostEqual(report.rounded["a.json"], 4e-6)

    def test_json_numbers_are_not_the_same(self):
        self.assertEqual(self.both("a.json", '{"a": [1, 2.5]}', '{"a": [1, 2.6]}').wrong, {"a.json": ".a[1]: 2.5 and 2.6"})

    def test_json_integers_do_not_round(self):
        self.assertEqual(self.both("a.json", "[1000000]", "[1000001]").wrong, {"a.json": "[0]: 1000000 and 1000001"})
        self.assertIn("b.json", self.both("b.json", "[1]", "[1.0]").wrong)
        self.assertIn("c.json", self.both("c.json", "[1]", "[true]").wrong)

    def test_json_nan_equals_nan_alone(self):
        self.assertEqual(self.both("a.json", "[NaN]", "[ NaN ]").same, ["a.json"])
        self.assertIn("b.json", self.both("b.json", "[NaN]", "[1.0]").wrong)
        self.assertIn("c.json", self.both("c.json", "[1.0]", "[NaN]").wrong)
        self.assertIn("d.json", self.both("d.json", "[Infinity]", "[1.0]").wrong)

    def test_json_that_is_broken(self):
        self.assertIn("other bytes, and they are no .json file", self.both("a.json", '{"a": 1', '{"a": 2').wrong["a.json"])

    def test_json_keys_lengths_and_order(self):
        self.assertIn("a.json", self.both("a.json", '{"a": 1, "b": 2}', '{"b": 2, "a": 1}').wrong)
        self.assertIn("b.json", self.both("b.json", "[1]", "[1, 2]").wrong)

    def test_tensors(self):
        one = safetensors(a=[1, 2], b=[3000])
        self.assertAlmostEqual(self.both("a.safetensors", one, safetensors(a=[1, 2], b=[3000.001])).rounded["a.safetensors"], 3.2e-7, 7)
        self.assertIn("b[0]", self.both("b.safetensors", one, safetensors(a=[1, 2], b=[3001])).wrong["b.safetensors"])
        self.assertIn("['b']", self.both("c.safetensors", one, safetensors(a=[1, 2])).wrong["c.safetensors"])
        self.assertIn("a: ", self.both("d.safetensors", one, safetensors(a=[1, 2, 3], b=[3000])).wrong["d.safetensors"])
        self.assertEqual(self.both("e.safetensors", one, safetensors(b=[3000], a=[1, 2])).same, ["e.safetensors"])

    def test_compressed_lines(self):
        for folder, number in ((self.committed, "0.25"), (self.made, "0.2500001")):
            common.write_gzip(folder / "a.jsonl.gz", '{"a": 1}\n{"b": %s}\n' % number)
        self.assertIn("a.jsonl.gz", compare.paths(self.committed, self.made).rounded)

    def test_only_what_patterns_name(self):
        self.both("other/a.txt", "a", "b")
        self.assertFalse(compare.paths(self.committed, self.made, ["mine-*"]).wrong)
        self.both("mine-1/a.txt", "a", "b")
        self.assertEqual(list(compare.paths(self.committed, self.made, ["mine-*"]).wrong), ["mine-1/a.txt"])


class CommonTest(InFolder):
    def test_versions(self):
        def installed(package):
            if package == "flax":
                raise importlib.metadata.PackageNotFoundError
            return {"torch": common.VERSIONS["torch"] + "+cpu", "transformers": "1.0"}[package]

        self.assertEqual(common.other_versions(["torch"], installed), [])
        self.assertEqual(common.other_versions(["torch", "transformers", "flax"], installed), [
            f"transformers {common.VERSIONS['transformers']} is needed, found: 1.0",
            f"flax {common.VERSIONS['flax']} is needed, found: not installed"])

    def test_gzip_has_no_time_and_no_name(self):
        common.write_gzip(self.folder / "a.gz", "text")
        with mock.patch("time.time", return_value=77):
            common.write_gzip(self.folder / "b.gz", "text")
        self.assertEqual((self.folder / "a.gz").read_bytes(), (self.folder / "b.gz").read_bytes())

    def test_empty_leaves_what_others_made(self):
        self.both("mine-1/a.txt", "a", None)
        self.both("other/a.txt", "a", None)
        common.empty(self.committed, ["mine-*"])
        self.assertEqual([path.name for path in self.committed.iterdir()], ["other"])

    def run_main(self, make, *words, **settings):
        said = io.StringIO()
        with mock.patch.object(common, "RESOURCES", self.folder), mock.patch.object(sys, "argv", ["script", *words]), \
                contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), self.assertRaises(SystemExit) as ended:
            common.main("words", make, "committed", [], **settings)
            sys.exit(0)
        return ended.exception.code, said.getvalue()

    def test_main_makes(self):
        (self.committed / "old.txt").write_text("old")
        code, _ = self.run_main(lambda out: (out / "new.txt").write_text("new"))
        self.assertEqual((code, [path.name for path in self.committed.iterdir()]), (0, ["new.txt"]))

    def test_main_makes_elsewhere(self):
        self.run_main(lambda out: (out / "new.txt").write_text("new"), "--out", str(self.folder / "else"))
        self.assertTrue((self.folder / "else/new.txt").exists())
        self.assertFalse(list(self.committed.iterdir()))

    def test_main_checks_and_changes_nothing(self):
        (self.committed / "a.txt").write_text("old")
        code, said = self.run_main(lambda out: (out / "a.txt").write_text("new"), "--check")
        self.assertEqual((code, said.splitlines()[0]), (1, "WRONG a.txt: other bytes"))
        self.assertEqual((self.committed / "a.txt").read_text(), "old")
        code, said = self.run_main(lambda out: (out / "a.txt").write_text("old"), "--check")
        self.assertEqual((code, said.split()[:5]), (0, ["1", "files", "have", "the", "same"]))

    def test_main_makes_and_checks_some_cases(self):
        def make(out, names):
            for name in names:
                common.fresh(out / name).joinpath("a.txt").write_text(name)

        cases = ["one", "two"]
        self.run_main(make, cases=cases)
        self.assertEqual(sorted(path.name for path in self.committed.iterdir()), cases)
        (self.committed / "two/a.txt").write_text("changed")
        self.assertEqual(self.run_main(make, "--check", "one", cases=cases)[0], 0)
        self.assertEqual(self.run_main(make, "--check", cases=cases)[0], 1)
        code, said = self.run_main(make, "three", cases=cases)
        self.assertEqual(code, 2)
        self.assertIn("no case has the name 'three'; there are one, two", said)


if __name__ == "__main__":
    unittest.main()
