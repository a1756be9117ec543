package io.lanewise.generate;

import io.lanewise.InputException;
import java.util.List;

/**
 * What a search holds to, worked out for one prompt.
 *
 * @param prompts [batch][prompt]
 * @param most the longest sequence, prompt included
 * @param rules for the next token, in their order
 */
record Plan(GenerationConfig config, int[][] prompts, int most, List<Constraint> rules) {
  /**
   * Works it out.
   *
   * @param longest tokens that the model can read
   * @throws InputException if the lengths cannot be
   */
  static Plan of(GenerationConfig config, int[][] prompts, int longest) {
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
    return new Plan(config, prompts, most, Constraint.of(config, prompt, most));
  }

  /** Tokens of a prompt. */
  int prompt() {
    return prompts[0].length;
  }

  boolean isEnd(int token) {
    return config.tokens().ends().contains(token);
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
  }

  private static void check(String key, List<Integer> ids, int vocabulary) {
    for (int id : ids) {
      if (id >= vocabulary) {
        throw new InputException(
            key + ": " + id + " is not from 0 to " + (vocabulary - 1) + ": vocab_size says so");
      }
    }
  }

  /** The scores of the next token as the rules leave them; {@code scores} is changed. */
  float[] ruled(int[] tokens, float[] scores) {
    for (var rule : rules) {
      rule.apply(tokens, scores);
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
