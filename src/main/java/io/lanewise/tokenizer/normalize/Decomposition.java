package io.lanewise.tokenizer.normalize;

import java.text.Normalizer;

/**
 * Canonical or compatibility decomposition (NFD, NFKD) with alignment, from the JDK's tables.
 *
 * <p>The JDK normalizes whole strings and does not return an alignment. So its results for single
 * characters are kept, in pages of 256 that are filled at the first use, and the canonical ordering
 * is done here. Thread-safe: a page is complete before it is published by a final field, and two
 * threads that fill the same page write the same.
 */
public final class Decomposition {
  private static final int LONG_RUN = 32;

  private final Normalizer.Form form;
  private final boolean crate;
  private final Page[] pages = new Page[(Character.MAX_CODE_POINT + 1) >> 8];

  /**
   * The properties of 256 code points.
   *
   * @param parts decompositions; null for a character without one
   * @param classes canonical combining classes
   */
  private record Page(int[][] parts, byte[] classes) {}

  /**
   * @param form NFD or NFKD
   * @param crate with the tables of Hugging Face's Rust library instead of the JDK's
   */
  public Decomposition(Normalizer.Form form, boolean crate) {
    this.form = form;
    this.crate = crate;
  }

  private Page page(int c) {
    Page page = pages[c >> 8];
    if (page == null) {
      page = fill(c & ~0xFF);
      pages[c >> 8] = page;
    }
    return page;
  }

  private Page fill(int first) {
    var parts = new int[256][];
    var classes = new byte[256];
    for (int i = 0; i < 256; i++) {
      int c = first + i;
      if (!Character.isDefined(c) || Character.getType(c) == Character.SURROGATE) {
        continue;
      }
      classes[i] = (byte) combiningClass(c);
      String text = Character.toString(c);
      if (!Normalizer.isNormalized(text, form)
          && !(crate && CrateTables.LATER_DECOMPOSITIONS.contains(c))) {
        parts[i] = Normalizer.normalize(text, form).codePoints().toArray();
      }
    }
    return new Page(parts, classes);
  }

  private int combiningClass(int c) {
    return crate && CrateTables.LATER_MARKS.contains(c) ? 0 : CombiningClass.of(c);
  }

  /** The canonical combining class, 0 for starters. */
  public int classOf(int c) {
    return c < 0x300 ? 0 : page(c).classes[c & 0xFF] & 0xFF;
  }

  /** The full decomposition of a character; null for none. */
  int[] partsOf(int c) {
    return c < 0x80 ? null : page(c).parts[c & 0xFF];
  }

  /** Appends the decomposed source to the target. */
  public void apply(AlignedText source, AlignedText target) {
    if (isPlain(source)) {
      target.append(source, 0, source.length);
      return;
    }
    var rewriter = new Rewriter();
    rewrite(source, rewriter);
    rewriter.write(source, target);
  }

  /** Adds the decomposition of the source to the changes. */
  void rewrite(AlignedText source, Rewriter rewriter) {
    var run = new Marks();
    for (int i = 0; i < source.length; ) {
      int c = source.codePointAt(i);
      i += Character.charCount(c);
      int[] parts = partsOf(c);
      if (parts == null) {
        emit(c, 0, run, rewriter);
      } else {
        for (int part = 0; part < parts.length; part++) {
          emit(parts[part], part == 0 ? 0 : 1, run, rewriter);
        }
      }
    }
    run.flush(rewriter);
  }

  private void emit(int c, int change, Marks run, Rewriter rewriter) {
    int combiningClass = classOf(c);
    if (combiningClass == 0) {
      run.flush(rewriter);
      rewriter.put(c, change);
    } else {
      run.add(c, change, combiningClass);
    }
  }

  private boolean isPlain(AlignedText source) {
    for (int i = 0; i < source.length; ) {
      int c = source.codePointAt(i);
      if (c >= 0xA0 && (partsOf(c) != null || classOf(c) != 0)) {
        return false;
      }
      i += Character.charCount(c);
    }
    return true;
  }

  /** Marks between two starters, to be sorted by combining class; the sort is stable. */
  private static final class Marks {
    private int[] marks = new int[8];
    private int[] changes = new int[8];
    private int[] classes = new int[8];
    private int count;

    void add(int c, int change, int combiningClass) {
      if (count == marks.length) {
        marks = java.util.Arrays.copyOf(marks, count * 2);
        changes = java.util.Arrays.copyOf(changes, count * 2);
        classes = java.util.Arrays.copyOf(classes, count * 2);
      }
      marks[count] = c;
      changes[count] = change;
      classes[count] = combiningClass;
      count++;
    }

    void flush(Rewriter rewriter) {
      if (count > LONG_RUN) {
        flushByCounting(rewriter);
      } else {
        sortByInsertion();
        for (int i = 0; i < count; i++) {
          rewriter.put(marks[i], changes[i]);
        }
      }
      count = 0;
    }

    private void sortByInsertion() {
      for (int i = 1; i < count; i++) {
        int mark = marks[i];
        int change = changes[i];
        int key = classes[i];
        int j = i;
        for (; j > 0 && classes[j - 1] > key; j--) {
          marks[j] = marks[j - 1];
          changes[j] = changes[j - 1];
          classes[j] = classes[j - 1];
        }
        marks[j] = mark;
        changes[j] = change;
        classes[j] = key;
      }
    }

    /**
     * A counting sort: linear in the number of marks, so that a megabyte of marks takes no longer
     * than a megabyte of letters.
     */
    private void flushByCounting(Rewriter rewriter) {
      var next = new int[257];
      for (int i = 0; i < count; i++) {
        next[classes[i] + 1]++;
      }
      for (int k = 1; k < next.length; k++) {
        next[k] += next[k - 1];
      }
      var order = new int[count];
      for (int i = 0; i < count; i++) {
        order[next[classes[i]]++] = i;
      }
      for (int i : order) {
        rewriter.put(marks[i], changes[i]);
      }
    }
  }
}
