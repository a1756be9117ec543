package io.lanewise.generate;

import io.lanewise.checkpoint.Config;
import io.lanewise.generate.GenerationConfig.Bias;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * A rule for the next token: it changes the scores of the vocabulary according to the tokens so far
 * (the {@code LogitsProcessor}s in generation/logits_process.py of Hugging Face's transformers).
 * The result depends only on these tokens and scores, not on other rows of the batch.
 */
sealed interface Constraint {
  float EXCLUDED = Float.NEGATIVE_INFINITY;

  /**
   * Applies the rule.
   *
   * @param scores [vocabulary], changed in place
   */
  void apply(Written written, float[] scores);

  /** A rule that excludes tokens and leaves the scores of the others as they are. */
  sealed interface Exclusion extends Constraint {
    /**
     * Names the excluded tokens, perhaps twice.
     *
     * @param vocabulary number of tokens with scores
     */
    void exclude(Written written, int vocabulary, IntConsumer excluded);

    @Override
    default void apply(Written written, float[] scores) {
      exclude(written, scores.length, token -> scores[token] = EXCLUDED);
    }
  }

  /**
   * The rules of these settings, in the order of {@code GenerationMixin._get_logits_processor} in
   * generation/utils.py.
   *
   * @param prompt tokens of the prompt
   * @param most the longest sequence, prompt included
   */
  static List<Constraint> of(GenerationConfig config, int prompt, int most) {
    var rules = new ArrayList<Constraint>();
    var tokens = config.tokens();
    var repetition = config.repetition();
    var words = config.words();
    if (!words.biases().isEmpty()) {
      rules.add(new SequenceBias(words.biases()));
    }
    if (repetition.encoderPenalty() != 1) {
      rules.add(new EncoderRepetitionPenalty((float) (1 / repetition.encoderPenalty())));
    }
    if (repetition.penalty() != 1) {
      rules.add(new RepetitionPenalty((float) repetition.penalty()));
    }
    if (repetition.ngram() > 0) {
      rules.add(new NoRepeatNgram(repetition.ngram()));
    }
    if (repetition.encoderNgram() > 0) {
      rules.add(new EncoderNoRepeatNgram(repetition.encoderNgram()));
    }
    var bad = words.bad().stream().filter(word -> !tokens.isEnd(word)).toList();
    if (!bad.isEmpty()) {
      rules.add(new NoBadWords(bad));
    }
    int leastNew = config.lengths().leastNew();
    int least = Math.max(config.lengths().least(), leastNew == 0 ? 0 : prompt + leastNew);
    if (least > prompt && !tokens.ends().isEmpty()) {
      rules.add(new NoEndBefore(least, tokens.ends()));
    }
    if (tokens.forcedFirst() >= 0) {
      rules.add(new Forced(1, List.of(tokens.forcedFirst())));
    }
    if (!tokens.forcedLast().isEmpty()) {
      rules.add(new Forced(most - 1, tokens.forcedLast()));
    }
    if (config.scores().finite()) {
      rules.add(new FiniteScores());
    }
    var growth = config.lengths().endGrowth();
    if (growth.start() < Config.LARGEST) {
      rules.add(new EndGrowth(prompt + growth.start(), growth.factor(), tokens.ends()));
    }
    if (!words.suppressed().isEmpty()) {
      rules.add(new Suppressed(-1, words.suppressed()));
    }
    if (!words.suppressedFirst().isEmpty()) {
      boolean forced = prompt == 1 && tokens.forcedFirst() >= 0;
      rules.add(new Suppressed(forced ? 2 : prompt, words.suppressedFirst()));
    }
    return List.copyOf(rules);
  }

  /**
   * Makes each earlier token less likely (Keskar et al. 2019, section 4.1): a positive score is
   * divided by the penalty, a negative one multiplied.
   */
  record RepetitionPenalty(float penalty) implements Constraint {
    @Override
    public void apply(Written written, float[] scores) {
      for (int token : Arrays.stream(written.tokens()).distinct().toArray()) {
        scores[token] = penalised(scores[token], penalty);
      }
    }
  }

  /** Excludes each token that would complete a run of {@code size} tokens a second time. */
  record NoRepeatNgram(int size) implements Exclusion {
    @Override
    public void exclude(Written written, int vocabulary, IntConsumer excluded) {
      excludeCompleted(size, written.tokens(), written.tokens(), excluded);
    }
  }

  /**
   * Excludes each token that would complete one of these words. As in {@code
   * SequenceBiasLogitsProcessor}, a word of several tokens is ignored until there are as many
   * tokens.
   */
  record NoBadWords(List<List<Integer>> words) implements Exclusion {
    @Override
    public void exclude(Written written, int vocabulary, IntConsumer excluded) {
      for (var word : words) {
        if (mayComplete(word, written)) {
          excluded.accept(word.getLast());
        }
      }
    }
  }

  /** Excludes the end as long as there are fewer than {@code least} tokens. */
  record NoEndBefore(int least, List<Integer> ends) implements Exclusion {
    @Override
    public void exclude(Written written, int vocabulary, IntConsumer excluded) {
      if (written.length() < least) {
        for (int end : ends) {
          if (end < vocabulary) {
            excluded.accept(end);
          }
        }
      }
    }
  }

  /**
   * After {@code after} tokens, only these tokens are possible, with score 0; earlier scores and
   * rules are ignored.
   */
  record Forced(int after, List<Integer> ids) implements Constraint {
    /** Whether it says something about the next token. */
    boolean forces(Written written) {
      return written.length() == after;
    }

    @Override
    public void apply(Written written, float[] scores) {
      if (forces(written)) {
        Arrays.fill(scores, EXCLUDED);
        for (int id : ids) {
          scores[id] = 0;
        }
      }
    }
  }

  /**
   * Adds to the score of each token that would complete one of these runs; to that of a single
   * token always. A run of several tokens is ignored until there are as many tokens.
   */
  record SequenceBias(List<Bias> biases) implements Constraint {
    @Override
    public void apply(Written written, float[] scores) {
      var sums = new float[scores.length];
      // SequenceBiasLogitsProcessor adds single tokens first, and the sum of floats depends on the
      // order.
      for (boolean single : new boolean[] {true, false}) {
        for (var bias : biases) {
          if (bias.ids().size() == 1 == single && mayComplete(bias.ids(), written)) {
            sums[bias.ids().getLast()] += bias.value();
          }
        }
      }
      for (int i = 0; i < scores.length; i++) {
        scores[i] += sums[i];
      }
    }
  }

  /**
   * Makes each token of the source more likely. {@code EncoderRepetitionPenaltyLogitsProcessor}
   * changes as many rows as there are inputs; here, accordingly, it changes only the first of the
   * beams or sequences of each input.
   *
   * @param penalty one over {@code encoder_repetition_penalty}
   */
  record EncoderRepetitionPenalty(float penalty) implements Constraint {
    @Override
    public void apply(Written written, float[] scores) {
      if (written.number() == 0) {
        for (int token : Arrays.stream(written.source()).distinct().toArray()) {
          scores[token] = penalised(scores[token], penalty);
        }
      }
    }
  }

  /** Excludes each token that would complete a run of {@code size} tokens of the source. */
  record EncoderNoRepeatNgram(int size) implements Exclusion {
    @Override
    public void exclude(Written written, int vocabulary, IntConsumer excluded) {
      excludeCompleted(size, written.source(), written.tokens(), excluded);
    }
  }

  /** Replaces NaN by 0, and infinite scores by the largest and smallest float. */
  record FiniteScores() implements Constraint {
    @Override
    public void apply(Written written, float[] scores) {
      for (int i = 0; i < scores.length; i++) {
        float score = scores[i];
        scores[i] = Float.isNaN(score) ? 0 : Math.clamp(score, -Float.MAX_VALUE, Float.MAX_VALUE);
      }
    }
  }

  /**
   * Raises the score of the end with each token after {@code after} of them: by its size times
   * {@code factor} to the power of the number of tokens beyond, less 1.
   *
   * <p>If an earlier rule excludes the end, {@code ExponentialDecayLengthPenalty} computes NaN,
   * which counts as the highest score, so the sequence ends at once; here, too.
   */
  record EndGrowth(int after, double factor, List<Integer> ends) implements Constraint {
    @Override
    public void apply(Written written, float[] scores) {
      if (written.length() > after) {
        float share = (float) (Math.pow(factor, (double) written.length() - after) - 1);
        for (int end : ends) {
          float grown = scores[end] + Math.abs(scores[end]) * share;
          scores[end] =
              Float.isNaN(grown) && scores[end] == EXCLUDED ? Float.POSITIVE_INFINITY : grown;
        }
      }
    }
  }

  /**
   * Excludes these tokens.
   *
   * @param after only after this number of tokens; -1 for always
   * @param ids ids outside of the vocabulary are ignored, as in {@code
   *     SuppressTokensLogitsProcessor}
   */
  record Suppressed(int after, List<Integer> ids) implements Exclusion {
    @Override
    public void exclude(Written written, int vocabulary, IntConsumer excluded) {
      if (after < 0 || written.length() == after) {
        for (int id : ids) {
          if (id >= 0 && id < vocabulary) {
            excluded.accept(id);
          }
        }
      }
    }
  }

  private static float penalised(float score, float penalty) {
    return score < 0 ? score * penalty : score / penalty;
  }

  private static boolean mayComplete(List<Integer> run, Written written) {
    int before = run.size() - 1;
    return before == 0 || (written.length() > before && written.endsWith(run, before));
  }

  /**
   * Excludes each token that would complete a run at the end of {@code tokens} that {@code seen}
   * contains.
   */
  private static void excludeCompleted(int size, int[] seen, int[] tokens, IntConsumer excluded) {
    int last = tokens.length - size + 1; // start of the run that the next token completes
    for (int i = 0; last >= 0 && i + size <= seen.length; i++) {
      if (Arrays.equals(seen, i, i + size - 1, tokens, last, tokens.length)) {
        excluded.accept(seen[i + size - 1]);
      }
    }
  }
}
