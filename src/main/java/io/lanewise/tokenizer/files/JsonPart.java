package io.lanewise.tokenizer.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.TokenizerException;
import io.lanewise.json.JsonExcerpt;
import io.lanewise.text.Excerpt;
import java.util.ArrayList;
import java.util.List;

/**
 * A value in a JSON file with its path, so that an error can name the place.
 *
 * @param node the value
 * @param where the file and the path in it
 */
public record JsonPart(JsonNode node, String where) {

  /** A required member of an object. */
  JsonPart get(String name) {
    if (!node.has(name)) {
      throw new TokenizerException(where + " has no \"" + name + "\"");
    }
    return find(name);
  }

  /** The member of an object; {@link #isNull} if there is none. */
  JsonPart find(String name) {
    return new JsonPart(node.path(name), where + "." + name);
  }

  /** Whether the value is absent or JSON's null. */
  boolean isNull() {
    return node.isMissingNode() || node.isNull();
  }

  List<JsonPart> items() {
    if (!node.isArray()) {
      throw wrong("a list");
    }
    var items = new ArrayList<JsonPart>(node.size());
    for (int i = 0; i < node.size(); i++) {
      items.add(new JsonPart(node.get(i), where + "[" + i + "]"));
    }
    return items;
  }

  /** The steps of a sequence, none of which may be missing. */
  List<JsonPart> steps() {
    var steps = items();
    for (var step : steps) {
      if (step.isNull()) {
        throw step.wrong("a component with a \"type\"");
      }
    }
    return steps;
  }

  public String text() {
    if (!node.isTextual()) {
      throw wrong("a string");
    }
    return node.textValue();
  }

  String text(String name, String absent) {
    var part = find(name);
    return part.isNull() ? absent : part.text();
  }

  public boolean bool(String name, boolean absent) {
    var part = find(name);
    if (part.isNull()) {
      return absent;
    }
    return part.bool();
  }

  boolean bool() {
    if (!node.isBoolean()) {
      throw wrong("true or false");
    }
    return node.booleanValue();
  }

  int integer() {
    if (!node.canConvertToInt() || !node.isIntegralNumber()) {
      throw wrong("a whole number");
    }
    return node.intValue();
  }

  int integer(String name, int absent) {
    var part = find(name);
    return part.isNull() ? absent : part.integer();
  }

  double real() {
    if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
      throw wrong("a number");
    }
    return node.doubleValue();
  }

  /** A single character, as of a {@code replacement}. */
  char character() {
    String text = text();
    if (text.length() != 1) {
      throw wrong("one character");
    }
    return text.charAt(0);
  }

  /** The {@code type} of a component. */
  String type() {
    return get("type").text();
  }

  TokenizerException wrong(String expected) {
    return new TokenizerException(
        where + " is " + shortened(node) + ", where " + expected + " is expected");
  }

  /** A value as an error message shows it. */
  public static String shortened(JsonNode node) {
    String text = node.isMissingNode() ? "nothing" : JsonExcerpt.of(node, 60);
    return text.length() > 60 ? text.substring(0, 60) + "..." : text;
  }

  /** The error for an unknown component. */
  TokenizerException unknown(String what) {
    return new TokenizerException(
        where + ": the " + what + " " + Excerpt.quoted(type()) + " is not known to this version");
  }
}
