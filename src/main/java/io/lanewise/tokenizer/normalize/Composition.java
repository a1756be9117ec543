package io.lanewise.tokenizer.normalize;

import java.text.Normalizer.Form;
import java.util.Arrays;

/**
 * {@code NFC} and {@code NFKC} with alignment (normalizers/unicode.rs in Hugging Face's tokenizers
 * library): decomposition, then each starter is composed with the following characters (Unicode
 * Standard Annex 15). A composed character has the range of its first character; the other ranges
 * are dropped.
 */
public final class Composition implements Normalizer {
  private static final int NONE = -1;

  private final Decomposition tables;
  private final Form form;

  /**
   * @param form NFC or NFKC
   * @param crate with the tables of Hugging Face's Rust library instead of the JDK's
   */
  public Composition(Form form, boolean crate) {
    this.form = form;
    this.tables = new Decomposition(form == Form.NFC ? Form.NFD : Form.NFKD, crate);
  }

  @Override
  public int ascii(int c) {
    return c;
  }

  @Override
  public void apply(AlignedText source, AlignedText target) {
    if (isPlain(source)) {
      target.append(source, 0, source.length);
      return;
    }
    var decomposed = new Rewriter();
    tables.rewrite(source, decomposed);
    var composed = new Rewriter();
    compose(decomposed, composed);
    composed.write(source, target);
  }

  /**
   * Whether no character of a text can change. The JDK's method for this takes time quadratic in
   * the length of a run of marks.
   */
  private boolean isPlain(AlignedText source) {
    // The first character that can change, alone or with others.
    int first = form == Form.NFC ? 0x300 : 0xA0;
    for (int i = 0; i < source.length; ) {
      int c = source.codePointAt(i);
      if (c >= first && (tables.partsOf(c) != null || tables.classOf(c) != 0 || isTakenIn(c))) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  /**
   * Whether a character may be composed with an earlier one: only marks and the later letters of
   * Hangul syllables.
   */
  private static boolean isTakenIn(int c) {
    return c >= 0x300 && (CodePoints.isMark(c) || (c >= 0x1161 && c <= 0x11C2));
  }

  private void compose(Rewriter from, Rewriter to) {
    int starter = NONE;
    int starterChange = 0;
    int lastClass = NONE;
    var waiting = new int[8];
    int waits = 0;
    for (int i = 0; i < from.count(); i++) {
      int c = from.codePoint(i);
      int combiningClass = tables.classOf(c);
      if (starter == NONE) {
        if (combiningClass != 0) {
          to.put(c, from.change(i));
        } else {
          starter = c;
          starterChange = from.change(i);
        }
        continue;
      }
      boolean blocked = lastClass != NONE && lastClass >= combiningClass;
      int both = blocked ? NONE : pair(starter, c);
      if (both != NONE) {
        starter = both;
        starterChange += from.change(i) - 1;
      } else if (combiningClass == 0) {
        to.put(starter, starterChange);
        flush(from, waiting, waits, to);
        waits = 0;
        starter = c;
        starterChange = from.change(i);
        lastClass = NONE;
      } else {
        if (waits == waiting.length) {
          waiting = Arrays.copyOf(waiting, waits * 2);
        }
        waiting[waits++] = i;
        lastClass = combiningClass;
      }
    }
    if (starter != NONE) {
      to.put(starter, starterChange);
      flush(from, waiting, waits, to);
    }
  }

  private static void flush(Rewriter from, int[] waiting, int count, Rewriter to) {
    for (int i = 0; i < count; i++) {
      to.put(from.codePoint(waiting[i]), from.change(waiting[i]));
    }
  }

  /** The composition of two characters, or {@link #NONE}. */
  private int pair(int starter, int c) {
    if (!isTakenIn(c)) {
      return NONE;
    }
    String two = Character.toString(starter) + Character.toString(c);
    String one = java.text.Normalizer.normalize(two, Form.NFC);
    int both = one.codePointAt(0);
    if (one.length() != Character.charCount(both)) {
      return NONE;
    }
    return tables.partsOf(both) == null ? NONE : both;
  }
}
