package io.lanewise.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The best continuations of some beams, or random ones: a heap of bounded size, where a better
 * candidate replaces the worst one.
 */
final class Candidates {
  /**
   * A beam and its next token.
   *
   * @param beam its number among the beams
   * @param score of the beam with the token
   * @param rank the order of selection: the score, with noise if candidates are sampled
   */
  record Candidate(int beam, int token, float score, double rank) implements Comparable<Candidate> {
    /** The worse one first; of equal ranks the later one is the worse. */
    @Override
    public int compareTo(Candidate other) {
      int order = Double.compare(rank, other.rank);
      if (order == 0) {
        order = Integer.compare(other.beam, beam);
      }
      return order != 0 ? order : Integer.compare(other.token, token);
    }
  }

  private final int most;
  private final Draw draw;
  private final java.util.PriorityQueue<Candidate> heap = new java.util.PriorityQueue<>();

  /**
   * An empty heap.
   *
   * @param most number of candidates to keep
   * @param draw null for the best; otherwise they are sampled without replacement, with the softmax
   *     of the scores
   */
  Candidates(int most, Draw draw) {
    this.most = most;
    this.draw = draw;
  }

  /**
   * Adds all continuations of a beam; excluded or NaN scores are skipped.
   *
   * @param scores [vocabulary] of the tokens, to which the score of the beam is added
   */
  void offer(int beam, float own, float[] scores) {
    float bar = bar();
    for (int token = 0; token < scores.length; token++) {
      float score = scores[token] + own;
      if (!(score > bar)) {
        continue;
      }
      double rank = draw == null ? score : draw.perturbed(score);
      if (heap.size() < most || rank > heap.peek().rank) {
        if (heap.size() == most) {
          heap.poll();
        }
        heap.add(new Candidate(beam, token, score, rank));
        bar = bar();
      }
    }
  }

  /**
   * What a score must exceed. Nearly all scores do not, so this one comparison is all that they
   * cost. With noise each score has a rank of its own.
   */
  private float bar() {
    boolean full = draw == null && heap.size() == most;
    return full ? (float) heap.peek().rank : Constraint.EXCLUDED;
  }

  /** The selected candidates, the highest score first. */
  List<Candidate> best() {
    var sorted = new ArrayList<>(heap);
    sorted.sort(null);
    var best = sorted.reversed();
    if (draw != null) {
      best.sort(Comparator.comparingDouble(Candidate::score).reversed());
    }
    return best;
  }
}
