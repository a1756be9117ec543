package io.lanewise.generate;

import io.lanewise.InputException;
import java.util.List;

/**
 * What a search holds to, worked out for one prompt.
 *
 * @param prompts [batch][prompt]
 * @param most the longest sequence, prompt included
 * @param rules for the next token, in their order
 * @param warpers of the distribution that it is drawn from, in their order
 * @param stops what ends a text; null for nothing
 * @param seed of what is drawn
 */
record Plan(
    GenerationConfig config,
    int[][] prompts,
    int most,
    List<Constraint> rules,
    List<Warper> warpers,
    StopStrings stops,
    long seed) {
  /**
   * Works it out.
   *
   * @param longest tokens that the model can read
   * @param stops null for none
   * @param seed of what is drawn
   * @throws InputException if the lengths cannot be
   */
  static Plan of(
      GenerationConfig config, int[][] prompts, int longest, StopStrings stops, long seed) {
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
    // Where beams are drawn, one of them at least must be able to go on.
    boolean beams = config.beams().count() > 1;
    int least = beams ? Math.max(2, 1 + config.tokens().ends().size()) : 1;
    var warpers = config.sampling().warpers(least);
    return new Plan(
        config, prompts, most, Constraint.of(config, prompt, most), warpers, stops, seed);
  }

  /** Tokens of a prompt. */
  int prompt() {
    return prompts[0].length;
  }

  /** Why a sequence ends with its last token; null if it goes on. */
  Ending ending(int[] tokens) {
    if (config.tokens().ends().contains(tokens[tokens.length - 1])) {
      return Ending.END_TOKEN;
    }
    return stops != null && stops.isReached(tokens) ? Ending.STOP_STRING : null;
  }

  /** Draws for one sequence of an input; null if nothing is drawn. */
  Draw draw(int number) {
    return config.sampling().on() ? new Draw(seed, number) : null;
  }

  /**
   * Checks what can only be known when the model has spoken.
   *
   * @param vocabulary how many tokens have scores
   */
  void checkIds(int vocabulary) {
    var tokens = config.tokens();
    check("forced_bos_token_id", List.of(Math.max(0, tokens.forcedFirst())), vocabulary);
    check("forced_eos_token_id", tokens.forcedLast(), vocabulary);
    check("eos_token_id", tokens.ends(), vocabulary);
    config.words().bad().forEach(word -> check("bad_words_ids", word, vocabulary));
  }

  private static void check(String key, List<Integer> ids, int vocabulary) {
    for (int id : ids) {
      if (id >= vocabulary) {
        throw new InputException(
            key + ": " + id + " is not from 0 to " + (vocabulary - 1) + ": vocab_size says so");
      }
    }
  }

  /** The scores of the next token as rules and warpers leave them; {@code scores} is changed. */
  float[] ruled(int[] tokens, float[] scores) {
    for (var rule : rules) {
      rule.apply(tokens, scores);
    }
    for (var warper : warpers) {
      warper.apply(scores);
    }
    return scores;
  }

  /** The error where no token has a score. */
  static InputException nothingFollows(int[] tokens) {
    return new InputException(
        "no token can follow after "
            + tokens.length
            + ": the settings of generation exclude all of them, or the model's scores are NaN");
  }
}
