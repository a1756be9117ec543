package io.lanewise.cli.job;

import io.lanewise.InputException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The inputs of a job, one after the other: from arguments, a file, or standard input. */
public abstract sealed class InputReader implements AutoCloseable {
  /** The next one; null after the last. Blank lines are none. */
  abstract InputRecord next();

  /** Whether {@link #next} returns without waiting for somebody to write. */
  abstract boolean isReady();

  @Override
  public void close() {}

  /** Texts of the command line. */
  static InputReader of(List<String> texts, String field) {
    return new Arguments(texts, field);
  }

  /** One input. */
  static InputReader of(InputRecord input) {
    return new Single(input);
  }

  /**
   * Lines of a stream.
   *
   * @param field that plain texts become; null if the lines are JSON objects themselves
   */
  static InputReader of(InputStream in, String name, String field) {
    return new Lines(in, name, field);
  }

  /** Lines of a file. */
  static InputReader of(Path file, String field) {
    if (!Files.exists(file)) {
      throw new InputException("--file " + file + " does not exist");
    }
    try {
      return new Lines(new FileInputStream(file.toFile()), file.toString(), field);
    } catch (IOException e) {
      throw new InputException("--file cannot be read: " + e.getMessage(), e);
    }
  }

  private static final class Arguments extends InputReader {
    private final List<String> texts;
    private final String field;
    private int given;

    Arguments(List<String> texts, String field) {
      this.texts = texts;
      this.field = field;
    }

    @Override
    InputRecord next() {
      if (given == texts.size()) {
        return null;
      }
      var text = texts.get(given++);
      return InputRecord.ofText(texts.size() == 1 ? "" : "text " + given, given, field, text);
    }

    @Override
    boolean isReady() {
      return true;
    }
  }

  private static final class Single extends InputReader {
    private InputRecord input;

    Single(InputRecord input) {
      this.input = input;
    }

    @Override
    InputRecord next() {
      var given = input;
      input = null;
      return given;
    }

    @Override
    boolean isReady() {
      return true;
    }
  }

  private static final class Lines extends InputReader {
    private final InputStream in;
    private final TextLines lines;
    private final String field;

    Lines(InputStream in, String name, String field) {
      this.in = in;
      this.lines = new TextLines(in, name, TextLines.LONGEST);
      this.field = field;
    }

    @Override
    InputRecord next() {
      var line = lines.nextLine();
      while (line != null && line.text() != null && line.text().isBlank()) {
        line = lines.nextLine();
      }
      if (line == null) {
        return null;
      }
      return line.problem() == null
          ? input(line.text())
          : InputRecord.unreadable(lines.where(), lines.number(), line.problem());
    }

    private InputRecord input(String line) {
      return field == null
          ? InputRecord.ofJson(lines.where(), lines.number(), line.strip())
          : InputRecord.ofText(lines.where(), lines.number(), field, line);
    }

    @Override
    boolean isReady() {
      return lines.isReady();
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        // What was read has been read.
      }
    }
  }
}
