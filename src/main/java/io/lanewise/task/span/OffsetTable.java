package io.lanewise.task.span;

import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;

/**
 * Turns places in a text, counted in UTF-16 units, into what is asked for.
 *
 * @param codePoints how many code points stand before each unit; null where nothing is to be turned
 */
public record OffsetTable(int[] codePoints) {

  public static OffsetTable of(String text, OffsetUnit unit) {
    if (unit == OffsetUnit.UTF_16 || text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return new OffsetTable(null);
    }
    var table = new int[text.length() + 1];
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      table[i] = count;
      boolean paired =
          Character.isHighSurrogate(text.charAt(i))
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      count += paired ? 0 : 1;
    }
    table[text.length()] = count;
    return new OffsetTable(table);
  }

  public int at(int offset) {
    return codePoints == null ? offset : codePoints[offset];
  }
}
