package io.lanewise.generate;

import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One sequence for each input, token by token: always the one with the highest score, the lower id
 * where two are equal. A sequence that has ended leaves the batch.
 */
final class GreedySearch {
  private final Plan plan;
  private final int[][] sequences;
  private final List<Tensor> logits = new ArrayList<>();

  private GreedySearch(Plan plan) {
    this.plan = plan;
    this.sequences = plan.prompts().clone();
  }

  /** Generates until all sequences have ended. */
  static Generated run(Plan plan, Continuation model) {
    var search = new GreedySearch(plan);
    search.run(model);
    var results = new ArrayList<List<Generated.Sequence>>();
    for (var tokens : search.sequences) {
      results.add(List.of(new Generated.Sequence(tokens, Float.NaN)));
    }
    return new Generated(results, plan.config().tokens().padding(), search.logits);
  }

  private void run(Continuation model) {
    int[] live = IntStream.range(0, sequences.length).toArray(); // inputs of the batch's rows
    var scores = model.next(sequences);
    plan.checkIds(scores[0].length);
    for (int length = plan.prompt(); ; ) {
      if (plan.config().keepsLogits()) {
        logits.add(kept(live, scores));
      }
      for (int row = 0; row < live.length; row++) {
        var tokens = sequences[live[row]];
        int token = best(plan.ruled(tokens, scores[row]));
        if (token < 0) {
          throw Plan.nothingFollows(tokens);
        }
        sequences[live[row]] = appended(tokens, token);
      }
      length++;
      var before = live;
      int[] going =
          IntStream.range(0, before.length).filter(row -> !hasEnded(before[row])).toArray();
      if (going.length == 0 || length == plan.most()) {
        return;
      }
      if (going.length < live.length) {
        model.select(going);
        live = Arrays.stream(going).map(row -> before[row]).toArray();
      }
      var last = new int[live.length][];
      for (int row = 0; row < last.length; row++) {
        last[row] = new int[] {sequences[live[row]][length - 1]};
      }
      scores = model.next(last);
    }
  }

  private boolean hasEnded(int input) {
    return plan.isEnd(sequences[input][sequences[input].length - 1]);
  }

  static int[] appended(int[] tokens, int token) {
    var longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = token;
    return longer;
  }

  /** The token with the highest score; -1 if none has any. */
  private static int best(float[] scores) {
    int best = -1;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > (best < 0 ? Constraint.EXCLUDED : scores[best])) {
        best = i;
      }
    }
    return best;
  }

  private Tensor kept(int[] live, float[][] scores) {
    int vocabulary = scores[0].length;
    var all = new float[Math.multiplyExact(sequences.length, vocabulary)];
    Arrays.fill(all, Float.NaN);
    for (int row = 0; row < live.length; row++) {
      System.arraycopy(scores[row], 0, all, live[row] * vocabulary, vocabulary);
    }
    return Tensor.of(all, sequences.length, vocabulary);
  }
}
