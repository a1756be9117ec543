package io.lanewise.task.span;

import io.lanewise.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The best of many logits, as probabilities. */
public final class Ranking {
  private Ranking() {}

  /**
   * One of the best.
   *
   * @param index where it stands among the logits
   * @param score its share of the softmax over all of them
   */
  public record Entry(int index, float score) {}

  /**
   * Softmax over all logits, of which the {@code top} largest are returned, largest first; of equal
   * ones the lower index first.
   *
   * @throws InputException if a logit is NaN or infinite: there are no probabilities then
   */
  public static List<Entry> softmax(float[] logits, int top) {
    return softmax(logits, top, IntStream.range(0, logits.length).toArray());
  }

  /**
   * The same, of which only some may be returned; the softmax is over all.
   *
   * @param among indexes, each once
   */
  public static List<Entry> softmax(float[] logits, int top, int[] among) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      if (!Float.isFinite(logits[i])) {
        throw new InputException(
            "the model gives " + logits[i] + " for token " + i + ": its weights are not usable");
      }
      largest = Math.max(largest, logits[i]);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp((double) logit - largest);
    }
    var keys = new long[among.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = (long) ascending(logits[among[i]]) << 32 | (0xFFFF_FFFFL - among[i]);
    }
    Arrays.sort(keys);
    int count = Math.min(top, keys.length);
    var best = new ArrayList<Entry>(count);
    for (int i = 0; i < count; i++) {
      int index = index(keys[keys.length - 1 - i]);
      best.add(new Entry(index, (float) (Math.exp((double) logits[index] - largest) / sum)));
    }
    return best;
  }

  /**
   * Softmax over all logits, in their order.
   *
   * @throws InputException if a logit is NaN or infinite
   */
  public static float[] softmax(float[] logits) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < logits.length; i++) {
      if (!Float.isFinite(logits[i])) {
        throw new InputException(
            "the model gives " + logits[i] + " for label " + i + ": its weights are not usable");
      }
      largest = Math.max(largest, logits[i]);
    }
    var exponentials = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      exponentials[i] = Math.exp(logits[i] - (double) largest);
      sum += exponentials[i];
    }
    var scores = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      scores[i] = (float) (exponentials[i] / sum);
    }
    return scores;
  }

  private static int index(long key) {
    return (int) (0xFFFF_FFFFL - (key & 0xFFFF_FFFFL));
  }

  /** An integer that orders as the float does; -0.0 and 0.0 are one. */
  private static int ascending(float value) {
    int bits = Float.floatToRawIntBits(value + 0f);
    return bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }
}
