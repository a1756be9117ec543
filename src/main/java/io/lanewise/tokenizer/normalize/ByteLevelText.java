package io.lanewise.tokenizer.normalize;

import io.lanewise.tokenizer.split.ByteAlphabet;

/**
 * {@code ByteLevel} as a normalizer (normalizers/byte_level.rs): the text in the {@link
 * ByteAlphabet}.
 */
public record ByteLevelText() implements Normalizer {
  @Override
  public void apply(AlignedText source, AlignedText target) {
    ByteAlphabet.append(source, 0, source.length, target);
  }

  @Override
  public int ascii(int c) {
    char image = ByteAlphabet.character(c);
    return image < 128 ? image : DEPENDS;
  }
}
