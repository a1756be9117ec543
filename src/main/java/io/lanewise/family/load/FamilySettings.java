package io.lanewise.family.load;

import io.lanewise.CheckpointException;
import io.lanewise.Remedy;
import io.lanewise.checkpoint.Config;
import io.lanewise.kernel.Activation;
import io.lanewise.model.Head;
import io.lanewise.nn.PositionType;
import io.lanewise.text.Excerpt;
import java.util.List;

/** Settings that several families read alike. */
public final class FamilySettings {
  /**
   * Layers that share their weights are not bounded by the size of the file, so they are bounded
   * here.
   */
  public static final int MOST_LAYERS = 4096;

  private FamilySettings() {}

  /** {@code hidden_act}. */
  public static Activation activation(Config config, String fallback) {
    return activation(config, "hidden_act", fallback);
  }

  /** An activation under another key. */
  public static Activation activation(Config config, String key, String fallback) {
    var name = config.text(key, fallback);
    return Activation.named(name)
        .orElseThrow(() -> config.wrong(key, "there is no activation " + name + " here"));
  }

  /** {@code position_embedding_type}. */
  public static PositionType positionType(Config config) {
    var key = "position_embedding_type";
    if (OldNames.isNull(config, key)) {
      throw config.wrong(
          key, "it is null, which means no positions at all in Hugging Face: say absolute");
    }
    var name = config.text(key, "absolute");
    return switch (name) {
      case "absolute" -> PositionType.ABSOLUTE;
      case "relative_key" -> PositionType.RELATIVE_KEY;
      case "relative_key_query" -> PositionType.RELATIVE_KEY_QUERY;
      default ->
          throw config.wrong(
              key,
              Excerpt.of(name)
                  + " is unknown: absolute, relative_key, relative_key_query are known");
    };
  }

  /**
   * Checks what the config says of the weights' type, {@code torch_dtype} before transformers 5 and
   * {@code dtype} since. The weights themselves say it too, and they are what counts.
   */
  public static void checkDtype(Config config) {
    for (var key : List.of("dtype", "torch_dtype")) {
      var name = config.text(key, "float32");
      var known = List.of("float32", "float16", "bfloat16", "float64", "auto");
      if (!known.contains(name.startsWith("torch.") ? name.substring(6) : name)) {
        throw config.wrong(
            key, Excerpt.of(name) + " is unknown: " + String.join(", ", known) + " are known");
      }
    }
  }

  /** Checks that the hidden size falls into equal heads. */
  public static void checkHeads(Config config, int hidden, int heads) {
    if (hidden % heads != 0) {
      throw config.wrong(
          "num_attention_heads", heads + " heads do not divide hidden_size " + hidden);
    }
  }

  /** The probability that something is dropped in training, from 0 to 1. */
  public static double rate(Config config, String key, double absent) {
    return config.decimal(key, absent, 0, 1);
  }

  /** For a family: a head that it does not have. */
  public static CheckpointException noHead(String family, Head head) {
    return new CheckpointException(
        family + " has no head " + head.suffix() + ": ask for another", Remedy.HEAD);
  }
}
