"""The rows of the table, by group: each yields (row id, what it found) as soon as it is measured."""
import fnmatch, statistics


class Selection:
    """Which rows are asked for: a group, a beginning of an id, or a pattern."""

    def __init__(self, patterns):
        self.patterns = patterns

    def wants(self, row):
        return not self.patterns or any(
            row == p or row.startswith(p.rstrip("/") + "/") or fnmatch.fnmatch(row, p) for p in self.patterns)


def row(label, peer, target, sense, values, own=None, other=None, unit="", kind="ratio"):
    """A row; `values` are those of the rounds: ratios, or plain numbers where kind is not ratio.

    sense: what the value has to be, "at most" or "at least", beside the target. own, other: typical figures for the
    reader, with their unit.
    """
    value = statistics.median(values)
    met = value <= target if sense == "at most" else value >= target
    return dict(label=label, peer=peer, target=target, sense=sense, value=value, least=min(values), most=max(values),
                rounds=len(values), met=met, own=own, other=other, unit=unit, kind=kind)


def ratios(times, others):
    """For each round (median of times / median of others)."""
    return [statistics.median(x) / statistics.median(y) for x, y in zip(times, others)]


def middle(times):
    """The median of all times of all rounds."""
    return statistics.median(x for part in times for x in part)
