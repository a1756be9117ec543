"""The table as Markdown, and the ratios as a picture."""
import fnmatch
import html
import math
import re
import processor

TITLES = {"fp32": "fp32", "int8": "int8", "bf16": "bf16", "bf16-own": "bf16 beside fp32, where it need not be faster",
          "read": "Only what is read", "smooth": "Odd numbers of tokens", "kernels": "Kernels, of the peak",
          "mixed": "Mixed lengths, end to end from text", "longformer": "Longformer", "families": "Later families", "decoding": "Decoding",
          "agreement": "Agreement of bf16 and int8 with fp32", "answer": "First answer", "threads": "Threads and memory"}
FAMILIES = ("fp32", "int8", "bf16", "bf16-own", "families")


def ordered(rows):
    """Ids in the order of the groups, numbers in them as numbers, two threads before one."""
    groups = list(TITLES)

    def key(name):
        group = rows[name]["group"]
        parts = re.split(r"(\d+)", name)
        numbers = [int(p) if p.isdigit() else 0 for p in parts]
        threads = -1 if re.search(r"/2/", name) else 0
        return groups.index(group), name.split("/")[1] if group in FAMILIES else "", threads, numbers, name

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


def met(row):
    return {True: "met", False: "not met", None: ""}[row["met"]]


def summary(rows):
    """How many targets are met."""
    judged = [r["met"] for r in rows.values() if r["met"] is not None]
    return f"{sum(judged)} of {len(judged)} are met"


def markdown(folder, rows):
    reasons = " Of every target that is not met, [reasons.md](reasons.md) says where the time goes, what was tried and what would be next." \
        if (folder / "reasons.md").exists() else ""
    played = " It played a processor without AVX-512: Lanewise, OpenBLAS, oneDNN and PyTorch were kept from it, ONNX Runtime was not." \
        if folder.name.endswith(processor.AS_AVX2) else ""
    kinds = {processor.KINDS[r["setting"]["kind"]] for r in rows.values() if "kind" in r["setting"]}
    targets = f" Targets are those for {' and '.join(sorted(kinds))}: {summary(rows)}." if kinds else ""
    lines = [f"# Measured on {processor.spoken(folder.name)}", "",
             f"Made by `tools/bench/table`; [the page beside it](../../README.md) says how.{played} A ratio is the median over rounds of (Lanewise /"
             f" the other) in the same round: of times, or where the target is \"at least\" of throughputs.{targets}{reasons}", "",
             "![ratios](ratios.svg)", ""]
    for group, title in TITLES.items():
        names = [n for n in ordered(rows) if rows[n]["group"] == group]
        if not names:
            continue
        lines += [f"## {title}", "", "| what | beside | Lanewise | the other | ratio (least to most of the rounds) | target | |",
                  "|---|---|---|---|---|---|---|"]
        for name in names:
            r = rows[name]
            value, least, most = (number(r[key], r["unit"]) for key in ("value", "least", "most"))
            spread = f"**{value}** ({least} to {most}, {r['rounds']} round{'' if r['rounds'] == 1 else 's'})"
            target = "" if r["target"] is None else f"{r['sense']} {number(r['target'], r['unit'])}"
            lines.append(f"| {r['label']} | {r['peer']} | {quantity(r['own'], r['unit'])} | {quantity(r['other'], r['unit'])} | {spread} | {target} | {met(r)} |")
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


TELLING = ["fp32/bert/2/1x16", "fp32/bert/2/1x128", "fp32/bert/2/8x128", "fp32/albert/2/1x128", "fp32/minilm/2/32x128", "bf16/bert/2/1x128",
           "int8/bert/2/1x128", "read/fill-mask/2", "read/rerank/2", "mixed/padded", "mixed/sorted", "decoding/greedy/2", "decoding/beams/2",
           "decoding/int8/2", "longformer/2/4096", "answer/bert/time"]


def speed(row, key="value"):
    """How many times as fast as the other: a ratio of times the other way round."""
    return row[key] if row["kind"] == "speed" else 1 / row[key]


def telling(columns):
    """The rows that say most, for the front page: a column for each processor {folder: rows}."""
    lines = ["| what | beside | " + " | ".join(map(processor.spoken, columns)) + " |", "|---" * (2 + len(columns)) + "|"]
    for name in TELLING:
        found = [rows.get(name) for rows in columns.values()]
        first = next(filter(None, found), None)
        if first:
            cells = [f"**{number(speed(r))}**" if r else "" for r in found]
            lines.append(f"| {brief(first['label'])} | {first['peer']} | " + " | ".join(cells) + " |")
    lines += ["", "All rows, with targets, by processor: " + ", ".join(
        f"[{processor.spoken(folder)}](tools/bench/results/{folder}/table.md) ([picture](tools/bench/results/{folder}/ratios.svg))" for folder in columns) + "."]
    return "\n".join(lines)


def front(text, columns):
    """The front page with those rows between their two comments."""
    begin, end = "<!-- tools/bench/table writes these lines -->\n", "\n<!-- until here -->"
    before, found, rest = text.partition(begin)
    return before + found + telling(columns) + end + rest.partition(end)[2] if found else text


STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.title { font-weight: 600; } .quiet { fill: #57606a; } .met { fill: #1a7f37; } .not { fill: #bc4c00; } .open { fill: #6e7781; }
.one { stroke: #57606a; } .target { stroke: #24292f; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .quiet { fill: #9198a1; } .met { fill: #3fb950; } .not { fill: #f0883e; }
  .one { stroke: #9198a1; } .target { stroke: #e6edf3; }
}
"""
WIDTH, LINE, LETTER = 420, 20, 6.6
STYLES = {True: "met", False: "not", None: "open"}


def picture(rows):
    """Bars of how many times as fast as the other, against 1 and the target."""
    drawn = [n for n in ordered(rows) if rows[n]["kind"] != "plain"]

    names = {n: brief(rows[n]["label"]) + ("" if rows[n]["peer"] == "itself" else f", {rows[n]['peer']}") for n in drawn}
    left = 24 + round(LETTER * max([20, *map(len, names.values())]))
    most = max([1.5, *(speed(rows[n], key) for n in drawn for key in ("value", "target") if rows[n][key] is not None)]) * 1.02
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
        length = speed(r, "value") / most * WIDTH
        text(left - 8, y + 14, names[name], "", "end")
        body.append(f'<rect x="{left}" y="{y + 3}" width="{length:.1f}" height="{LINE - 6}" class="{STYLES[r["met"]]}"/>')
        end = length
        if r["target"] is not None:
            mark = speed(r, "target") / most * WIDTH
            end = max(length, mark)
            body.append(f'<path d="M{left + mark:.1f} {y}v{LINE}" class="target"/>')
        text(left + end + 6, y + 14, f"{speed(r, 'value'):.2f}")
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
