package io.lanewise.task.span;

import io.lanewise.InputException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The best spans of one window: {@code select_starts_ends} and {@code decode_spans} of Hugging
 * Face's {@code QuestionAnsweringPipeline}.
 *
 * @param best the best spans, best first; of equal ones the earlier first
 * @param none the score of no answer: that of the span of the first token alone
 */
public record AnswerSpans(List<Scored> best, float none) {

  /**
   * A span of tokens.
   *
   * @param score probability of its start times that of its end; more than 0
   * @param start its first token
   * @param end its last token
   */
  public record Scored(float score, int start, int end) {
    private static final Comparator<Scored> BEST_FIRST =
        Comparator.comparingDouble((Scored span) -> -span.score())
            .thenComparingInt(Scored::start)
            .thenComparingInt(Scored::end);
  }

  /**
   * Finds the best spans of one window.
   *
   * @param startLogits [at least the tokens of the window]
   * @param endLogits of the same length
   * @param allowed [tokens]: which may be in an answer, or be the first token, which stands for
   *     none
   * @param top how many spans at most
   * @param longest tokens of a span at most
   * @throws InputException if a logit is NaN or infinite
   */
  public static AnswerSpans of(
      float[] startLogits, float[] endLogits, boolean[] allowed, int top, int longest) {
    float[] starts = softmax(startLogits, allowed);
    float[] ends = softmax(endLogits, allowed);
    float none = starts[0] * ends[0];
    starts[0] = 0;
    ends[0] = 0;
    var best = new PriorityQueue<Scored>(Scored.BEST_FIRST.reversed());
    for (int start = 0; start < allowed.length; start++) {
      for (int length = 1; length <= longest && start + length <= allowed.length; length++) {
        int end = start + length - 1;
        float score = starts[start] * ends[end];
        // Of tokens that are not allowed it is 0, and of those so unlikely that no float tells it.
        if (score > 0 && (best.size() < top || score > best.element().score())) {
          best.add(new Scored(score, start, end));
          if (best.size() > top) {
            best.remove();
          }
        }
      }
    }
    var ordered = new ArrayList<>(best);
    ordered.sort(Scored.BEST_FIRST);
    return new AnswerSpans(ordered, none);
  }

  /** Over the tokens that are allowed; 0 for the others. */
  private static float[] softmax(float[] logits, boolean[] allowed) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < allowed.length; i++) {
      if (allowed[i]) {
        if (!Float.isFinite(logits[i])) {
          throw new InputException(
              "the model gives " + logits[i] + " for token " + i + ": its weights are not usable");
        }
        largest = Math.max(largest, logits[i]);
      }
    }
    double sum = 0;
    for (int i = 0; i < allowed.length; i++) {
      sum += allowed[i] ? Math.exp(logits[i] - largest) : 0;
    }
    var scores = new float[allowed.length];
    for (int i = 0; i < allowed.length; i++) {
      scores[i] = allowed[i] ? (float) (Math.exp(logits[i] - largest) / sum) : 0;
    }
    return scores;
  }
}
