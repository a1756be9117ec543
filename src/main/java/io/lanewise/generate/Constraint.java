package io.lanewise.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A rule for the next token: it changes the scores of the vocabulary by what stands before. Pure:
 * the same tokens and scores give the same result, whatever rows are beside it.
 */
sealed interface Constraint {
  float EXCLUDED = Float.NEGATIVE_INFINITY;

  /**
   * Applies the rule.
   *
   * @param tokens all before the next one, prompt or start token included
   * @param scores [vocabulary], changed in place
   */
  void apply(int[] tokens, float[] scores);

  /**
   * The rules of these settings, in the order in which Hugging Face applies them.
   *
   * @param prompt tokens of the prompt
   * @param most the longest sequence, prompt included
   */
  static List<Constraint> of(GenerationConfig config, int prompt, int most) {
    var rules = new ArrayList<Constraint>();
    var tokens = config.tokens();
    if (config.repetition().penalty() != 1) {
      rules.add(new RepetitionPenalty((float) config.repetition().penalty()));
    }
    if (config.repetition().ngram() > 0) {
      rules.add(new NoRepeatNgram(config.repetition().ngram()));
    }
    var bad = config.words().bad().stream().filter(word -> !tokens.isEnd(word)).toList();
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
    return List.copyOf(rules);
  }

  /**
   * Makes each token that was there less likely (Keskar et al. 2019, section 4.1): a positive score
   * is divided by the penalty, a negative one multiplied.
   */
  record RepetitionPenalty(float penalty) implements Constraint {
    @Override
    public void apply(int[] tokens, float[] scores) {
      for (int token : Arrays.stream(tokens).distinct().toArray()) {
        scores[token] = scores[token] < 0 ? scores[token] * penalty : scores[token] / penalty;
      }
    }
  }

  /** Excludes each token that would complete a run of {@code size} tokens a second time. */
  record NoRepeatNgram(int size) implements Constraint {
    @Override
    public void apply(int[] tokens, float[] scores) {
      int last = tokens.length - size + 1; // where the run begins that the next token completes
      for (int i = 0; i < last; i++) {
        if (Arrays.equals(tokens, i, i + size - 1, tokens, last, tokens.length)) {
          scores[tokens[i + size - 1]] = EXCLUDED;
        }
      }
    }
  }

  /**
   * Excludes each token that would complete one of these words. As in Hugging Face, a word of
   * several tokens is not looked for before as many tokens are there.
   */
  record NoBadWords(List<List<Integer>> words) implements Constraint {
    @Override
    public void apply(int[] tokens, float[] scores) {
      for (var word : words) {
        int before = word.size() - 1;
        if (before == 0 || (tokens.length > before && endsWith(tokens, word.subList(0, before)))) {
          scores[word.getLast()] = EXCLUDED;
        }
      }
    }

    private static boolean endsWith(int[] tokens, List<Integer> run) {
      int from = tokens.length - run.size();
      return IntStream.range(0, run.size()).allMatch(i -> tokens[from + i] == run.get(i));
    }
  }

  /** Excludes the end as long as there are fewer than {@code least} tokens. */
  record NoEndBefore(int least, List<Integer> ends) implements Constraint {
    @Override
    public void apply(int[] tokens, float[] scores) {
      if (tokens.length < least) {
        for (int end : ends) {
          if (end < scores.length) {
            scores[end] = EXCLUDED;
          }
        }
      }
    }
  }

  /**
   * After {@code after} tokens one of these comes, with score 0, whatever the scores and the rules
   * before say.
   */
  record Forced(int after, List<Integer> ids) implements Constraint {
    @Override
    public void apply(int[] tokens, float[] scores) {
      if (tokens.length == after) {
        Arrays.fill(scores, EXCLUDED);
        for (int id : ids) {
          scores[id] = 0;
        }
      }
    }
  }
}
