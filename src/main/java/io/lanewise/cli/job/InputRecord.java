package io.lanewise.cli.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.json.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One input of a job: a record with named fields. A line of JSON Lines is such a record; a plain
 * text is one with a single field, and becomes JSON only where JSON is written.
 */
public final class InputRecord {
  /** The field that an answer is given in. */
  public static final String RESULT = "result";

  /** The field that says why there is none. */
  public static final String ERROR = "error";

  /** The field that says where something stands that is no object. */
  public static final String LINE = "line";

  private final String where;
  private final long line;

  /** Texts, lists of texts, or other values as JSON has them, null among them; null for none. */
  private final Map<String, Object> fields;

  /** Why there are no fields; null if there are. */
  private final InputException problem;

  /** The object as it was given, or what stands there instead; null until it is asked for. */
  private String json;

  private InputRecord(
      String where, long line, Map<String, Object> fields, InputException problem, String json) {
    this.where = where;
    this.line = line;
    this.fields = fields;
    this.problem = problem;
    this.json = json;
  }

  /**
   * A plain text as the field that a command reads texts from.
   *
   * @param where it stands, such as {@code reviews.txt, line 3}; empty for the only text
   * @param line its number there, from 1
   */
  static InputRecord ofText(String where, long line, String field, String text) {
    return new InputRecord(where, line, Map.of(field, text), null, null);
  }

  /**
   * A record that a command puts together.
   *
   * @param fields texts and lists of texts, by name
   */
  public static InputRecord of(Map<String, Object> fields) {
    return new InputRecord("", 1, Collections.unmodifiableMap(fields), null, null);
  }

  /** A line of JSON Lines, an object or not. */
  static InputRecord ofJson(String where, long line, String json) {
    try {
      return new InputRecord(where, line, parse(json), null, json);
    } catch (InputException e) {
      return new InputRecord(where, line, null, e, json);
    }
  }

  /** A line that cannot be read, or a record that cannot be put together. */
  public static InputRecord unreadable(String where, long line, String problem) {
    return new InputRecord(where, line, null, new InputException(problem), "");
  }

  private static Map<String, Object> parse(String json) {
    try {
      if (Json.parse(json.getBytes(UTF_8), "the line") instanceof ObjectNode object) {
        var fields = new LinkedHashMap<String, Object>();
        for (var field : object.properties()) {
          fields.put(field.getKey(), value(field.getValue()));
        }
        for (var name : List.of(RESULT, ERROR)) {
          if (fields.containsKey(name)) {
            throw new InputException(
                "there is a field \"" + name + "\" already, where the answer goes: rename it");
          }
        }
        return Collections.unmodifiableMap(fields);
      }
    } catch (CheckpointException e) {
      throw new InputException(e.getMessage().replace(" at line 1, column", " at column"), e);
    }
    throw new InputException("a JSON object was expected, such as {\"text\": \"…\"}");
  }

  private static Object value(JsonNode node) {
    return node.isTextual() ? node.textValue() : node.isNull() ? null : node;
  }

  /** Where it stands; empty for the only text. */
  String where() {
    return where;
  }

  /** The number of its line, from 1. */
  public long line() {
    return line;
  }

  /** Characters that it has, roughly. */
  long size() {
    if (json != null) {
      return json.length();
    }
    long size = 0;
    for (var value : fields.values()) {
      size += value instanceof String text ? text.length() : value.toString().length();
    }
    return size;
  }

  /** Whether it has fields. */
  public boolean isObject() {
    return fields != null;
  }

  private Object value(String field) {
    if (fields == null) {
      throw problem;
    }
    return fields.get(field);
  }

  /**
   * The fields by their names: texts, other values as JSON has them, or null.
   *
   * @throws InputException if it has none
   */
  public Map<String, Object> fields() {
    if (fields == null) {
      throw problem;
    }
    var all = new LinkedHashMap<>(fields);
    all.replaceAll((_, value) -> value instanceof List<?> texts ? array(texts) : value);
    return all;
  }

  private static JsonNode array(List<?> texts) {
    var array = Json.mapper().createArrayNode();
    texts.forEach(text -> array.add((String) text));
    return array;
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
    return switch (value(field)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      default -> throw new InputException("field \"" + field + "\" is no text");
    };
  }

  /** A field that is a list of texts, or one text; it may be missing or null. */
  public Optional<List<String>> optionalTexts(String field) {
    return switch (value(field)) {
      case null -> Optional.empty();
      case String text -> Optional.of(List.of(text));
      case JsonNode node -> Optional.of(texts(field, node));
      case List<?> texts -> Optional.of(texts.stream().map(String.class::cast).toList());
      default -> throw new IllegalStateException("a field of " + value(field).getClass());
    };
  }

  private static List<String> texts(String field, JsonNode list) {
    var texts = new ArrayList<String>();
    for (var each : list) {
      if (!each.isTextual()) {
        throw new InputException("field \"" + field + "\" holds something that is no text");
      }
      texts.add(each.textValue());
    }
    if (!list.isArray() || texts.isEmpty()) {
      throw new InputException("field \"" + field + "\" is no list of texts");
    }
    return texts;
  }

  /** A field that is an array of JSON; empty if it is anything else, or missing. */
  public Optional<JsonNode> array(String field) {
    return value(field) instanceof JsonNode node && node.isArray()
        ? Optional.of(node)
        : Optional.empty();
  }

  /** What a table shows for it: this field if it is a text, or all that stands in the line. */
  public String shown(String field) {
    return fields != null && fields.get(field) instanceof String text ? text : json();
  }

  /** The record as JSON: as it was given, or made of its fields. */
  private String json() {
    if (json == null) {
      var object = Json.mapper().createObjectNode();
      for (var field : fields.entrySet()) {
        if (field.getValue() instanceof List<?> texts) {
          object.set(field.getKey(), array(texts));
        } else {
          object.put(field.getKey(), (String) field.getValue());
        }
      }
      json = object.toString();
    }
    return json;
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
    var object = json();
    return object.substring(0, object.lastIndexOf('}')).stripTrailing();
  }

  /** What is written for it when there is no answer: the object with {@code error}. */
  public String errorLine(String message) {
    var error = Json.mapper().getNodeFactory().textNode(message).toString();
    return isObject() ? with(ERROR, error) : opening(line) + ",\"" + ERROR + "\":" + error + "}";
  }

  /** Whether this can be a line that was written for it. */
  boolean fits(String answer) {
    return (json().endsWith("}") && goesOn(answer, opening()))
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
