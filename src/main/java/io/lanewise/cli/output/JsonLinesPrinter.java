package io.lanewise.cli.output;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.json.Json;
import java.io.IOException;
import java.io.StringWriter;

/**
 * Answers as JSON Lines: each is its input's object, unchanged, with the answer as one field more.
 */
public final class JsonLinesPrinter<I, A> implements Printer<I, A> {
  private final TaskCommand<I, A> verb;
  private final TextOutput results;

  public JsonLinesPrinter(TaskCommand<I, A> verb, TextOutput results) {
    this.verb = verb;
    this.results = results;
  }

  @Override
  public void print(InputRecord entry, I input, A answer) {
    var text = new StringWriter();
    try (var out = Json.factory().createGenerator(text)) {
      verb.write(out, answer);
    } catch (IOException e) {
      throw results.lost(e);
    }
    results.line(entry.with(InputRecord.RESULT, text.toString()));
  }

  @Override
  public void printError(InputRecord entry, String message) {
    results.line(entry.errorLine(message));
  }

  @Override
  public void flush() {
    results.flush();
  }

  @Override
  public void end() {
    results.flush();
  }
}
