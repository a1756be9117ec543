package io.lanewise.cli.output;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Comma-separated values by RFC 4180.
 *
 * <p>A spreadsheet takes a cell for a formula, and runs it, that begins with {@code =}, {@code +},
 * {@code -}, {@code @}, a tab or a line break, also after blanks or in full width. So an apostrophe
 * is put before such a text, as OWASP advises ("CSV Injection"), which a spreadsheet takes for
 * "this is text". Numbers stay as they are, also where they came as text.
 */
public final class Csv {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?");
  private static final String STARTS = "=+-@\t\r\n＝＋－＠";

  private Csv() {}

  /** What is a number, and written as it is. */
  interface Plain {}

  /** Writes a record; null is an empty cell. */
  public static void line(TextOutput output, List<?> cells) {
    output.line(cells.stream().map(Csv::cell).collect(Collectors.joining(",")) + "\r");
  }

  public static String cell(Object cell) {
    var text = cell == null ? "" : cell.toString();
    boolean number = cell instanceof Number || cell instanceof Plain;
    var safe = number || !isFormula(text) ? text : "'" + text;
    boolean plain = safe.chars().noneMatch(c -> ",;\"\t\r\n".indexOf(c) >= 0);
    return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }

  private static boolean isFormula(String text) {
    int at = 0;
    while (at < text.length() && Character.isSpaceChar(text.charAt(at))) {
      at++;
    }
    return at < text.length()
        && STARTS.indexOf(text.charAt(at)) >= 0
        && !NUMBER.matcher(text).matches();
  }
}
