package io.lanewise.tokenizer.normalize;

/**
 * {@code Strip} (normalizers/strip.rs): removes the white space at the ends of a segment.
 *
 * @param left at its start
 * @param right at its end
 */
public record StripEnds(boolean left, boolean right) implements Normalizer {
  @Override
  public void apply(AlignedText source, AlignedText target) {
    int from = 0;
    int to = source.length;
    while (left && from < to && CodePoints.isWhiteSpace(source.chars[from])) {
      from++;
    }
    while (right && to > from && CodePoints.isWhiteSpace(source.chars[to - 1])) {
      to--;
    }
    target.append(source, from, to);
  }

  @Override
  public int ascii(int c) {
    return c;
  }

  @Override
  public boolean isLocal() {
    return false;
  }
}
