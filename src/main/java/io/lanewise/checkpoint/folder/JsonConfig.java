package io.lanewise.checkpoint.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings, and the JSON that they are read from. Every {@link Config} is one. */
public final class JsonConfig extends Config {
  private final ObjectNode settings;
  private final String where;

  private JsonConfig(ObjectNode settings, String where) {
    this.settings = settings;
    this.where = where;
  }

  /**
   * The settings in this tree.
   *
   * @param where what to call the file in messages
   * @throws CheckpointException if the tree is not a JSON object
   */
  public static Config of(JsonNode tree, String where) {
    if (!(tree instanceof ObjectNode object)) {
      throw new CheckpointException(
          where
              + " holds "
              + article(tree.getNodeType().name())
              + ", a JSON object of settings was expected");
    }
    return new JsonConfig(object.deepCopy(), where);
  }

  /** The settings in this tree, read from this file. */
  public static Config of(JsonNode tree, Path where) {
    return of(tree, where.toString());
  }

  /** {@link Config#read}. */
  public static Config read(Path file) {
    return of(Json.read(file), file);
  }

  /** {@link Config#of(Map)}. */
  public static Config of(Map<String, ?> settings) {
    return of(node(settings), "the settings");
  }

  /** What stands behind a config. */
  public static JsonConfig of(Config config) {
    return (JsonConfig) config;
  }

  /** All settings of a config, also those that have no reader: to be read and not changed. */
  public static ObjectNode tree(Config config) {
    return of(config).settings;
  }

  /** All settings, to be read and not changed. */
  public ObjectNode settings() {
    return settings;
  }

  @Override
  public String where() {
    return where;
  }

  /** {@link Config#with}; the value may also be a {@link JsonNode}. */
  public Config changed(String key, @Nullable Object value) {
    var changed = settings.deepCopy();
    if (value == null) {
      changed.remove(key);
    } else {
      changed.set(key, node(value));
    }
    var config = new JsonConfig(changed, where);
    if (key.equals("num_labels") && value != null && config.has("id2label")) {
      int count = config.positive("num_labels", 2);
      if (changed.get("id2label").size() != count) {
        changed.remove(List.of("id2label", "label2id"));
      }
    }
    return config;
  }

  private static JsonNode node(Object value) {
    var nodes = JsonNodeFactory.instance;
    return switch (value) {
      case null -> nodes.nullNode();
      case JsonNode node -> node.deepCopy();
      case Integer number -> nodes.numberNode(number);
      case Long number -> nodes.numberNode(number);
      case Number number -> nodes.numberNode(number.doubleValue());
      case Boolean truth -> nodes.booleanNode(truth);
      case CharSequence text -> nodes.textNode(text.toString());
      case Map<?, ?> map -> {
        var object = nodes.objectNode();
        map.forEach((name, member) -> object.set(String.valueOf(name), node(member)));
        yield object;
      }
      case Iterable<?> list -> {
        var array = nodes.arrayNode();
        list.forEach(member -> array.add(node(member)));
        yield array;
      }
      default ->
          throw new IllegalArgumentException(
              "a " + value.getClass().getName() + " is no setting: " + value);
    };
  }

  private static String article(String nodeType) {
    return switch (nodeType) {
      case "ARRAY" -> "an array";
      case "NULL" -> "null";
      default -> "a " + nodeType.toLowerCase(Locale.ROOT);
    };
  }
}
