package io.lanewise.tokenizer.normalize;

/**
 * {@code Precompiled}: SentencePiece's map, applied by the rules of Hugging Face's fast tokenizers
 * (normalizers/precompiled.rs and the spm_precompiled crate). A grapheme cluster of fewer than six
 * bytes is looked up as a whole first; otherwise each code point is. The shortest key at the start
 * of the text counts, and its form replaces the whole text.
 */
public record Precompiled(Charsmap map) implements Normalizer {
  private static final int SHORT_CLUSTER = 6;

  @Override
  public void apply(AlignedText source, AlignedText target) {
    var clusters = new GraphemeClusters(source.chars, source.length);
    var rewriter = new Rewriter();
    var growth = Growth.of(source.length);
    for (int i = 0; i < source.length; ) {
      int end = clusters.next(i);
      int[] form = utf8Length(source, i, end) < SHORT_CLUSTER ? look(source, i, end) : null;
      if (form != null) {
        growth.add(form.length);
        replace(rewriter, Character.codePointCount(source.chars, i, end - i), form, target);
        i = end;
      }
      while (i < end) {
        int c = source.codePointAt(i);
        int next = i + Character.charCount(c);
        int[] single = look(source, i, next);
        if (single == null) {
          rewriter.put(c, 0);
        } else {
          growth.add(single.length);
          replace(rewriter, 1, single, target);
        }
        i = next;
      }
    }
    rewriter.write(source, target);
  }

  private int[] look(AlignedText source, int from, int to) {
    return map.shortest(source.chars, from, to);
  }

  private static void replace(Rewriter rewriter, int oldCount, int[] form, AlignedText target) {
    for (int c : form) {
      rewriter.put(c, 0);
    }
    if (form.length > oldCount) {
      rewriter.markInserted(form.length - oldCount);
    } else if (form.length < oldCount) {
      target.shifted |= !rewriter.swallow(oldCount - form.length);
    }
  }

  private static int utf8Length(AlignedText text, int from, int to) {
    int bytes = 0;
    for (int i = from; i < to && bytes < SHORT_CLUSTER; i++) {
      char c = text.chars[i];
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  @Override
  public int ascii(int c) {
    if (c == '\r' || !map.startsKey(c)) {
      return c == '\r' ? DEPENDS : c;
    }
    int[] form = map.shortest(new char[] {(char) c}, 0, 1);
    if (form == null) {
      return c;
    }
    return form.length == 1 && form[0] < 128 ? form[0] : DEPENDS;
  }
}
