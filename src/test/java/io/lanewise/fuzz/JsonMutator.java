package io.lanewise.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Changes a JSON document value by value, so that it stays one. */
final class JsonMutator {
  static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "\u2581",
          "##",
          "\0",
          "\uD83D\uDE00",
          "\u0301",
          "\uFDFA",
          "[MASK]",
          "..",
          "/dev/zero",
          "null",
          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
          "{}",
          "%s");

  /** Not all of them are JSON: a parser may take them for numbers. */
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "0.5",
          "-0.0",
          "1e308",
          "-1e308",
          "1e999",
          "1e-320",
          "127",
          "255",
          "256",
          "4096",
          "65536",
          "262143",
          "262144",
          "16777216",
          "16777217",
          "2147483647",
          "-2147483648",
          "2147483648",
          "4294967296",
          "9007199254740993",
          "9223372036854775807",
          "9223372036854775808",
          "123456789012345678901234567890",
          "NaN",
          "Infinity",
          "00",
          "0x10");

  private static final String MARK = "\u0000number\u0000";
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final SplittableRandom random;

  JsonMutator(SplittableRandom random) {
    this.random = random;
  }

  /** A value and the place that it has in the one around it. */
  private record Place(ContainerNode<?> in, String key, int index) {
    JsonNode get() {
      return in instanceof ObjectNode object ? object.get(key) : in.get(index);
    }

    void set(JsonNode value) {
      if (in instanceof ObjectNode object) {
        object.set(key, value);
      } else {
        ((ArrayNode) in).set(index, value);
      }
    }

    void remove() {
      if (in instanceof ObjectNode object) {
        object.remove(key);
      } else {
        ((ArrayNode) in).remove(index);
      }
    }
  }

  /** The document with one value changed; as it is, if it is no JSON. */
  byte[] change(byte[] document) {
    JsonNode root;
    try {
      root = MAPPER.readTree(document);
    } catch (IOException | StackOverflowError e) {
      return document;
    }
    var places = new ArrayList<Place>();
    collect(root, places);
    if (places.isEmpty()) {
      return TEXTS.get(random.nextInt(TEXTS.size())).getBytes(UTF_8);
    }
    var text = changed(places).isEmpty() ? "" : root.toString();
    var number = NUMBERS.get(random.nextInt(NUMBERS.size()));
    return text.replace(NODES.textNode(MARK).toString(), number).getBytes(UTF_8);
  }

  private List<Place> changed(List<Place> places) {
    var place = pick(places);
    var other = pick(places).get();
    switch (random.nextInt(13)) {
      case 0, 1, 2 -> place.set(NODES.textNode(MARK));
      case 3 -> place.set(NODES.nullNode());
      case 4 -> place.set(NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size()))));
      case 5 -> place.set(random.nextBoolean() ? NODES.objectNode() : NODES.arrayNode());
      case 6 -> place.set(NODES.booleanNode(random.nextBoolean()));
      case 7 -> place.remove();
      case 8, 9 -> place.set(other.deepCopy());
      case 10 -> {
        JsonNode nested = place.get();
        for (int depth = 1 + random.nextInt(300); depth > 0; depth--) {
          nested = NODES.arrayNode().add(nested);
        }
        place.set(nested);
      }
      case 11 -> {
        if (place.in instanceof ArrayNode list) {
          for (int n = random.nextInt(1 << random.nextInt(1, 9)); n > 0; n--) {
            list.add(place.get().deepCopy());
          }
        }
      }
      default -> {
        if (place.in instanceof ObjectNode object) {
          object.set(place.key + TEXTS.get(random.nextInt(TEXTS.size())), other.deepCopy());
        }
      }
    }
    return places;
  }

  /** Values near the root are as likely as all the many deep ones. */
  private Place pick(List<Place> places) {
    int bound = Math.max(1, places.size() >> random.nextInt(8));
    return places.get(random.nextInt(bound));
  }

  /** Level by level. */
  private static void collect(JsonNode root, List<Place> places) {
    add(root, places);
    for (int i = 0; i < places.size() && places.size() < 20_000; i++) {
      add(places.get(i).get(), places);
    }
  }

  private static void add(JsonNode node, List<Place> places) {
    switch (node) {
      case ObjectNode object ->
          object.fieldNames().forEachRemaining(key -> places.add(new Place(object, key, 0)));
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          places.add(new Place(array, null, i));
        }
      }
      default -> {} // it has no values
    }
  }
}
