package io.lanewise.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.checkpoint.Config;
import java.util.ArrayList;
import java.util.List;

/**
 * How to generate: the settings of a {@code generation_config.json}, read with their types, bounds
 * and Hugging Face's defaults.
 *
 * @param lengths how long sequences become
 * @param beams how many are followed at once, and which are returned
 * @param tokens ids with a meaning of their own
 * @param repetition what may not come again
 * @param sampling whether and how tokens are drawn
 * @param words what may not come, and what ends a text
 * @param keepsLogits {@code output_logits}: whether the scores of each step are returned
 */
public record GenerationConfig(
    Lengths lengths,
    Beams beams,
    Tokens tokens,
    Repetition repetition,
    Sampling sampling,
    Words words,
    boolean keepsLogits) {

  /**
   * Lengths in tokens; those with a prompt count it, or the start token of an encoder-decoder.
   *
   * @param most {@code max_length}, prompt included
   * @param mostNew {@code max_new_tokens}, which wins over {@code most}; 0 for none
   * @param least {@code min_length}, prompt included
   * @param leastNew {@code min_new_tokens}; both minima hold
   */
  public record Lengths(int most, int mostNew, int least, int leastNew) {
    static Lengths of(Config config) {
      return new Lengths(
          config.positive("max_length", 20),
          config.positive("max_new_tokens", 0),
          config.bounded("min_length", 0, 0, Config.LARGEST),
          config.bounded("min_new_tokens", 0, 0, Config.LARGEST));
    }
  }

  /** When a beam search is content with the sequences that have ended. */
  public enum EarlyStopping {
    /** {@code true}: as soon as there are as many as beams. */
    TRUE,
    /** {@code false}: when none of the open ones looks likely to become better. */
    FALSE,
    /** {@code "never"}: when none of the open ones can become better. */
    NEVER
  }

  /**
   * Beam search.
   *
   * @param count {@code num_beams}; 1 for one sequence by itself
   * @param returned {@code num_return_sequences}; at most {@code count} unless a single sequence is
   *     sampled, which may be done any number of times
   * @param lengthPenalty {@code length_penalty}: a score is divided by the length to this power, so
   *     that more than 0 favours long sequences
   */
  public record Beams(int count, int returned, double lengthPenalty, EarlyStopping earlyStopping) {
    /** Each is a sequence of its own in every step, and keeps what others had in common with it. */
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
      var value = config.tree().path("early_stopping");
      if (value.isTextual()) {
        config.choice("early_stopping", null, List.of("never"));
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
      if (!config.tree().get(key).isArray()) {
        return List.of(id(config, key, -1));
      }
      return ids(config, key, config.tree().get(key));
    }

    private static List<Integer> ids(Config config, String key, JsonNode list) {
      // One value is looked at at a time, in settings that hold nothing else.
      var empty = Config.of(JsonNodeFactory.instance.objectNode(), config.where());
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
   * @param penalty {@code repetition_penalty}: more than 1 makes tokens that were there less likely
   * @param ngram {@code no_repeat_ngram_size}: no run of so many tokens comes twice; 0 for no limit
   */
  public record Repetition(double penalty, int ngram) {
    static Repetition of(Config config) {
      return new Repetition(
          config.decimal("repetition_penalty", 1, 1e-6, 1e6),
          config.bounded("no_repeat_ngram_size", 0, 0, Config.LARGEST));
    }
  }

  /**
   * Words.
   *
   * @param bad {@code bad_words_ids}: runs of tokens that are never completed
   * @param stop {@code stop_strings}: a sequence ends with the token that completes one of these in
   *     its text, prompt included
   */
  public record Words(List<List<Integer>> bad, List<String> stop) {
    static Words of(Config config) {
      return new Words(bad(config), stop(config));
    }

    private static List<List<Integer>> bad(Config config) {
      var key = "bad_words_ids";
      if (!config.has(key)) {
        return List.of();
      }
      var words = new ArrayList<List<Integer>>();
      for (var word : config.tree().get(key)) {
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
          config.has(key) && config.tree().get(key).isTextual()
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
   * @throws io.lanewise.CheckpointException if a value cannot be, or asks for what is not built
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
            config.bool("output_logits", false));
    if (read.keepsLogits && read.beams.count > 1) {
      throw config.wrong("output_logits", "a beam search does not keep them: set num_beams to 1");
    }
    return read;
  }
}
