package io.lanewise.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Values of Java as values of JSON. */
final class JsonValue {
  private JsonValue() {}

  /**
   * Writes a value.
   *
   * @param value null, a text, a number, a boolean, an array of ints or of such values, a list of
   *     them, or a map from names to them
   */
  static void write(JsonGenerator out, Object value) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Integer number -> out.writeNumber(number);
      case Float number -> out.writeNumber(number);
      case Double number -> out.writeNumber(number);
      case Boolean truth -> out.writeBoolean(truth);
      case int[] numbers -> out.writeArray(numbers, 0, numbers.length);
      case Object[] values -> write(out, Arrays.asList(values));
      case List<?> list -> {
        out.writeStartArray();
        for (var each : list) {
          write(out, each);
        }
        out.writeEndArray();
      }
      case Map<?, ?> fields -> {
        out.writeStartObject();
        for (var field : fields.entrySet()) {
          out.writeFieldName((String) field.getKey());
          write(out, field.getValue());
        }
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException(value.getClass() + " has no form in JSON");
    }
  }
}
