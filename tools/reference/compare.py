"""Compares files that a script has made with those that are committed; needs nothing but Python.

Files are the same, or the same but for rounding: the order in which a processor adds changes the last digits of numbers.
Numbers of JSON and of float32 and float64 tensors may differ by TOLERANCE of the larger of 1 and the number. All else
(names, shapes, texts, integers, float16 tensors) has to be equal.
"""

import array
import dataclasses
import gzip
import json
import math

TOLERANCE = 1e-5


class Different(Exception):
    """Says where two files differ by more than rounding."""


@dataclasses.dataclass
class Report:
    same: list = dataclasses.field(default_factory=list)
    rounded: dict = dataclasses.field(default_factory=dict)
    wrong: dict = dataclasses.field(default_factory=dict)

    def __str__(self):
        lines = [f"WRONG {name}: {why}" for name, why in sorted(self.wrong.items())]
        largest = max(self.rounded.values(), default=0.0)
        lines.append(f"{len(self.same)} files have the same bytes or content, {len(self.rounded)} differ by rounding"
                     f" (at most {largest:.1e}), {len(self.wrong)} are wrong")
        return "\n".join(lines)


def paths(committed, made, patterns=("*",), kinds=None):
    """A Report on two folders, or two files; of folders on what these patterns name, and all below."""
    report = Report()
    if committed.is_file() or made.is_file():
        pairs = {committed.name: (committed, made)}
    else:
        names = sorted(below(committed, patterns) | below(made, patterns))
        pairs = {name: (committed / name, made / name) for name in names}
    for name, (ours, theirs) in pairs.items():
        if not ours.exists():
            report.wrong[name] = "is not committed"
        elif not theirs.exists():
            report.wrong[name] = "was not made"
        else:
            try:
                difference = files(ours, theirs, {**KINDS, **(kinds or {})})
            except Different as e:
                report.wrong[name] = str(e)
            else:
                if difference:
                    report.rounded[name] = difference
                else:
                    report.same.append(name)
    return report


def below(folder, patterns):
    found = set()
    for pattern in patterns:
        for path in folder.glob(pattern):
            found |= {each.relative_to(folder).as_posix() for each in [path, *path.rglob("*")] if each.is_file()}
    return found


def files(ours, theirs, kinds):
    """The largest difference of two files; 0.0 if they are the same."""
    if ours.read_bytes() == theirs.read_bytes():
        return 0.0
    name = ours.name.removesuffix(".gz")
    read = gzip.open if ours.name.endswith(".gz") else open
    with read(ours, "rb") as one, read(theirs, "rb") as other:
        one, other = one.read(), other.read()
    if one == other:
        return 0.0
    kind = kinds.get(name[name.rfind("."):])
    if not kind:
        raise Different("other bytes")
    try:
        return kind(one, other)
    except ValueError as e:
        raise Different(f"other bytes, and they are no {name[name.rfind('.'):]} file ({e})") from e


# --- numbers -----------------------------------------------------------------------------------------------------------------


def number(one, other, where):
    if one == other or math.isnan(one) and math.isnan(other):
        return 0.0
    difference = abs(one - other) / max(1.0, abs(one))
    if not difference <= TOLERANCE:
        raise Different(f"{where}: {one} and {other}")
    return difference


def value(one, other, where=""):
    """The largest difference of two values of JSON."""
    if isinstance(one, float) and isinstance(other, float):
        return number(one, other, where)
    if type(one) is not type(other):
        raise Different(f"{where}: {one!r:.60} and {other!r:.60}")
    if isinstance(one, dict):
        if list(one) != list(other):
            raise Different(f"{where}: the keys {list(one)!r:.200} and {list(other)!r:.200}")
        return max((value(one[key], other[key], f"{where}.{key}") for key in one), default=0.0)
    if isinstance(one, list):
        if len(one) != len(other):
            raise Different(f"{where}: {len(one)} and {len(other)} elements")
        return max((value(a, b, f"{where}[{i}]") for i, (a, b) in enumerate(zip(one, other))), default=0.0)
    if one != other:
        raise Different(f"{where}: {one!r:.60} and {other!r:.60}")
    return 0.0


# --- kinds of files ----------------------------------------------------------------------------------------------------------


def json_text(one, other):
    return value(json.loads(one), json.loads(other))


def json_lines(one, other):
    one, other = ([json.loads(line) for line in text.splitlines()] for text in (one, other))
    return value(one, other)


def safetensors(one, other):
    one, other = tensors(one), tensors(other)
    if one.keys() != other.keys():
        raise Different(f"the tensors {sorted(one.keys() ^ other.keys())} are in one only")
    largest = 0.0
    for name, (entry, data) in one.items():
        if entry != other[name][0]:
            raise Different(f"{name}: {entry} and {other[name][0]}")
        if data != other[name][1]:
            code = {"F32": "f", "F64": "d"}.get(entry[0])
            if not code:
                raise Different(f"{name}: other values of {entry[0]}")
            pairs = zip(array.array(code, data), array.array(code, other[name][1]))
            largest = max(largest, max(number(a, b, f"{name}[{i}]") for i, (a, b) in enumerate(pairs)))
    return largest


def tensors(data):
    """((element type, shape), bytes) by name; the text of the file's metadata under its key."""
    length = int.from_bytes(data[:8], "little")
    header, body = json.loads(data[8:8 + length]), data[8 + length:]
    found = {}
    for name, entry in header.items():
        if name == "__metadata__":
            found[name] = (entry, b"")
        else:
            begin, end = entry["data_offsets"]
            found[name] = ((entry["dtype"], entry["shape"]), body[begin:end])
    return found


KINDS = {".json": json_text, ".jsonl": json_lines, ".safetensors": safetensors}
