package io.lanewise.generate;

import io.lanewise.InputException;
import io.lanewise.generate.Generated.Ending;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a search, computed for one prompt.
 *
 * @param prompts [batch][prompt]
 * @param sources [batch][tokens] of {@code input_ids}; null if there are none
 * @param most the longest sequence, prompt included
 * @param rules for the next token, in their order
 * @param warpers of the distribution for sampling, in their order
 * @param stops stop strings; null for none
 * @param seed for sampling
 * @param begun start of the time limit, by {@link System#nanoTime}
 */
record Plan(
    GenerationConfig config,
    int[][] prompts,
    int[][] sources,
    int most,
    List<Constraint> rules,
    List<Warper> warpers,
    StopStrings stops,
    long seed,
    long begun) {
  /**
   * Computes the parameters.
   *
   * @param sources null if there are no {@code input_ids}
   * @param longest tokens that the model can read
   * @param stops null for none
   * @param seed for sampling
   * @throws InputException if the lengths are invalid, or a setting needs sources and there are
   *     none
   */
  static Plan of(
      GenerationConfig config,
      int[][] prompts,
      int[][] sources,
      int longest,
      StopStrings stops,
      long seed) {
    int prompt = prompts[0].length;
    int mostNew = config.lengths().mostNew();
    var key = mostNew > 0 ? "max_new_tokens" : "max_length";
    int most = mostNew > 0 ? Math.addExact(prompt, mostNew) : config.lengths().most();
    if (most <= prompt) {
      throw new InputException(
          key
              + ": "
              + most
              + " tokens are not more than the "
              + prompt
              + " to start with: raise it, or set max_new_tokens");
    }
    if (most - 1 > longest) { // the last token is never read
      throw new InputException(
          key
              + ": "
              + prompt
              + " tokens to start with and "
              + (most - prompt)
              + " more are too many: the model reads "
              + longest
              + " (max_position_embeddings)");
    }
    if (sources == null) {
      checkSourceless(config.repetition());
    }
    // If beams are sampled, at least one must be able to continue.
    boolean beams = config.beams().count() > 1;
    int least = beams ? Math.max(2, 1 + config.tokens().ends().size()) : 1;
    var warpers = config.sampling().warpers(least);
    var rules = Constraint.of(config, prompt, most);
    return new Plan(config, prompts, sources, most, rules, warpers, stops, seed, System.nanoTime());
  }

  private static void checkSourceless(GenerationConfig.Repetition repetition) {
    if (repetition.encoderPenalty() != 1 || repetition.encoderNgram() > 0) {
      throw new InputException(
          (repetition.encoderNgram() > 0
                  ? "encoder_no_repeat_ngram_size"
                  : "encoder_repetition_penalty")
              + ": it looks at the tokens of the encoder, and only states or embeddings were given:"
              + " give input_ids, or leave it out");
    }
  }

  /** A sequence of an input. */
  Written written(int input, int number, int[] tokens) {
    return new Written(sources == null ? null : sources[input], number, tokens);
  }

  /** Whether the score of a token can exceed the range of log-probabilities. */
  boolean raisesScores() {
    return rules.stream()
        .anyMatch(
            rule ->
                rule instanceof Constraint.EndGrowth || rule instanceof Constraint.SequenceBias);
  }

  /** Whether {@code max_time} is over. */
  boolean isLate() {
    return System.nanoTime() - begun > config.lengths().seconds() * 1e9;
  }

  /**
   * Whether the last position stays empty: the settings exclude all tokens there, for example if
   * the end is both forced and suppressed. The sequence is then one token shorter.
   */
  boolean leavesLastPlace(int[] tokens, float[] ruled) {
    return tokens.length == most - 1 && Probabilities.excludeAll(ruled);
  }

  /** Tokens of a prompt. */
  int prompt() {
    return prompts[0].length;
  }

  /** Why a sequence ends with its last token; null if it continues. */
  Ending ending(int[] tokens) {
    if (config.tokens().ends().contains(tokens[tokens.length - 1])) {
      return Ending.END_TOKEN;
    }
    return stops != null && stops.isReached(tokens) ? Ending.STOP_STRING : null;
  }

  /** Sampling for one sequence of an input; null without sampling. */
  Draw draw(int number) {
    return config.sampling().on() ? new Draw(seed, number) : null;
  }

  /**
   * Checks ids against the size of the vocabulary, which is known after the first step.
   *
   * @param vocabulary number of tokens with scores
   */
  void checkIds(int vocabulary) {
    var tokens = config.tokens();
    check("forced_bos_token_id", List.of(Math.max(0, tokens.forcedFirst())), vocabulary);
    check("forced_eos_token_id", tokens.forcedLast(), vocabulary);
    check("eos_token_id", tokens.ends(), vocabulary);
    config.words().bad().forEach(word -> check("bad_words_ids", word, vocabulary));
    config.words().biases().forEach(bias -> check("sequence_bias", bias.ids(), vocabulary));
  }

  private static void check(String key, List<Integer> ids, int vocabulary) {
    for (int id : ids) {
      if (id >= vocabulary) {
        throw new InputException(
            key + ": " + id + " is not from 0 to " + (vocabulary - 1) + ": vocab_size says so");
      }
    }
  }

  /**
   * The tokens that cannot follow, if the next one is the highest of the others.
   *
   * @param vocabulary number of tokens with scores
   * @return null if somebody reads other scores than the highest, or a rule changes some
   */
  int @Nullable [] excluded(Written written, int vocabulary) {
    if (config.keepsLogits()
        || config.sampling().on()
        || config.scores().normalised()
        || !warpers.isEmpty()) {
      return null;
    }
    var excluded = IntStream.builder();
    for (var rule : rules) {
      if (rule instanceof Constraint.Exclusion exclusion) {
        exclusion.exclude(written, vocabulary, excluded);
      } else if (!(rule instanceof Constraint.Forced forced) || forced.forces(written)) {
        return null;
      }
    }
    return excluded.build().toArray();
  }

  /** The scores of the next token after rules and warpers; {@code scores} is changed. */
  float[] ruled(Written written, float[] scores) {
    for (var rule : rules) {
      rule.apply(written, scores);
    }
    for (var warper : warpers) {
      warper.apply(scores);
    }
    return config.scores().normalised() ? Probabilities.logSoftmax(scores) : scores;
  }

  /** The error if all tokens are excluded. */
  static InputException nothingFollows(int[] tokens) {
    return new InputException(
        "no token can follow after "
            + tokens.length
            + ": the settings of generation exclude all of them, or the model's scores are NaN");
  }
}
