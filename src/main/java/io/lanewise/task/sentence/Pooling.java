package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.task.PoolingMode;
import io.lanewise.task.text.TextModel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One vector of the vectors of a text's tokens, as sentence-transformers makes it.
 *
 * @param modes whose results stand one behind the other
 * @param includePrompt whether the tokens of the prompt count
 */
public record Pooling(List<PoolingMode> modes, boolean includePrompt) {
  private static final String KEY = "pooling_mode";

  static final Pooling MEAN = new Pooling(List.of(PoolingMode.MEAN), true);

  /**
   * What the config.json of a Pooling module says: {@code pooling_mode}, one mode by its name or a
   * list of them in the order of their vectors, which may name one twice; else a switch for each
   * mode, in the order of the enum, and the mean where all are off ({@code
   * _convert_legacy_pooling_kwargs} of sentence-transformers).
   */
  static Pooling of(Config config) {
    boolean includePrompt = config.bool("include_prompt", true);
    var modes = config.has(KEY) ? named(config) : switched(config);
    if (modes.isEmpty()) {
      throw config.wrong(KEY, "none that is known is chosen; known are " + names());
    }
    return new Pooling(List.copyOf(modes), includePrompt);
  }

  private static List<PoolingMode> named(Config config) {
    var names =
        JsonConfig.tree(config).get(KEY).isArray()
            ? config.texts(KEY)
            : List.of(config.text(KEY, ""));
    return names.stream().map(name -> mode(config, name)).toList();
  }

  private static PoolingMode mode(Config config, String name) {
    return Arrays.stream(PoolingMode.values())
        .filter(mode -> mode.title().equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                config.wrong(KEY, TextModel.excerpt(name) + " is not known; known are " + names()));
  }

  private static List<PoolingMode> switched(Config config) {
    var on =
        Arrays.stream(PoolingMode.values()).filter(mode -> config.bool(mode.key(), false)).toList();
    return on.isEmpty() ? MEAN.modes : on;
  }

  private static List<String> names() {
    return Arrays.stream(PoolingMode.values()).map(mode -> mode.title()).toList();
  }

  /** The size of the result for vectors of this size. */
  public int size(int hidden) {
    return modes.size() * hidden;
  }

  /**
   * The position of the only token whose state is read.
   *
   * @param tokens of the text
   * @param prompt tokens of the prompt at its beginning; 0 for none
   * @return −1 if several are
   */
  public int onlyToken(int tokens, int prompt) {
    if (modes.size() > 1) {
      return -1;
    }
    return switch (modes.getFirst()) {
      case CLS -> first(tokens, prompt);
      case LAST -> tokens - 1;
      default -> -1;
    };
  }

  /** The first token that counts; the text's first where none does. */
  private int first(int tokens, int prompt) {
    return includePrompt || prompt >= tokens ? 0 : prompt;
  }

  /**
   * The vector of a text.
   *
   * @param states [tokens * hidden] of the model's last layer
   * @param tokens of the text, padding not counted
   * @param prompt tokens of the prompt at its beginning, {@code [CLS]} counted; 0 for none
   */
  public float[] apply(float[] states, int tokens, int hidden, int prompt) {
    int from = includePrompt ? 0 : Math.min(prompt, tokens);
    var pooled = new float[size(hidden)];
    for (int i = 0; i < modes.size(); i++) {
      pool(modes.get(i), states, from, tokens, hidden, pooled, i * hidden);
    }
    return pooled;
  }

  private static void pool(
      PoolingMode mode, float[] states, int from, int tokens, int hidden, float[] y, int at) {
    switch (mode) {
      case CLS -> System.arraycopy(states, (from < tokens ? from : 0) * hidden, y, at, hidden);
      case LAST -> {
        if (from < tokens) {
          System.arraycopy(states, (tokens - 1) * hidden, y, at, hidden);
        }
      }
      case MAX -> largest(states, from, tokens, hidden, y, at);
      case MEAN, MEAN_SQRT, WEIGHTED_MEAN -> mean(mode, states, from, tokens, hidden, y, at);
    }
  }

  private static void largest(float[] states, int from, int tokens, int hidden, float[] y, int at) {
    Arrays.fill(y, at, at + hidden, -1e9f);
    for (int token = from; token < tokens; token++) {
      for (int column = 0; column < hidden; column++) {
        y[at + column] = Math.max(y[at + column], states[token * hidden + column]);
      }
    }
  }

  private static void mean(
      PoolingMode mode, float[] states, int from, int tokens, int hidden, float[] y, int at) {
    var sums = new double[hidden];
    double weights = 0;
    for (int token = from; token < tokens; token++) {
      double weight = mode == PoolingMode.WEIGHTED_MEAN ? token + 1 : 1;
      weights += weight;
      for (int column = 0; column < hidden; column++) {
        sums[column] += weight * states[token * hidden + column];
      }
    }
    double least = Math.max(weights, 1e-9);
    double divisor = mode == PoolingMode.MEAN_SQRT ? Math.sqrt(least) : least;
    for (int column = 0; column < hidden; column++) {
      y[at + column] = (float) (sums[column] / divisor);
    }
  }
}
