package io.lanewise.generate;

import io.lanewise.generate.Generated.Ending;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Search without beams: each sequence separately, token by token. Greedy search takes the highest
 * score (of equal scores the lower id); sampling may give several sequences of an input. An ended
 * sequence is removed from the batch.
 */
final class StepwiseSearch {
  /** An open sequence; the prompt of an input is read once for all its sequences. */
  private static final class Sequence {
    final int input;
    final int number; // among those of the input
    final Draw draw; // null for greedy search
    int[] tokens;
    Ending ending;

    Sequence(int input, int number, Draw draw, int[] prompt) {
      this.input = input;
      this.number = number;
      this.draw = draw;
      this.tokens = prompt;
    }
  }

  private final Plan plan;
  private final TokenListener listener;
  private final BooleanSupplier cancelled;
  private final List<Sequence> all = new ArrayList<>();
  private final List<Tensor> logits = new ArrayList<>();
  private List<Sequence> live;

  private StepwiseSearch(Plan plan, TokenListener listener, BooleanSupplier cancelled) {
    this.plan = plan;
    this.listener = listener;
    this.cancelled = cancelled;
    for (int input = 0; input < plan.prompts().length; input++) {
      for (int number = 0; number < plan.config().beams().returned(); number++) {
        all.add(new Sequence(input, number, plan.draw(number), plan.prompts()[input]));
      }
    }
    this.live = all;
  }

  /**
   * Generates until all sequences have ended.
   *
   * @param listener receives every token, and may end the generation
   * @param cancelled checked between steps; true ends the generation
   */
  static Generated run(
      Plan plan, Continuation model, TokenListener listener, BooleanSupplier cancelled) {
    var search = new StepwiseSearch(plan, listener, cancelled);
    search.run(model);
    var results = new ArrayList<List<Generated.Sequence>>();
    int returned = plan.config().beams().returned();
    for (int at = 0; at < search.all.size(); at += returned) {
      results.add(
          search.all.subList(at, at + returned).stream().map(each -> result(each)).toList());
    }
    return new Generated(results, plan.config().tokens().padding(), search.logits);
  }

  private static Generated.Sequence result(Sequence sequence) {
    return new Generated.Sequence(
        sequence.tokens, Float.NaN, sequence.ending == null ? Ending.CANCELLED : sequence.ending);
  }

  private void run(Continuation model) {
    if (cancelled.getAsBoolean()) {
      return;
    }
    var scores = model.next(plan.prompts());
    plan.checkIds(scores[0].length);
    if (all.size() > scores.length) {
      int[] from = all.stream().mapToInt(sequence -> sequence.input).toArray();
      model.select(from);
      var ofPrompts = scores;
      scores = Arrays.stream(from).mapToObj(i -> ofPrompts[i].clone()).toArray(float[][]::new);
    }
    while (true) {
      if (plan.config().keepsLogits()) {
        logits.add(kept(scores));
      }
      for (int row = 0; row < live.size(); row++) {
        if (!advance(live.get(row), scores[row])) {
          return;
        }
      }
      if (plan.isLate()) {
        live.stream()
            .filter(each -> each.ending == null)
            .forEach(each -> each.ending = Ending.TIME);
      }
      var before = live;
      int[] going =
          IntStream.range(0, before.size()).filter(i -> before.get(i).ending == null).toArray();
      if (going.length == 0 || cancelled.getAsBoolean()) {
        return;
      }
      if (going.length < before.size()) {
        model.select(going);
        live = Arrays.stream(going).mapToObj(before::get).toList();
      }
      var last = live.stream().map(StepwiseSearch::last).toArray(int[][]::new);
      scores = model.next(last, excluded(scores[0].length));
    }
  }

  /**
   * For each open sequence the tokens that cannot follow, where only the highest score of the
   * others is read; null where all scores are.
   */
  private int @Nullable [][] excluded(int vocabulary) {
    var excluded = new int[live.size()][];
    for (int i = 0; i < excluded.length; i++) {
      var sequence = live.get(i);
      var written = plan.written(sequence.input, sequence.number, sequence.tokens);
      excluded[i] = plan.excluded(written, vocabulary);
      if (excluded[i] == null) {
        return null;
      }
    }
    return excluded;
  }

  /** Chooses the next token; false if the listener ends the generation. */
  private boolean advance(Sequence sequence, float[] scores) {
    var written = plan.written(sequence.input, sequence.number, sequence.tokens);
    var ruled = plan.ruled(written, scores);
    int token = sequence.draw == null ? best(ruled) : sequence.draw.token(ruled);
    if (token < 0 && plan.leavesLastPlace(sequence.tokens, ruled)) {
      sequence.ending = Ending.LENGTH;
      return true;
    }
    if (token < 0) {
      throw Plan.nothingFollows(sequence.tokens);
    }
    sequence.tokens = appended(sequence.tokens, token);
    sequence.ending = plan.ending(sequence.tokens);
    if (sequence.ending == null && sequence.tokens.length == plan.most()) {
      sequence.ending = Ending.LENGTH;
    }
    return listener.token(sequence.input, sequence.number, token);
  }

  private static int[] last(Sequence sequence) {
    return new int[] {sequence.tokens[sequence.tokens.length - 1]};
  }

  static int[] appended(int[] tokens, int token) {
    var longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = token;
    return longer;
  }

  /** The token with the highest score; -1 if all are excluded. */
  private static int best(float[] scores) {
    int best = -1;
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] > (best < 0 ? Constraint.EXCLUDED : scores[best])) {
        best = i;
      }
    }
    return best;
  }

  private Tensor kept(float[][] scores) {
    int vocabulary = scores[0].length;
    var values = new float[Math.multiplyExact(all.size(), vocabulary)];
    Arrays.fill(values, Float.NaN);
    for (int row = 0; row < scores.length; row++) {
      int at = all.indexOf(live.get(row)) * vocabulary;
      System.arraycopy(scores[row], 0, values, at, vocabulary);
    }
    return Tensor.of(values, all.size(), vocabulary);
  }
}
