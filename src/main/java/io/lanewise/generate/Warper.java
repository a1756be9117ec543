package io.lanewise.generate;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Changes the distribution from which the next token is sampled: it changes scores, or excludes
 * tokens. The rules are those of the {@code …LogitsWarper} classes in generation/logits_process.py
 * of transformers 4.57; of equal scores the higher id is excluded first.
 */
sealed interface Warper {
  /**
   * Applies it.
   *
   * @param scores [vocabulary], changed in place
   */
  void apply(float[] scores);

  /** Divides the scores. */
  record Temperature(float temperature) implements Warper {
    @Override
    public void apply(float[] scores) {
      for (int i = 0; i < scores.length; i++) {
        scores[i] /= temperature;
      }
    }
  }

  /** Keeps the {@code count} best tokens, and tokens as good as the last of them. */
  record TopK(int count) implements Warper {
    @Override
    public void apply(float[] scores) {
      excludeBelow(scores, atRank(Probabilities.descending(scores), scores, count));
    }
  }

  /** Keeps the fewest best tokens whose probabilities sum to more than {@code mass}. */
  record TopP(double mass, int least) implements Warper {
    @Override
    public void apply(float[] scores) {
      var tokens = Probabilities.descending(scores);
      var probabilities = Probabilities.of(scores);
      double tail = 0; // probability of the token and all worse ones
      for (int i = tokens.length - 1; i >= least; i--) {
        tail += probabilities.of(tokens[i]);
        if (tail > 1 - mass) {
          return;
        }
        scores[tokens[i]] = Constraint.EXCLUDED;
      }
    }
  }

  /** Excludes tokens with less than {@code share} of the best token's probability. */
  record MinP(double share, int least) implements Warper {
    @Override
    public void apply(float[] scores) {
      var tokens = Probabilities.descending(scores);
      var probabilities = Probabilities.of(scores);
      for (int i = least; i < tokens.length; i++) {
        if (probabilities.of(tokens[i]) < share * probabilities.of(tokens[0])) {
          scores[tokens[i]] = Constraint.EXCLUDED;
        }
      }
    }
  }

  /**
   * Keeps the tokens whose information is nearest to the entropy: the fewest whose probabilities
   * sum to {@code mass}.
   */
  record Typical(double mass, int least) implements Warper {
    @Override
    public void apply(float[] scores) {
      var probabilities = Probabilities.of(scores);
      double entropy = probabilities.entropy();
      var distances = new double[scores.length];
      for (int i = 0; i < distances.length; i++) {
        distances[i] = Math.abs(-Math.log(probabilities.of(i)) - entropy);
      }
      int[] tokens =
          IntStream.range(0, scores.length)
              .filter(i -> scores[i] > Constraint.EXCLUDED)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> distances[i]))
              .mapToInt(Integer::intValue)
              .toArray();
      int last = 0;
      for (double sum = 0; last < tokens.length - 1; last++) {
        sum += probabilities.of(tokens[last]);
        if (sum >= mass) {
          break;
        }
      }
      for (int i = least; i < tokens.length; i++) {
        if (distances[tokens[i]] > distances[tokens[last]]) {
          scores[tokens[i]] = Constraint.EXCLUDED;
        }
      }
    }
  }

  /** Excludes tokens less likely than {@code bound}. */
  record Epsilon(double bound, int least) implements Warper {
    @Override
    public void apply(float[] scores) {
      excludeBelow(Probabilities.of(scores), bound, scores, least);
    }
  }

  /** Excludes tokens less likely than {@code min(ε, √ε · e^−entropy)}. */
  record Eta(double epsilon, int least) implements Warper {
    @Override
    public void apply(float[] scores) {
      var probabilities = Probabilities.of(scores);
      double eta = Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-probabilities.entropy()));
      excludeBelow(probabilities, eta, scores, least);
    }
  }

  private static void excludeBelow(
      Probabilities probabilities, double bound, float[] scores, int least) {
    float kept = atRank(Probabilities.descending(scores), scores, least);
    for (int i = 0; i < scores.length; i++) {
      if (probabilities.of(i) < bound && scores[i] < kept) {
        scores[i] = Constraint.EXCLUDED;
      }
    }
  }

  private static void excludeBelow(float[] scores, float bound) {
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] < bound) {
        scores[i] = Constraint.EXCLUDED;
      }
    }
  }

  /** The score of the token at this rank, counted from 1, or of the last one. */
  private static float atRank(int[] tokens, float[] scores, int rank) {
    return tokens.length == 0
        ? Constraint.EXCLUDED
        : scores[tokens[Math.min(rank, tokens.length) - 1]];
  }
}
