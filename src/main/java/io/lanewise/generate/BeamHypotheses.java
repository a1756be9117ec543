package io.lanewise.generate;

import io.lanewise.generate.Generated.Ending;
import io.lanewise.generate.GenerationConfig.Beams;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The best sequences of one input that have ended, as many as there are beams. The rules are those
 * of transformers 4.37's {@code BeamHypotheses}: they decide when a search is over, and a search
 * that goes on for longer finds other sequences.
 */
final class BeamHypotheses {
  private record Hypothesis(int[] tokens, double score, Ending ending) {}

  private final Beams beams;
  private final int prompt;
  private final int most;
  private final List<Hypothesis> best = new ArrayList<>(); // in the order in which they were added

  /**
   * None so far.
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
   * Takes a sequence in if it is among the best.
   *
   * @param sum of its log-probabilities
   */
  void add(int[] tokens, double sum, Ending ending) {
    double score = penalised(sum, tokens.length);
    if (best.size() < beams.count() || score > worst()) {
      // Of ends that no score bounds (Constraint.EndGrowth) the best beam's counts, which is first.
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
   * Whether the open beams are not worth going on with.
   *
   * @param sum the best among their continuations, those that end included
   * @param length of these, prompt included
   */
  boolean isDone(double sum, int length) {
    if (best.size() < beams.count()) {
      return false;
    }
    return switch (beams.earlyStopping()) {
      case TRUE -> true;
      case FALSE -> worst() >= penalised(sum, length);
      // Sums are negative: divided by the most they come closest to 0.
      case NEVER -> worst() >= penalised(sum, beams.lengthPenalty() > 0 ? most : length);
    };
  }

  /** The best first; of equal ones the one that was added last. */
  List<Generated.Sequence> best(int count) {
    var sorted = new ArrayList<>(best);
    sorted.sort(Comparator.comparingDouble(Hypothesis::score));
    return sorted.reversed().stream()
        .limit(count)
        .map(each -> new Generated.Sequence(each.tokens, (float) each.score, each.ending))
        .toList();
  }
}
