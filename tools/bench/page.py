"""The table as Markdown, and the ratios as a picture."""
import fnmatch
import html
import math
import re

TITLES = {"fp32": "fp32", "kernels": "Kernels, of the peak", "mixed": "Mixed lengths, end to end from text", "longformer": "Longformer", "decoding": "Decoding",
          "low": "bf16 and int8", "answer": "First answer", "threads": "Threads and memory"}


def ordered(rows):
    """Ids in the order of the groups, numbers in them as numbers, two threads before one."""
    groups = list(TITLES)

    def key(name):
        group = rows[name]["group"]
        parts = re.split(r"(\d+)", name)
        numbers = [int(p) if p.isdigit() else 0 for p in parts]
        threads = -1 if re.search(r"/2/", name) else 0
        return groups.index(group), name.split("/")[1] if group == "fp32" else "", threads, numbers, name

    return sorted(rows, key=key)


def number(value, unit=""):
    """Three digits that count; of a cosine five, and rounded down, since what counts is how far it is from one."""
    if unit == "cosine":
        return f"{math.floor(value * 1e5) / 1e5:.5f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def quantity(value, unit):
    if value is None:
        return ""
    return number(value, unit) if unit == "cosine" else f"{number(value)} {unit}".strip()


def markdown(rows):
    lines = ["# Measured beside other engines", "",
             "Made by `tools/bench/table`; [the page beside it](../README.md) says how. A ratio is the median over rounds of (Lanewise /"
             " the other) in the same round: of times, or where the target is \"at least\" of throughputs. Of every target that is not met,"
             " [reasons.md](reasons.md) says where the time goes, what was tried and what would be next.", "",
             "![ratios](ratios.svg)", ""]
    for group, title in TITLES.items():
        names = [n for n in ordered(rows) if rows[n]["group"] == group]
        if not names:
            continue
        lines += [f"## {title}", "", "| what | beside | Lanewise | the other | ratio (least to most of the rounds) | target | |",
                  "|---|---|---|---|---|---|---|"]
        for name in names:
            r = rows[name]
            value, least, most, target = (number(r[key], r["unit"]) for key in ("value", "least", "most", "target"))
            spread = f"**{value}** ({least} to {most}, {r['rounds']} round{'' if r['rounds'] == 1 else 's'})"
            lines.append(f"| {r['label']} | {r['peer']} | {quantity(r['own'], r['unit'])} | {quantity(r['other'], r['unit'])} | {spread} "
                         f"| {r['sense']} {target} | {'met' if r['met'] else 'not met'} |")
        lines.append("")
    lines += ["## Where", "", "| commit | date | rows | processor | vectors | OpenBLAS's core | Java |", "|---|---|---|---|---|---|---|"]
    settings = {}
    for name in ordered(rows):
        settings.setdefault(tuple(sorted(rows[name]["setting"].items())), []).append(rows[name]["group"])
    for setting, groups in settings.items():
        s = dict(setting)
        lines.append(f"| {s['commit']} | {s['date']} | {', '.join(dict.fromkeys(groups))} | {s['processor']} | {s['vectors']} "
                     f"| {s['openblas']} | {s['java']} |")
    return "\n".join(lines) + "\n"


TELLING = ["fp32/bert/2/1x16", "fp32/bert/2/1x128", "fp32/bert/2/8x128", "fp32/albert/2/1x128", "low/*bf16*128*", "low/*int8*128*",
           "mixed/padded", "mixed/sorted", "decoding/*", "longformer/2/4096", "answer/bert/time"]


def speed(row, key="value"):
    """How many times as fast as the other: a ratio of times the other way round."""
    return row[key] if row["kind"] == "speed" else 1 / row[key]


def telling(rows):
    """The rows that say most, for the front page: of each pattern the first two."""
    lines = ["| what | beside | times as fast |", "|---|---|---|"]
    for pattern in TELLING:
        for name in [n for n in ordered(rows) if fnmatch.fnmatch(n, pattern)][:2]:
            r = rows[name]
            lines.append(f"| {brief(r['label'])} | {r['peer']} | **{number(speed(r))}** |")
    return "\n".join(lines)


def front(text, rows):
    """The front page with those rows between their two comments."""
    begin, end = "<!-- tools/bench/table writes these lines -->\n", "\n<!-- until here -->"
    before, found, rest = text.partition(begin)
    return before + found + telling(rows) + end + rest.partition(end)[2] if found else text


STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.title { font-weight: 600; } .quiet { fill: #57606a; } .met { fill: #1a7f37; } .not { fill: #bc4c00; }
.one { stroke: #57606a; } .target { stroke: #24292f; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .quiet { fill: #9198a1; } .met { fill: #3fb950; } .not { fill: #f0883e; }
  .one { stroke: #9198a1; } .target { stroke: #e6edf3; }
}
"""
WIDTH, LINE, LETTER = 420, 20, 6.6


def picture(rows):
    """Bars of how many times as fast as the other, against 1 and the target."""
    drawn = [n for n in ordered(rows) if rows[n]["kind"] != "plain"]

    names = {n: brief(rows[n]["label"]) + ("" if rows[n]["peer"] == "itself" else f", {rows[n]['peer']}") for n in drawn}
    left = 24 + round(LETTER * max([20, *map(len, names.values())]))
    most = max([1.5, *(max(speed(rows[n], "value"), speed(rows[n], "target")) for n in drawn)]) * 1.02
    body, y, group = [], 44, None

    def text(x, at, words, style="", anchor="start"):
        body.append(f'<text x="{x:.0f}" y="{at}" class="{style}" text-anchor="{anchor}">{html.escape(words)}</text>')

    text(8, 20, "Times as fast as the other engine: longer is better. Thin line: equal. Thick mark: target.", "quiet")
    for name in drawn:
        r = rows[name]
        if r["group"] != group:
            group = r["group"]
            y += 8
            text(8, y + 14, TITLES[group], "title")
            y += LINE
        length, target = speed(r, "value") / most * WIDTH, left + speed(r, "target") / most * WIDTH
        text(left - 8, y + 14, names[name], "", "end")
        body.append(f'<rect x="{left}" y="{y + 3}" width="{length:.1f}" height="{LINE - 6}" class="{"met" if r["met"] else "not"}"/>')
        body.append(f'<path d="M{target:.1f} {y}v{LINE}" class="target"/>')
        text(left + max(length, target - left) + 6, y + 14, f"{speed(r, 'value'):.2f}")
        y += LINE
    one = left + WIDTH / most
    body.append(f'<path d="M{one:.1f} 34V{y + 4}" class="one"/>')
    height, width = y + 16, left + WIDTH + 50
    label = "Bars: Lanewise's speed over that of other engines"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="{label}"><style>{STYLE}</style>\n' + "\n".join(body) + "\n</svg>\n")


def brief(label):
    """Without the counts of texts and tokens, which the table has."""
    return re.sub(r", [\d,]+ texts of mixed lengths, [\d,]+ tokens", ", mixed lengths", label)
