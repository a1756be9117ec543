package io.lanewise.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.checkpoint.format.FileExcerpt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a {@code config.json}, read with their types and bounds.
 *
 * <pre>{@code
 * var config = Config.read(folder.resolve("config.json"));
 * int layers = config.positive("num_hidden_layers", 12);
 * String activation = config.text("hidden_act", "gelu");
 * var small = Config.of(Map.of("model_type", "bert", "num_hidden_layers", 2));
 * }</pre>
 *
 * <p>Every reader takes the class default of the family, because {@code save_pretrained} leaves out
 * what equals it; a {@code null} in the file counts as absent. A value of the wrong type or out of
 * bounds is a {@link CheckpointException} that names the file, the key and the value. Immutable.
 */
public abstract sealed class Config permits JsonConfig {
  /**
   * The largest size or count that is believed, 2²⁴: the product of two of them fits a {@code long}
   * with room to spare.
   */
  public static final int LARGEST = 1 << 24;

  /** Nobody else can extend it. */
  protected Config() {}

  /**
   * Settings that a program holds, such as those of a model with random weights.
   *
   * @param settings by their keys; values as {@link #with} takes them
   * @throws IllegalArgumentException if a value cannot be a setting
   */
  public static Config of(Map<String, ?> settings) {
    return JsonConfig.of(settings);
  }

  /**
   * The settings in this file.
   *
   * @throws CheckpointException if it cannot be read, or holds no JSON object
   */
  public static Config read(Path file) {
    return JsonConfig.read(file);
  }

  /** What messages call the file. */
  public abstract String where();

  private ObjectNode tree() {
    return JsonConfig.of(this).settings();
  }

  /** All settings as JSON, also those that have no reader here. */
  public String json() {
    return tree().toString();
  }

  /** Whether the key is there and not {@code null}. */
  public boolean has(String key) {
    return tree().hasNonNull(key);
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
    return has(key) ? bounded(key, tree().get(key), least, largest) : fallback;
  }

  /**
   * Sizes or counts, each from 1 to {@link #LARGEST}: a list, or one number that stands for {@code
   * count} equal ones, as Longformer's {@code attention_window}.
   */
  public List<Integer> positives(String key, int fallback, int count) {
    if (has(key) && tree().get(key).isArray()) {
      var values = new ArrayList<Integer>();
      for (var value : tree().get(key)) {
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
    var value = tree().get(key);
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw wrong(key, value, "a finite number");
    }
    return value.doubleValue();
  }

  /** A number from {@code least} to {@code largest}, such as a dropout rate. */
  public double decimal(String key, double fallback, double least, double largest) {
    double value = decimal(key, fallback);
    if (has(key) && (value < least || value > largest)) {
      throw wrong(key, tree().get(key), "a number from " + least + " to " + largest);
    }
    return value;
  }

  /** True or false. */
  public boolean bool(String key, boolean fallback) {
    if (!has(key)) {
      return fallback;
    }
    if (!tree().get(key).isBoolean()) {
      throw wrong(key, tree().get(key), "true or false");
    }
    return tree().get(key).booleanValue();
  }

  /** A text; empty where the key is absent. */
  public Optional<String> text(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    if (!tree().get(key).isTextual()) {
      throw wrong(key, tree().get(key), "a text");
    }
    return Optional.of(tree().get(key).textValue());
  }

  /** A text. */
  public String text(String key, String fallback) {
    return text(key).orElse(fallback);
  }

  /** One of these texts; empty where the key is absent. */
  public Optional<String> choice(String key, List<String> allowed) {
    var value = text(key);
    if (value.isPresent() && !allowed.contains(value.get())) {
      throw wrong(key, tree().get(key), "one of " + String.join(", ", allowed));
    }
    return value;
  }

  /** One of these texts. */
  public String choice(String key, String fallback, List<String> allowed) {
    return choice(key, allowed).orElse(fallback);
  }

  /** A list of texts, empty where the key is absent. */
  public List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    var values = new ArrayList<String>();
    for (var value : tree().get(key)) {
      if (value.isTextual()) {
        values.add(value.textValue());
      }
    }
    if (!tree().get(key).isArray() || values.size() != tree().get(key).size()) {
      throw wrong(key, tree().get(key), "a list of texts");
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
    return choice(
        "problem_type",
        List.of("regression", "single_label_classification", "multi_label_classification"));
  }

  /**
   * The same settings with one changed; a {@code null} removes it.
   *
   * <p>As in Hugging Face, a {@code num_labels} that differs from the number of labels in the file
   * replaces them by generic ones.
   *
   * @param value a {@link Number}, {@link Boolean}, {@link String}, {@link Map} or {@link Iterable}
   *     of those, or null
   */
  public Config with(String key, @Nullable Object value) {
    return JsonConfig.of(this).changed(key, value);
  }

  /** The value of a key that is there, as a message shows it: JSON, shortened. */
  public String shown(String key) {
    return FileExcerpt.of(tree().get(key));
  }

  /** The value of a key that is there. */
  JsonNode get(String key) {
    return tree().get(key);
  }

  CheckpointException wrong(String key, JsonNode value, String wanted) {
    return wrong(key, FileExcerpt.of(value) + " was found, " + wanted + " is needed");
  }

  /** For a family: a setting that has the right type and still cannot be. */
  public CheckpointException wrong(String key, String why) {
    return new CheckpointException(where() + ": " + key + ": " + why);
  }

  @Override
  public String toString() {
    return where() + " " + json();
  }
}
