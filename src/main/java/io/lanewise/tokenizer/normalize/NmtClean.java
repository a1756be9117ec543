package io.lanewise.tokenizer.normalize;

/**
 * {@code Nmt} (normalizers/unicode.rs in Hugging Face's tokenizers library): removes control
 * characters, and replaces invisible separators by spaces.
 */
public record NmtClean() implements Normalizer {
  private static final CodePoints DROPPED = CodePoints.of("1-8 b e-1f 7f 8f 9f");
  private static final CodePoints SPACES =
      CodePoints.of("9-a c-d 1680 200b-200f 2028-2029 2581 feff fffd");

  @Override
  public void apply(AlignedText source, AlignedText target) {
    for (int i = 0; i < source.length; i++) {
      char c = source.chars[i];
      if (SPACES.contains(c)) {
        target.append(' ', source.starts[i], source.ends[i]);
      } else if (!DROPPED.contains(c)) {
        target.append(source, i, i + 1);
      }
    }
  }

  @Override
  public int ascii(int c) {
    if (SPACES.contains(c)) {
      return ' ';
    }
    return DROPPED.contains(c) ? DEPENDS : c;
  }
}
