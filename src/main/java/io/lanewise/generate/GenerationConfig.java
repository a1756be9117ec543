package io.lanewise.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The settings of a {@code generation_config.json}, with types, bounds and Hugging Face's defaults
 * ({@code GenerationConfig} in generation/configuration_utils.py).
 *
 * <pre>{@code
 * try (var model = Model.load(Path.of("my-model"), Options.DEFAULT)) {
 *   var config = Generator.of(model).config();
 *   System.out.println(config.beams().count() + " beams, " + config.lengths().most() + " tokens");
 * }
 * }</pre>
 *
 * @param lengths how long sequences become
 * @param beams how many are followed at once, and which are returned
 * @param tokens ids with a meaning of their own
 * @param repetition what may not come again
 * @param sampling whether and how tokens are drawn
 * @param words what may not come, or is to come more often, and what ends a text
 * @param scores what becomes of the scores of a step before a token is chosen
 * @param keepsLogits {@code output_logits}: whether the scores of each step are returned
 */
public record GenerationConfig(
    Lengths lengths,
    Beams beams,
    Tokens tokens,
    Repetition repetition,
    Sampling sampling,
    Words words,
    Scores scores,
    boolean keepsLogits) {

  /**
   * Lengths in tokens; those with a prompt count it, or the start token of an encoder-decoder.
   *
   * @param most {@code max_length}, prompt included
   * @param mostNew {@code max_new_tokens}, which overrides {@code most}; 0 for none
   * @param least {@code min_length}, prompt included
   * @param leastNew {@code min_new_tokens}; both minima hold
   * @param seconds {@code max_time}: no step begins later than this after the encoder has read the
   *     inputs; infinite for no limit. There is always one new token
   * @param endGrowth makes the end more likely with the length
   */
  public record Lengths(
      int most, int mostNew, int least, int leastNew, double seconds, EndGrowth endGrowth) {
    static Lengths of(Config config) {
      return new Lengths(
          config.positive("max_length", 20),
          config.positive("max_new_tokens", 0),
          config.bounded("min_length", 0, 0, Config.LARGEST),
          config.bounded("min_new_tokens", 0, 0, Config.LARGEST),
          config.decimal("max_time", Double.POSITIVE_INFINITY),
          EndGrowth.of(config));
    }
  }

  /**
   * {@code exponential_decay_length_penalty}.
   *
   * @param start new tokens before it begins; {@link Config#LARGEST} for never
   * @param factor to the power of the number of tokens since then, less 1: the share of its own
   *     size by which the score of the end is raised
   */
  public record EndGrowth(int start, double factor) {
    /** No change of the end's score. */
    public static final EndGrowth NONE = new EndGrowth(Config.LARGEST, 1);

    static EndGrowth of(Config config) {
      var key = "exponential_decay_length_penalty";
      if (!config.has(key)) {
        return NONE;
      }
      var pair = JsonConfig.tree(config).get(key);
      if (!pair.isArray() || pair.size() != 2) {
        throw config.wrong(key, "a list of two is needed: after how many tokens, and the factor");
      }
      if (!config.has("eos_token_id")) {
        throw config.wrong(key, "there is no eos_token_id whose score could be raised: set it");
      }
      return new EndGrowth(
          config.with(key, pair.get(0)).bounded(key, 0, -Config.LARGEST, Config.LARGEST - 1),
          config.with(key, pair.get(1)).decimal(key, 1, 0, 1e6));
    }
  }

  /** When a beam search ends. */
  public enum EarlyStopping {
    /** {@code true}: as soon as there are as many ended sequences as beams. */
    TRUE,
    /** {@code false}: when no open sequence is expected to become better. */
    FALSE,
    /** {@code "never"}: when no open sequence can become better. */
    NEVER
  }

  /**
   * Beam search.
   *
   * @param count {@code num_beams}; 1 for no beam search
   * @param returned {@code num_return_sequences}; at most {@code count} unless a single sequence is
   *     sampled, which may be done any number of times
   * @param lengthPenalty {@code length_penalty}: a score is divided by the length to this power, so
   *     that more than 0 favours long sequences
   */
  public record Beams(int count, int returned, double lengthPenalty, EarlyStopping earlyStopping) {
    /** The most beams: each is a separate sequence in every step. */
    private static final int MOST = 1024;

    private static final int MOST_RETURNED = 1 << 16;

    static Beams of(Config config) {
      int count = config.positive("num_beams", 1, MOST);
      int returned = config.positive("num_return_sequences", 1, MOST_RETURNED);
      boolean drawn = count == 1 && config.bool("do_sample", false);
      if (returned > count && !drawn) {
        throw config.wrong(
            "num_return_sequences",
            returned
                + " sequences cannot come out of "
                + count
                + (count == 1 ? " beam" : " beams")
                + (count == 1 ? ": raise num_beams or set do_sample" : ": raise num_beams"));
      }
      double penalty = config.decimal("length_penalty", 1, -1e3, 1e3);
      return new Beams(count, returned, penalty, earlyStopping(config));
    }

    private static EarlyStopping earlyStopping(Config config) {
      var value = JsonConfig.tree(config).path("early_stopping");
      if (value.isTextual()) {
        var _ = config.choice("early_stopping", List.of("never"));
        return EarlyStopping.NEVER;
      }
      return config.bool("early_stopping", false) ? EarlyStopping.TRUE : EarlyStopping.FALSE;
    }
  }

  /**
   * Special tokens.
   *
   * @param start {@code decoder_start_token_id}, else {@code bos_token_id}: what the decoder of an
   *     encoder-decoder starts with; -1 for none
   * @param ends {@code eos_token_id}, one or several; empty if sequences end by their length alone
   * @param padding {@code pad_token_id}, else the first of the ends; -1 for none
   * @param forcedFirst {@code forced_bos_token_id}: what follows a single first token; -1 for none
   * @param forcedLast {@code forced_eos_token_id}: one of these fills the last place; empty for
   *     none
   */
  public record Tokens(
      int start, List<Integer> ends, int padding, int forcedFirst, List<Integer> forcedLast) {
    /** Whether this word is an end token. */
    boolean isEnd(List<Integer> word) {
      return word.size() == 1 && ends.contains(word.getFirst());
    }

    static Tokens of(Config config) {
      var ends = ids(config, "eos_token_id");
      int begin = id(config, "bos_token_id", -1);
      return new Tokens(
          id(config, "decoder_start_token_id", begin),
          ends,
          id(config, "pad_token_id", ends.isEmpty() ? -1 : ends.getFirst()),
          id(config, "forced_bos_token_id", -1),
          ids(config, "forced_eos_token_id"));
    }

    private static int id(Config config, String key, int absent) {
      return config.bounded(key, absent, 0, Config.LARGEST);
    }

    static List<Integer> ids(Config config, String key) {
      if (!config.has(key)) {
        return List.of();
      }
      if (!JsonConfig.tree(config).get(key).isArray()) {
        return List.of(id(config, key, -1));
      }
      return ids(config, key, JsonConfig.tree(config).get(key));
    }

    private static List<Integer> ids(Config config, String key, JsonNode list) {
      // One value is looked at at a time, in settings that hold nothing else.
      var empty = JsonConfig.of(JsonNodeFactory.instance.objectNode(), config.where());
      var ids = new ArrayList<Integer>();
      for (var each : list) {
        if (each.isNull()) {
          throw config.wrong(key, "null is no id: take it out");
        }
        ids.add(id(empty.with(key, each), key, -1));
      }
      return List.copyOf(ids);
    }
  }

  /**
   * Repetition.
   *
   * @param penalty {@code repetition_penalty}: more than 1 makes earlier tokens less likely
   * @param ngram {@code no_repeat_ngram_size}: no run of this number of tokens occurs twice; 0 for
   *     no limit
   * @param encoderPenalty {@code encoder_repetition_penalty}: more than 1 makes tokens of the
   *     encoder's text, or of the prompt, more likely
   * @param encoderNgram {@code encoder_no_repeat_ngram_size}: no run of this number of tokens of
   *     that text occurs again; 0 for no limit
   */
  public record Repetition(double penalty, int ngram, double encoderPenalty, int encoderNgram) {
    static Repetition of(Config config) {
      return new Repetition(
          config.decimal("repetition_penalty", 1, 1e-6, 1e6),
          config.bounded("no_repeat_ngram_size", 0, 0, Config.LARGEST),
          config.decimal("encoder_repetition_penalty", 1, 1e-6, 1e6),
          config.bounded("encoder_no_repeat_ngram_size", 0, 0, Config.LARGEST));
    }
  }

  /**
   * Scores of a step.
   *
   * @param finite {@code remove_invalid_values}: 0 for NaN, the largest float for infinite scores
   * @param normalised {@code renormalize_logits}: whether they are converted to log-probabilities
   *     again after all other rules
   */
  public record Scores(boolean finite, boolean normalised) {
    static Scores of(Config config) {
      return new Scores(
          config.bool("remove_invalid_values", false), config.bool("renormalize_logits", false));
    }
  }

  /**
   * An entry of {@code sequence_bias}.
   *
   * @param ids a run of tokens
   * @param value added to the score of the last token if the others precede it
   */
  public record Bias(List<Integer> ids, float value) {
    static List<Bias> of(Config config) {
      var key = "sequence_bias";
      if (!config.has(key)) {
        return List.of();
      }
      var found = JsonConfig.tree(config).get(key);
      if (!found.isArray() || found.isEmpty()) {
        throw config.wrong(key, "a list of [[ids], bias] is needed, such as [[[5, 7], -2.5]]");
      }
      var biases = new LinkedHashMap<List<Integer>, Float>();
      for (var pair : found) {
        if (pair.size() != 2 || !pair.get(0).isArray() || pair.get(0).isEmpty()) {
          throw config.wrong(key, "each entry is [[ids], bias], with at least one id");
        }
        var ids = Tokens.ids(config.with(key, pair.get(0)), key);
        biases.put(ids, (float) config.with(key, pair.get(1)).decimal(key, 0, -1e9, 1e9));
      }
      return biases.entrySet().stream()
          .map(entry -> new Bias(entry.getKey(), entry.getValue()))
          .toList();
    }
  }

  /**
   * Words.
   *
   * @param bad {@code bad_words_ids}: runs of tokens that are never completed
   * @param stop {@code stop_strings}: a sequence ends with the token that completes one of these in
   *     its text, prompt included
   * @param biases {@code sequence_bias}
   * @param suppressed {@code suppress_tokens}: excluded ids
   * @param suppressedFirst {@code begin_suppress_tokens}: ids excluded as the first token
   */
  public record Words(
      List<List<Integer>> bad,
      List<String> stop,
      List<Bias> biases,
      List<Integer> suppressed,
      List<Integer> suppressedFirst) {
    static Words of(Config config) {
      return new Words(
          bad(config),
          stop(config),
          Bias.of(config),
          suppressed(config, "suppress_tokens"),
          suppressed(config, "begin_suppress_tokens"));
    }

    /**
     * Files may have -1 for none; ids outside of the vocabulary are ignored, as in
     * SuppressTokensLogitsProcessor.
     */
    private static List<Integer> suppressed(Config config, String key) {
      var ids = new ArrayList<Integer>();
      if (config.has(key)) {
        if (!JsonConfig.tree(config).get(key).isArray()) {
          throw config.wrong(key, "a list of ids is needed");
        }
        for (var each : JsonConfig.tree(config).get(key)) {
          ids.add(config.with(key, each).integer(key, -1));
        }
      }
      return List.copyOf(ids);
    }

    private static List<List<Integer>> bad(Config config) {
      var key = "bad_words_ids";
      if (!config.has(key)) {
        return List.of();
      }
      var words = new ArrayList<List<Integer>>();
      for (var word : JsonConfig.tree(config).get(key)) {
        if (!word.isArray() || word.isEmpty()) {
          throw config.wrong(key, "a list of lists of ids is needed, none of them empty");
        }
        words.add(Tokens.ids(config, key, word));
      }
      if (words.isEmpty()) {
        throw config.wrong(key, "there are none: leave it out, or name some");
      }
      return List.copyOf(words);
    }

    private static List<String> stop(Config config) {
      var key = "stop_strings";
      var strings =
          config.has(key) && JsonConfig.tree(config).get(key).isTextual()
              ? List.of(config.text(key, ""))
              : config.texts(key);
      if (strings.contains("")) {
        throw config.wrong(key, "an empty text is everywhere: name what is to end the text");
      }
      return strings;
    }
  }

  /**
   * Reads the settings.
   *
   * @throws io.lanewise.CheckpointException if a value is invalid or not supported
   */
  public static GenerationConfig of(Config config) {
    GenerationKeys.checkSupported(config);
    var read =
        new GenerationConfig(
            Lengths.of(config),
            Beams.of(config),
            Tokens.of(config),
            Repetition.of(config),
            Sampling.of(config),
            Words.of(config),
            Scores.of(config),
            config.bool("output_logits", false));
    if (read.keepsLogits && read.beams.count > 1) {
      throw config.wrong("output_logits", "a beam search does not keep them: set num_beams to 1");
    }
    return read;
  }
}
