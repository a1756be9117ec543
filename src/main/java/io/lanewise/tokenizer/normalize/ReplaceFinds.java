package io.lanewise.tokenizer.normalize;

import io.lanewise.tokenizer.split.RegexPattern;

/** {@code Replace} with a regular expression: {@code NormalizedString::replace}. */
public record ReplaceFinds(RegexPattern pattern, String content) implements Normalizer {
  @Override
  public void apply(AlignedText source, AlignedText target) {
    if (source.length == 0) {
      return; // in nothing nothing is found, not even what is empty
    }
    var done = new int[1];
    pattern.each(
        source.chars,
        0,
        source.length,
        (start, end) -> {
          target.append(source, done[0], start);
          // What is put in belongs to the character before its place.
          int first = end == 0 ? 0 : source.starts[end - 1];
          int last = end == 0 ? 0 : source.ends[end - 1];
          content.codePoints().forEach(c -> target.appendCodePoint(c, first, last));
          done[0] = end;
        });
    target.append(source, done[0], source.length);
  }

  @Override
  public int ascii(int c) {
    return DEPENDS;
  }

  @Override
  public boolean isLocal() {
    return false;
  }
}
