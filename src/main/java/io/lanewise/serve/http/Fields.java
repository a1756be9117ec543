package io.lanewise.serve.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.text.Excerpt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An object of a request's JSON, read with checked types: whatever is of another type is refused
 * with 422, by its name. A field that is null counts as absent.
 *
 * @param where what messages put before a field's name; empty for the request itself
 */
public record Fields(ObjectNode tree, String where) {
  /** Characters of a value that a message shows. */
  private static final int SHOWN = 40;

  /** The object, if it is one. */
  public static Fields of(JsonNode tree, String where) {
    if (tree instanceof ObjectNode object) {
      return new Fields(object, where);
    }
    throw Refusal.invalid(
        (where.isEmpty() ? "the body" : "`" + where + "`") + " must be an object");
  }

  /** The value of a field; empty if it is absent or null. */
  public Optional<JsonNode> get(String name) {
    return Optional.ofNullable(tree.get(name)).filter(value -> !value.isNull());
  }

  /** The value of a field that must be there. */
  public JsonNode need(String name) {
    return get(name).orElseThrow(() -> Refusal.invalid("`" + named(name) + "` is missing"));
  }

  private String named(String name) {
    return where.isEmpty() ? name : where + "." + name;
  }

  private Refusal wrong(String name, String wanted) {
    return Refusal.invalid("`" + named(name) + "` must be " + wanted);
  }

  /** A text that must be there. */
  public String text(String name) {
    return text(name, need(name));
  }

  /** A text that may be absent. */
  public Optional<String> optionalText(String name) {
    return get(name).map(value -> text(name, value));
  }

  private String text(String name, JsonNode value) {
    if (!value.isTextual()) {
      throw wrong(name, "a string");
    }
    return value.textValue();
  }

  /** One of some words. */
  public String choice(String name, String unlessSaid, List<String> choices) {
    var chosen = optionalText(name).orElse(unlessSaid);
    if (!choices.contains(chosen)) {
      throw wrong(
          name,
          "one of " + String.join(", ", choices) + ", not " + Excerpt.beginning(chosen, SHOWN));
    }
    return chosen;
  }

  /** Whether something holds. */
  public boolean flag(String name, boolean unlessSaid) {
    return optionalFlag(name).orElse(unlessSaid);
  }

  /** The same, empty if it is not said. */
  public Optional<Boolean> optionalFlag(String name) {
    return get(name)
        .map(
            value -> {
              if (!value.isBoolean()) {
                throw wrong(name, "true or false");
              }
              return value.booleanValue();
            });
  }

  /** Refuses something that cannot be had here. */
  public void refuseFlag(String name) {
    if (flag(name, false)) {
      throw wrong(name, "false here");
    }
  }

  /** A whole number within bounds; empty if it is not said. */
  public OptionalInt integer(String name, int least, int most) {
    var value = get(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!value.get().isIntegralNumber()
        || !value.get().canConvertToInt()
        || value.get().intValue() < least
        || value.get().intValue() > most) {
      throw wrong(name, "a whole number from " + least + " to " + most);
    }
    return OptionalInt.of(value.get().intValue());
  }

  /** A number; empty if it is not said. */
  public Optional<Double> number(String name) {
    return get(name)
        .map(
            value -> {
              if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                throw wrong(name, "a number");
              }
              return value.doubleValue();
            });
  }

  /** An object that may be absent, which is then empty. */
  public Fields object(String name) {
    return get(name)
        .map(value -> of(value, named(name)))
        .orElseGet(() -> new Fields(tree.objectNode(), named(name)));
  }

  /** A list that must be there. */
  public ArrayNode list(String name) {
    if (need(name) instanceof ArrayNode list) {
      return list;
    }
    throw wrong(name, "a list");
  }

  /** A list of texts that must be there. */
  public List<String> texts(String name) {
    return texts(name, list(name));
  }

  private List<String> texts(String name, ArrayNode list) {
    var texts = new ArrayList<String>(list.size());
    for (var each : list) {
      if (!each.isTextual()) {
        throw wrong(name, "a list of strings");
      }
      texts.add(each.textValue());
    }
    return texts;
  }

  /** A text or a list of texts; whether it was a list is for the caller to look at. */
  public List<String> textOrTexts(String name) {
    return need(name) instanceof ArrayNode list ? texts(name, list) : List.of(text(name));
  }

  /** Whether a field is a list. */
  public boolean isList(String name) {
    return get(name).filter(JsonNode::isArray).isPresent();
  }

  /** Refuses fields that nobody here acts on, by their names. */
  public Fields only(String... known) {
    var names = Arrays.asList(known);
    for (var entry : tree.properties()) {
      if (!names.contains(entry.getKey())) {
        throw Refusal.invalid(
            "`%s` is not known here; known are %s"
                .formatted(
                    named(Excerpt.beginning(entry.getKey(), SHOWN)), String.join(", ", known)));
      }
    }
    return this;
  }
}
