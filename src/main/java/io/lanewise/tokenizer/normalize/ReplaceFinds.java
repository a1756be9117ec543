package io.lanewise.tokenizer.normalize;

import io.lanewise.tokenizer.split.RegexPattern;

/**
 * {@code Replace} with a regular expression: {@code NormalizedString::replace}
 * (tokenizer/normalizer.rs).
 */
public record ReplaceFinds(RegexPattern pattern, String content) implements Normalizer {
  @Override
  public void apply(AlignedText source, AlignedText target) {
    if (source.length == 0) {
      return; // an empty text has no match, not even an empty one
    }
    var done = new int[1];
    pattern.each(
        source.chars,
        0,
        source.length,
        (start, end) -> {
          target.append(source, done[0], start);
          // Inserted text has the range of the character before it.
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
