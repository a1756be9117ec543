"""Whether a pass of any number of tokens takes about as long as its neighbours say."""
import smoothness
from rows import row


def smooth(materials, selection, rounds):
    for precision in smoothness.PRECISIONS:
        wanted = [shape for shape in smoothness.SHAPES if selection.wants(f"smooth/{precision}/{shape}")]
        if wanted:
            for shape, found in smoothness.measure(precision, wanted, 2, 2 * rounds).items():
                yield f"smooth/{precision}/{shape}", row(
                    f"BERT-base {shape.replace('x', '×')} {precision}, 2 threads", f"the line {found.line}", [time / found.expected for time in found.times],
                    smoothness.quick(found.times), found.expected, "ms", "plain", found.ratio)
