package io.lanewise.cli.output;

import io.lanewise.cli.job.InputRecord;
import io.lanewise.json.Json;
import java.io.IOException;
import java.io.StringWriter;

/**
 * Answers as JSON Lines: each is its input's object, unchanged, with the answer as one field more.
 */
public final class JsonLinesPrinter<A> implements Printer<A> {
  private final AnswerFormat<A> format;
  private final TextOutput output;

  public JsonLinesPrinter(AnswerFormat<A> format, TextOutput output) {
    this.format = format;
    this.output = output;
  }

  @Override
  public void print(InputRecord input, A answer) {
    var text = new StringWriter();
    try (var out = Json.factory().createGenerator(text)) {
      format.write(out, answer);
    } catch (IOException e) {
      throw output.lost(e);
    }
    output.line(input.with(InputRecord.RESULT, text.toString()));
  }

  @Override
  public void printError(InputRecord input, String message) {
    output.line(input.errorLine(message));
  }

  @Override
  public void flush() {
    output.flush();
  }

  @Override
  public void end() {
    output.flush();
  }
}
