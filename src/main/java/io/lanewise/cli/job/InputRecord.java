package io.lanewise.cli.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One input of a job: an object with named fields. A plain text is an object with one field.
 *
 * @param where it stands, such as {@code reviews.jsonl, line 3}; empty for the only text
 * @param line its number there, from 1
 * @param json the object, as it was given, or what stands there instead
 * @param problem what is wrong with the line; null if it could be read
 */
public record InputRecord(String where, long line, String json, String problem) {
  /** The field that an answer is given in. */
  public static final String RESULT = "result";

  /** The field that says why there is none. */
  public static final String ERROR = "error";

  /** The field that says where something stands that is no object. */
  public static final String LINE = "line";

  /** A plain text as the field that a command reads texts from. */
  static InputRecord ofText(String where, long line, String field, String text) {
    var object = Json.mapper().createObjectNode().put(field, text);
    return new InputRecord(where, line, object.toString(), null);
  }

  /**
   * The fields of the object.
   *
   * @throws InputException if the line is no JSON object
   */
  public ObjectNode fields() {
    if (problem != null) {
      throw new InputException(problem);
    }
    try {
      if (Json.parse(json.getBytes(UTF_8), "the line") instanceof ObjectNode object) {
        for (var name : List.of(RESULT, ERROR)) {
          if (object.has(name)) {
            throw new InputException(
                "there is a field \"" + name + "\" already, where the answer goes: rename it");
          }
        }
        return object;
      }
    } catch (CheckpointException e) {
      throw new InputException(e.getMessage().replace(" at line 1, column", " at column"), e);
    }
    throw new InputException("a JSON object was expected, such as {\"text\": \"…\"}");
  }

  /**
   * A text field.
   *
   * @throws InputException if it is missing or no text
   */
  public String text(String field) {
    return optionalText(field)
        .orElseThrow(
            () ->
                new InputException(
                    "there is no field \"" + field + "\": the command reads its text from it"));
  }

  /** A text field that may be missing or null. */
  public Optional<String> optionalText(String field) {
    var value = fields().path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw new InputException("field \"" + field + "\" is no text");
    }
    return Optional.of(value.textValue());
  }

  /** A field that is a list of texts, or one text; it may be missing or null. */
  public Optional<List<String>> optionalTexts(String field) {
    var value = fields().path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (value.isTextual()) {
      return Optional.of(List.of(value.textValue()));
    }
    var texts = new ArrayList<String>();
    for (JsonNode each : value) {
      if (!each.isTextual()) {
        throw new InputException("field \"" + field + "\" holds something that is no text");
      }
      texts.add(each.textValue());
    }
    if (!value.isArray() || texts.isEmpty()) {
      throw new InputException("field \"" + field + "\" is no list of texts");
    }
    return Optional.of(texts);
  }

  /**
   * The object with one field more at its end; all else stays as it was given, byte for byte.
   *
   * @param value JSON
   */
  public String with(String name, String value) {
    var start = opening();
    boolean empty = start.endsWith("{");
    return start + (empty ? "" : ",") + "\"" + name + "\":" + value + "}";
  }

  /** The object without its closing brace: what the line of its answer begins with. */
  private String opening() {
    return json.substring(0, json.lastIndexOf('}')).stripTrailing();
  }

  /** Whether the line is a JSON object. */
  public boolean isObject() {
    try {
      fields();
      return true;
    } catch (InputException e) {
      return false;
    }
  }

  /** What is written for it when there is no answer: the object with {@code error}. */
  public String errorLine(String message) {
    var error = Json.mapper().getNodeFactory().textNode(message).toString();
    return isObject() ? with(ERROR, error) : opening(line) + ",\"" + ERROR + "\":" + error + "}";
  }

  /** Whether this can be a line that was written for it. */
  boolean fits(String answer) {
    return (problem == null && json.endsWith("}") && goesOn(answer, opening()))
        || (!isObject() && goesOn(answer, opening(line)));
  }

  private static boolean goesOn(String answer, String opening) {
    if (!answer.startsWith(opening)) {
      return false;
    }
    int at = opening.length() + (opening.endsWith("{") ? 0 : 1);
    return answer.startsWith("\"" + RESULT + "\":", at)
        || answer.startsWith("\"" + ERROR + "\":", at);
  }

  private static String opening(long line) {
    return "{\"" + LINE + "\":" + line;
  }

  /** A message with the place before it. */
  public String at(String message) {
    return where.isEmpty() ? message : where + ": " + message;
  }
}
