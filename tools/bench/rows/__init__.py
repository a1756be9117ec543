"""The rows of the table, by group: each yields (row id, what it found) as soon as it is measured."""
import fnmatch, statistics, time


class Selection:
    """Which rows are asked for: a group, a beginning of an id, or a pattern; none of those that are done, nor when time is over.

    kind: of the processor, as processor.kind has it. cut: rows are left because time is over. failed: or because an engine has ended.
    """

    def __init__(self, patterns, kind, done=(), minutes=None):
        self.patterns, self.kind, self.done = patterns, kind, done
        self.end = None if minutes is None else time.monotonic() + 60 * minutes
        self.cut = self.failed = False

    def wants(self, row):
        asked = row not in self.done and (not self.patterns or any(
            row == p or row.startswith(p.rstrip("/") + "/") or fnmatch.fnmatch(row, p) for p in self.patterns))
        over = self.end is not None and time.monotonic() > self.end
        self.cut |= asked and over
        return asked and not over


def row(label, peer, values, own=None, other=None, unit="", kind="ratio", value=None):
    """A row; `values` are those of the rounds: ratios of times, of speeds (kind speed), or plain numbers (kind plain).

    own, other: typical figures for the reader, with their unit. value: the median of the values if none is given.
    """
    return dict(label=label, peer=peer, value=statistics.median(values) if value is None else value, least=min(values),
                most=max(values), rounds=len(values), own=own, other=other, unit=unit, kind=kind)
