package io.lanewise.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.format.FileExcerpt;
import io.lanewise.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@code config.json}, read with their types and bounds.
 *
 * <p>Every reader takes the class default of the family, because {@code save_pretrained} leaves out
 * what equals it; a {@code null} in the file counts as absent. A value of the wrong type or out of
 * bounds is a {@link CheckpointException} that names the file, the key and the value. Immutable.
 */
public final class Config {
  /**
   * The largest size or count that is believed, 2²⁴: the product of two of them fits a {@code long}
   * with room to spare.
   */
  public static final int LARGEST = 1 << 24;

  private final ObjectNode tree;
  private final String where;

  private Config(ObjectNode tree, String where) {
    this.tree = tree;
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
    return new Config(object.deepCopy(), where);
  }

  /** The settings in this tree, read from this file. */
  public static Config of(JsonNode tree, Path where) {
    return of(tree, where.toString());
  }

  /** The settings in this file. */
  public static Config read(Path file) {
    return of(Json.read(file), file);
  }

  /** What messages call the file. */
  public String where() {
    return where;
  }

  /** All settings, also those that have no reader here; a copy. */
  public JsonNode tree() {
    return tree.deepCopy();
  }

  /** Whether the key is there and not {@code null}. */
  public boolean has(String key) {
    return tree.hasNonNull(key);
  }

  /** A size or a count, from 1 to {@link #LARGEST}. */
  public int positive(String key, int fallback) {
    return positive(key, fallback, LARGEST);
  }

  /** A size or a count, from 1 to {@code largest}. */
  public int positive(String key, int fallback, int largest) {
    return bounded(key, fallback, 1, largest);
  }

  /** An integer that may be negative, such as a token id, within ± {@link #LARGEST}. */
  public int integer(String key, int fallback) {
    return bounded(key, fallback, -LARGEST, LARGEST);
  }

  /** An integer from {@code least} to {@code largest}. */
  public int bounded(String key, int fallback, int least, int largest) {
    return has(key) ? bounded(key, tree.get(key), least, largest) : fallback;
  }

  /**
   * Sizes or counts, each from 1 to {@link #LARGEST}: a list, or one number that stands for {@code
   * count} equal ones, as Longformer's {@code attention_window}.
   */
  public List<Integer> positives(String key, int fallback, int count) {
    if (has(key) && tree.get(key).isArray()) {
      var values = new ArrayList<Integer>();
      for (var value : tree.get(key)) {
        values.add(bounded(key, value, 1, LARGEST));
      }
      if (values.size() != count) {
        throw wrong(key, "it has " + values.size() + " entries, " + count + " are needed");
      }
      return List.copyOf(values);
    }
    return java.util.Collections.nCopies(count, positive(key, fallback));
  }

