package io.lanewise.tokenizer.normalize;

/** {@code Prepend} (normalizers/prepend.rs): puts a text before a segment that is not empty. */
public record PrependText(String text) implements Normalizer {
  @Override
  public void apply(AlignedText source, AlignedText target) {
    for (int i = 0; source.length > 0 && i < text.length(); i++) {
      target.append(text.charAt(i), source.starts[0], source.ends[0]);
    }
    target.append(source, 0, source.length);
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
