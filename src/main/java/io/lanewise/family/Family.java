package io.lanewise.family;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Pass;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.text.Excerpt;
import java.util.List;
import java.util.Set;

/** The loaded model of one family: its layers, and how they are wired. */
public sealed interface Family permits Albert, Bart, Bert, Longformer, Nezha, Roberta {
  /** The values of {@code model_type} that {@link #load} understands. */
  List<String> NAMES =
      List.of(
          "albert", "bart", "bert", "camembert", "longformer", "nezha", "roberta", "xlm-roberta");

  /** The family of this name, with this head. */
  static Family load(String name, Head head, LayerSource from) {
    return switch (name) {
      case "albert" -> Albert.load(from, head);
      case "bart" -> Bart.load(from, head);
      case "bert" -> Bert.load(from, head);
      case "longformer" -> Longformer.load(from, head);
      case "nezha" -> Nezha.load(from, head);
      case "roberta", "camembert", "xlm-roberta" -> Roberta.load(from, head);
      default -> throw unknown(name, from.config());
    };
  }

  /**
   * Refuses what {@link #load} would refuse for its name or its head, before there are weights.
   *
   * @throws io.lanewise.CheckpointException if the family is not known, or has no such head
   */
  static void check(String name, Head head, Config config) {
    if (!NAMES.contains(name)) {
      throw unknown(name, config);
    }
    boolean known =
        switch (head) {
          case CONDITIONAL_GENERATION -> name.equals("bart");
          case CAUSAL_LM -> !List.of("albert", "longformer", "nezha").contains(name);
          case NEXT_SENTENCE_PREDICTION -> List.of("bert", "nezha").contains(name);
          case PRE_TRAINING -> List.of("albert", "bert", "nezha").contains(name);
          case MASKED_LM, MULTIPLE_CHOICE, TOKEN_CLASSIFICATION -> !name.equals("bart");
          case MODEL, SEQUENCE_CLASSIFICATION, QUESTION_ANSWERING -> true;
        };
    if (!known) {
      throw FamilySettings.noHead(name, head);
    }
  }

  private static CheckpointException unknown(String name, Config config) {
    return config.wrong(
        "model_type",
        Excerpt.of(name) + " is no family that runs here; known are " + String.join(", ", NAMES));
  }

  /**
   * Checks the inputs, runs the layers, and makes the head's result.
   *
   * @param cache fits {@link #decoder}; room is made in it and filled, the caller commits; null for
   *     none, and always null if this is no decoder
   */
  Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep);

  /** How many numbers the state of a token has. */
  int hiddenSize();

  /** The longest sequence that the family's positions allow, special tokens counted. */
  int longest();

  /**
   * How much a forward pass of training drops.
   *
   * @param config that the family was loaded with
   */
  Dropout.Rates dropout(Config config);

  /**
   * For each sequence the positions of the tokens that see all and are seen by all, ascending; no
   * sequences where attention is not windowed, so that all tokens do.
   */
  default int[][] globalTokens(Inputs inputs) {
    return new int[0][];
  }

  /** How many labels a classification has whose config names none. */
  default int labelsUnlessNamed() {
    return 2;
  }

  /** The special tokens that the family's Hugging Face class has unless the config names others. */
  default ModelTokenIds specialTokens() {
    return ModelTokenIds.NONE;
  }

  /** What a cache must be like; null if this is no decoder. */
  default DecoderShape decoder() {
    return null;
  }

  /** The first half of an encoder-decoder. */
  default Output encode(Pass pass, Inputs inputs, Set<Keep> keep) {
    throw notTwoHalves();
  }

  /** The second half of an encoder-decoder; the cache as in {@link #forward}. */
  default Output decode(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    throw notTwoHalves();
  }

  private static InputException notTwoHalves() {
    return new InputException(
        "encode and decode: only a model of an encoder and a decoder has them: use forward");
  }
}
