package io.lanewise.generate;

import io.lanewise.generate.Generated.Ending;
import io.lanewise.generate.GenerationConfig.Beams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The best ended sequences of one input, at most as many as beams. The rules are those of {@code
 * BeamHypotheses} in generation/beam_search.py of transformers 4.37. They decide when a search
 * ends, and a longer search may find other sequences.
 */
final class BeamHypotheses {
  private record Hypothesis(int[] tokens, double score, Ending ending) {}

  private final Beams beams;
  private final int prompt;
  private final int most;
  private final List<Hypothesis> best = new ArrayList<>(); // in the order in which they were added

  /**
   * An empty list.
   *
   * @param prompt tokens that do not count as generated
   * @param most the longest sequence, prompt included
   */
  BeamHypotheses(Beams beams, int prompt, int most) {
    this.beams = beams;
    this.prompt = prompt;
    this.most = most;
  }

  /**
   * Adds a sequence if it is among the best.
   *
   * @param sum of its log-probabilities
   */
  void add(int[] tokens, double sum, Ending ending) {
    double score = penalised(sum, tokens.length);
    if (best.size() < beams.count() || score > worst()) {
      // If the score of an end is unbounded (Constraint.EndGrowth), the end of the best beam
      // counts, which is added first.
      boolean unbounded = score == Double.POSITIVE_INFINITY;
      best.add(unbounded ? 0 : best.size(), new Hypothesis(tokens, score, ending));
      if (best.size() > beams.count()) {
        best.remove(Collections.min(best, Comparator.comparingDouble(Hypothesis::score)));
      }
    }
  }

  private double penalised(double sum, int length) {
    return sum / Math.pow(length - prompt, beams.lengthPenalty());
  }

  private double worst() {
    return best.stream().mapToDouble(Hypothesis::score).min().orElse(Double.POSITIVE_INFINITY);
  }

  /**
   * Whether the search of the open beams is over.
   *
   * @param sum the best sum of their continuations, ends included
   * @param length of these, prompt included
   */
  boolean isDone(double sum, int length) {
    if (best.size() < beams.count()) {
      return false;
    }
    return switch (beams.earlyStopping()) {
      case TRUE -> true;
      case FALSE -> worst() >= penalised(sum, length);
      // Sums are negative, so the largest divisor gives the number closest to 0.
      case NEVER -> worst() >= penalised(sum, beams.lengthPenalty() > 0 ? most : length);
    };
  }

  /** The sequences, the best first; of equal ones the one that was added last. */
  List<Generated.Sequence> best(int count) {
    var sorted = new ArrayList<>(best);
    sorted.sort(Comparator.comparingDouble(Hypothesis::score));
    return sorted.reversed().stream()
        .limit(count)
        .map(each -> new Generated.Sequence(each.tokens, (float) each.score, each.ending))
        .toList();
  }
}
