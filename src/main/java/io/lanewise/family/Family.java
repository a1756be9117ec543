package io.lanewise.family;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.family.stack.EncoderDecoder;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Pass;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.text.Excerpt;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The loaded model of one family: its layers, and how they are wired. {@link #NAMES} and {@link
 * #type} list the families.
 */
public interface Family {
  /** The values of {@code model_type} that {@link #type} knows. */
  List<String> NAMES =
      List.of(
          "albert",
          "bart",
          "bert",
          "camembert",
          "deberta",
          "deberta-v2",
          "distilbert",
          "electra",
          "longformer",
          "modernbert",
          "mpnet",
          "nezha",
          "new",
          "nomic_bert",
          "roberta",
          "roformer",
          "xlm-roberta",
          "xlm-roberta-xl");

  /**
   * The family of this name.
   *
   * @param config names the family in messages
   * @throws CheckpointException if the family is not known
   */
  static ModelType type(String name, Config config) {
    return switch (name) {
      case "albert" -> Albert.TYPE;
      case "bart" -> Bart.TYPE;
      case "bert" -> JinaBert.isIn(config) ? JinaBert.TYPE : Bert.TYPE;
      case "camembert" -> Roberta.CAMEMBERT;
      case "deberta" -> Deberta.TYPE;
      case "deberta-v2" -> DebertaV2.TYPE;
      case "distilbert" -> DistilBert.TYPE;
      case "electra" -> Electra.TYPE;
      case "longformer" -> Longformer.TYPE;
      case "modernbert" -> ModernBert.TYPE;
      case "mpnet" -> MpNet.TYPE;
      case "nezha" -> Nezha.TYPE;
      case "new" -> GteNew.TYPE;
      case "nomic_bert" -> NomicBert.TYPE;
      case "roberta" -> Roberta.TYPE;
      case "roformer" -> RoFormer.TYPE;
      case "xlm-roberta" -> Roberta.XLM_ROBERTA;
      case "xlm-roberta-xl" -> XlmRobertaXl.TYPE;
      default ->
          throw config.wrong(
              "model_type",
              Excerpt.of(name)
                  + " is no family that runs here; known are "
                  + String.join(", ", NAMES));
    };
  }

  /**
   * The {@code model_type} of a config that has none, as very old files: the family that the class
   * in {@code architectures} belongs to.
   *
   * @param prefix what the class name begins with, such as {@code XLMRoberta}
   */
  static String named(String prefix, Config config) {
    return NAMES.stream()
        .filter(name -> type(name, config).prefix().equals(prefix))
        .findFirst()
        .orElseGet(() -> prefix.toLowerCase(Locale.ROOT));
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

  /**
   * The inputs of a call that warms up, whose tokens have no meaning.
   *
   * @param ids {@code input_ids} alone
   * @return these, with what the family cannot do without
   */
  default Inputs forWarmUp(Inputs ids) {
    return ids;
  }

  /** How many labels a classification has whose config names none. */
  default int labelsUnlessNamed() {
    return 2;
  }

  /** The special tokens that the family's Hugging Face class has unless the config names others. */
  default DefaultTokenIds specialTokens() {
    return DefaultTokenIds.NONE;
  }

  /** What a cache must be like; null if this is no decoder. */
  default DecoderShape decoder() {
    return null;
  }

  /** The first half of an encoder-decoder. */
  default Output encode(Pass pass, Inputs inputs, Set<Keep> keep) {
    throw EncoderDecoder.notBoth();
  }

  /** The second half of an encoder-decoder; the cache as in {@link #forward}. */
  default Output decode(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    throw EncoderDecoder.notBoth();
  }
}
