package io.lanewise.generate;

import java.util.ArrayList;
import java.util.List;

/**
 * The best continuations of some beams: a heap of bounded size, whose worst member leaves when a
 * better one comes.
 */
final class Candidates {
  /**
   * A beam and its next token.
   *
   * @param beam its number among the beams
   * @param score of the beam with the token
   */
  record Candidate(int beam, int token, float score) implements Comparable<Candidate> {
    /** The worse one first; of equal scores the later one is the worse. */
    @Override
    public int compareTo(Candidate other) {
      int order = Float.compare(score, other.score);
      if (order == 0) {
        order = Integer.compare(other.beam, beam);
      }
      return order != 0 ? order : Integer.compare(other.token, token);
    }
  }

  private final int most;
  private final java.util.PriorityQueue<Candidate> heap = new java.util.PriorityQueue<>();

  Candidates(int most) {
    this.most = most;
  }

  /**
   * Offers all continuations of a beam; a score that is excluded or NaN makes none.
   *
   * @param scores [vocabulary] of the tokens, to which the beam's own is added
   */
  void offer(int beam, float own, float[] scores) {
    for (int token = 0; token < scores.length; token++) {
      float score = scores[token] + own;
      if (score > Constraint.EXCLUDED && (heap.size() < most || score > heap.peek().score)) {
        if (heap.size() == most) {
          heap.poll();
        }
        heap.add(new Candidate(beam, token, score));
      }
    }
  }

  /** The best first. */
  List<Candidate> best() {
    var sorted = new ArrayList<>(heap);
    sorted.sort(null);
    return sorted.reversed();
  }
}
