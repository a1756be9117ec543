package io.lanewise.cli;

import io.lanewise.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Lines of standard input, in UTF-8. */
final class TextLines {
  private static final int LONGEST = 16 << 20;

  private final BufferedReader reader;
  private int number;

  TextLines(InputStream in) {
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    reader = new BufferedReader(new InputStreamReader(in, decoder));
  }

  /** The next line that is not blank, or null at the end. */
  String nextText() {
    var line = next();
    while (line != null && line.isBlank()) {
      line = next();
    }
    return line;
  }

  /**
   * The next line, or null at the end.
   *
   * @throws InputException if it is not UTF-8, or longer than 16 Mi characters
   */
  String next() {
    number++;
    var line = new StringBuilder();
    try {
      int c = reader.read();
      if (number == 1 && c == '\ufeff') {
        c = reader.read();
      }
      if (c < 0) {
        return null;
      }
      for (; c >= 0 && c != '\n'; c = reader.read()) {
        if (line.length() == LONGEST) {
          throw new InputException(
              "standard input, line " + number + ": longer than " + LONGEST + " characters");
        }
        line.append((char) c);
      }
    } catch (CharacterCodingException e) {
      throw new InputException(
          "standard input, near line " + number + ": not UTF-8; convert it first", e);
    } catch (IOException e) {
      throw new InputException("standard input cannot be read: " + e.getMessage(), e);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }
}
