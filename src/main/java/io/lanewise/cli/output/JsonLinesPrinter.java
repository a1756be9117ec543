package io.lanewise.cli.output;

import io.lanewise.cli.job.Entry;
import io.lanewise.cli.job.Verb;
import io.lanewise.json.Json;
import java.io.IOException;
import java.io.StringWriter;

/**
 * Answers as JSON Lines: each is its input's object, unchanged, with the answer as one field more.
 */
public final class JsonLinesPrinter<I, A> implements Printer<I, A> {
  private final Verb<I, A> verb;
  private final Results results;

  public JsonLinesPrinter(Verb<I, A> verb, Results results) {
    this.verb = verb;
    this.results = results;
  }

  @Override
  public void print(Entry entry, I input, A answer) {
    var text = new StringWriter();
    try (var out = Json.factory().createGenerator(text)) {
      verb.write(out, answer);
    } catch (IOException e) {
      throw results.lost(e);
    }
    results.line(entry.with(Entry.RESULT, text.toString()));
  }

  @Override
  public void printError(Entry entry, String message) {
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
