package io.lanewise.tokenizer.normalize;

import java.text.Normalizer;

/**
 * The canonical combining class of a character, for which the JDK has no public method.
 *
 * <p>It is derived from the order of marks in the JDK's normal forms: a mark moves before another
 * one if and only if its class is smaller and not 0. Comparing a character with one mark of each
 * class gives its class, always in the Unicode version of the JDK.
 */
final class CombiningClass {
  /** One mark of each class that Unicode uses, by rising class. */
  private static final int[] MARKS = {
    0x0334, 0x16FF0, 0x093C, 0x3099, 0x094D, 0x05B0, 0x05B1, 0x05B2, 0x05B3, 0x05B4, 0x05B5, 0x05B6,
    0x05B7, 0x05B8, 0x05B9, 0x05BB, 0x05BC, 0x05BD, 0x05BF, 0x05C1, 0x05C2, 0xFB1E, 0x064B, 0x064C,
    0x064D, 0x064E, 0x064F, 0x0650, 0x0651, 0x0652, 0x0670, 0x0711, 0x0C55, 0x0C56, 0x0E38, 0x0E48,
    0x0EB8, 0x0EC8, 0x0F71, 0x0F72, 0x0F74, 0x0321, 0x1DCE, 0x031B, 0x1DFA, 0x0316, 0x059A, 0x302E,
    0x1D16D, 0x05AE, 0x0301, 0x0315, 0x035C, 0x035D, 0x0345
  };

  private static final int[] CLASSES = {
    1, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
    30, 31, 32, 33, 34, 35, 36, 84, 91, 103, 107, 118, 122, 129, 130, 132, 202, 214, 216, 218, 220,
    222, 224, 226, 228, 230, 232, 233, 234, 240
  };

  private static final int LAST = 0x0345;

  private CombiningClass() {}

  static int of(int c) {
    if (c == LAST) {
      return 240;
    }
    if (!CodePoints.isMark(c) || !goesBefore(c, LAST)) {
      return 0;
    }
    int low = 0; // the largest class that is not larger than that of c
    int high = MARKS.length - 1;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (goesBefore(c, MARKS[middle])) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return CLASSES[low];
  }

  /**
   * Whether NFD moves c from after the mark to before it; false for characters with a
   * decomposition.
   */
  private static boolean goesBefore(int c, int mark) {
    if (c == mark) {
      return false; // the order of two equal characters is invisible
    }
    String text = Character.toString(c);
    if (!Normalizer.isNormalized(text, Normalizer.Form.NFD)) {
      return false;
    }
    String ordered =
        Normalizer.normalize("a" + Character.toString(mark) + text, Normalizer.Form.NFD);
    return ordered.startsWith(text, 1);
  }
}
