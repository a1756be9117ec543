package io.lanewise.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.json.Json;
import java.io.IOException;

/**
 * Answers as one JSON document, as Hugging Face's pipeline returns them: of one input its answer,
 * of several a list.
 */
public final class JsonPrinter<A> implements Printer<A> {
  /** Writes one element. */
  private interface Element {
    void write(JsonGenerator out) throws IOException;
  }

  private final AnswerFormat<A> format;
  private final TextOutput output;
  private final JsonGenerator out;
  private Element held;
  private boolean several;

  public JsonPrinter(AnswerFormat<A> format, TextOutput output) {
    this.format = format;
    this.output = output;
    try {
      out = Json.factory().createGenerator(output.stream());
      out.useDefaultPrettyPrinter();
      out.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    } catch (IOException e) {
      throw output.lost(e);
    }
  }

  @Override
  public void print(InputRecord input, A answer) {
    add(json -> format.write(json, answer));
  }

  @Override
  public void printError(InputRecord input, String message) {
    add(
        json -> {
          json.writeStartObject();
          if (!input.isObject()) {
            json.writeNumberField(InputRecord.LINE, input.line());
          }
          json.writeStringField(InputRecord.ERROR, message);
          json.writeEndObject();
        });
  }

  /** Writes the element before, now that it is known that it is not the only one. */
  private void add(Element element) {
    if (held != null) {
      write(held);
    }
    held = element;
  }

  private void write(Element element) {
    try {
      if (!several) {
        out.writeStartArray();
        several = true;
      }
      element.write(out);
    } catch (IOException e) {
      throw output.lost(e);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void end() {
    try {
      if (held != null && !several) {
        held.write(out);
      } else {
        if (held == null) {
          out.writeStartArray();
        } else {
          held.write(out);
        }
        out.writeEndArray();
      }
      out.close();
    } catch (IOException e) {
      throw output.lost(e);
    }
    output.line("");
    output.flush();
  }

  @Override
  public void stop() {
    if (held != null || several) {
      end();
    }
  }
}