  private int bounded(String key, JsonNode value, int least, int largest) {
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < least
        || value.longValue() > largest) {
      throw wrong(key, value, "an integer from " + least + " to " + largest);
    }
    return value.intValue();
  }

  /** A finite number. */
  public double decimal(String key, double fallback) {
    if (!has(key)) {
      return fallback;
    }
    var value = tree.get(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, value, "a finite number");
    }
    return value.doubleValue();
  }

  /** A number from {@code least} to {@code largest}, such as a dropout rate. */
  public double decimal(String key, double fallback, double least, double largest) {
    double value = decimal(key, fallback);
    if (has(key) && (value < least || value > largest)) {
      throw wrong(key, tree.get(key), "a number from " + least + " to " + largest);
    }
    return value;
  }

  /** True or false. */
  public boolean bool(String key, boolean fallback) {
    if (!has(key)) {
      return fallback;
    }
    if (!tree.get(key).isBoolean()) {
      throw wrong(key, tree.get(key), "true or false");
    }
    return tree.get(key).booleanValue();
  }

  /** A text; the fallback may be null. */
  public @Nullable String text(String key, @Nullable String fallback) {
    if (!has(key)) {
      return fallback;
    }
    if (!tree.get(key).isTextual()) {
      throw wrong(key, tree.get(key), "a text");
    }
    return tree.get(key).textValue();
  }

  /** One of these texts; the fallback may be null. */
  public @Nullable String choice(String key, @Nullable String fallback, List<String> allowed) {
    var value = text(key, fallback);
    if (has(key) && !allowed.contains(value)) {
      throw wrong(key, tree.get(key), "one of " + String.join(", ", allowed));
    }
    return value;
  }

  /** A list of texts, empty where the key is absent. */
  public List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    var values = new ArrayList<String>();
    for (var value : tree.get(key)) {
      if (value.isTextual()) {
        values.add(value.textValue());
      }
    }
    if (!tree.get(key).isArray() || values.size() != tree.get(key).size()) {
      throw wrong(key, tree.get(key), "a list of texts");
    }
    return List.copyOf(values);
  }

  /**
   * The standard deviation of weights that are made: {@code initializer_range}, which BART calls
   * {@code init_std}; 0.02 where the file has neither.
   */
  public double initializerRange() {
    return decimal("initializer_range", decimal("init_std", 0.02, 0, 1e3), 0, 1e3);
  }

  /** The labels of a classification head, two where the file names none. */
  public List<String> labels() {
    return labels(2);
  }

  /**
   * The labels of a classification head in the order of its outputs: {@code id2label}, as Hugging
   * Face's {@code PretrainedConfig} counts them, else {@code num_labels} or {@code absent} generic
   * ones.
   */
  public List<String> labels(int absent) {
    return Labels.of(this, absent);
  }

  /**
   * How many {@link #labels} there are. They are not made: a file can ask for many that its weights
   * do not have.
   */
  public int labelCount(int absent) {
    return Labels.count(this, absent);
  }

  /**
   * What a classification head's outputs mean, if the file says so: {@code regression}, {@code
   * single_label_classification} or {@code multi_label_classification}.
   */
  public Optional<String> problemType() {
    return Optional.ofNullable(
        choice(
            "problem_type",
            null,
            List.of("regression", "single_label_classification", "multi_label_classification")));
  }

  /**
   * The same settings with one changed; a {@code null} removes it.
   *
   * <p>As in Hugging Face, a {@code num_labels} that differs from the number of labels in the file
   * replaces them by generic ones.
   *
   * @param value a {@link JsonNode}, {@link Number}, {@link Boolean}, {@link String}, {@link
   *     java.util.Map} or {@link Iterable} of those, or null
   */
  public Config with(String key, @Nullable Object value) {
    var changed = tree.deepCopy();
    if (value == null) {
      changed.remove(key);
    } else {
      changed.set(key, node(value));
    }
    var config = new Config(changed, where);
    if (key.equals("num_labels") && value != null && config.has("id2label")) {
      int count = config.positive("num_labels", 2);
      if (config.tree.get("id2label").size() != count) {
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
      case java.util.Map<?, ?> map -> {
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

  /** The value of a key that is there, as a message shows it: JSON, shortened. */
  public String shown(String key) {
    return FileExcerpt.of(tree.get(key));
  }

  /** The value of a key that is there. */
  JsonNode get(String key) {
    return tree.get(key);
  }

  CheckpointException wrong(String key, JsonNode value, String wanted) {
    return wrong(key, FileExcerpt.of(value) + " was found, " + wanted + " is needed");
  }

  /** For a family: a setting that has the right type and still cannot be. */
  public CheckpointException wrong(String key, String why) {
    return new CheckpointException(where + ": " + key + ": " + why);
  }

  private static String article(String nodeType) {
    return switch (nodeType) {
      case "ARRAY" -> "an array";
      case "NULL" -> "null";
      default -> "a " + nodeType.toLowerCase(Locale.ROOT);
    };
  }

  @Override
  public String toString() {
    return where + " " + tree;
  }
}
