"""Figures of what was measured in rounds."""
import statistics


def ratios(times, others):
    """For each round (median of times / median of others)."""
    return [statistics.median(x) / statistics.median(y) for x, y in zip(times, others)]


def ratio(times, others):
    """The median over the rounds of these."""
    return statistics.median(ratios(times, others))


def middle(times):
    """The median of all times of all rounds."""
    return statistics.median(x for part in times for x in part)


def quartiles(values):
    """The first and the third; of one value that value twice."""
    return statistics.quantiles(values, n=4, method="inclusive")[::2] if len(values) > 1 else [values[0]] * 2


def at_least_one(word):
    """A number of rounds, for argparse."""
    count = int(word)
    if count < 1:
        raise ValueError
    return count


at_least_one.__name__ = "number of rounds, at least 1,"  # argparse's message says: invalid NAME value
