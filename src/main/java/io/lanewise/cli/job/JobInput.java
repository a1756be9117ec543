package io.lanewise.cli.job;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where the inputs of a job come from.
 *
 * @param texts of the command line; none if they come from elsewhere
 * @param file null for none: then they come from standard input
 * @param jsonLines whether each line is a JSON object
 * @param plain whether it is a text all the same
 */
public record JobInput(List<String> texts, Path file, boolean jsonLines, boolean plain) {
  /**
   * The inputs, or all of them as one where the command looks at plain texts together.
   *
   * @param in standard input
   */
  public <I, A> InputReader open(InputStream in, TaskCommand<I, A> command) {
    var reader = open(in, command.field());
    if (isJson() || command.gather(List.of()).isEmpty()) {
      return reader;
    }
    try (reader) {
      var all = new ArrayList<InputRecord>();
      for (var input = reader.next(); input != null; input = reader.next()) {
        all.add(input);
      }
      return InputReader.of(command.gather(all).orElseThrow());
    }
  }

  private InputReader open(InputStream in, String field) {
    if (!texts.isEmpty()) {
      return InputReader.of(texts, field);
    }
    var lines = isJson() ? null : field;
    return file == null ? InputReader.of(in, "standard input", lines) : InputReader.of(file, lines);
  }

  /** Whether lines are read as JSON. */
  public boolean isJson() {
    var name = file == null ? "" : file.toString().toLowerCase(Locale.ROOT);
    return !plain && (jsonLines || name.endsWith(".jsonl") || name.endsWith(".ndjson"));
  }

  /** How many lines of the file are not blank; -1 if that cannot be told. */
  public long lines() {
    if (file == null || !Files.isRegularFile(file)) {
      return -1;
    }
    long count = 0;
    boolean blank = true; // so far, of the line that is read
    var block = new byte[1 << 16];
    try (var in = Files.newInputStream(file)) {
      for (int read = in.read(block); read > 0; read = in.read(block)) {
        for (int i = 0; i < read; i++) {
          boolean ends = block[i] == '\n';
          count += ends && !blank ? 1 : 0;
          blank = ends || (blank && block[i] >= 0 && block[i] <= ' ');
        }
      }
    } catch (IOException e) {
      return -1; // whoever reads it for its texts says what is wrong
    }
    return count + (blank ? 0 : 1);
  }
}
