package io.lanewise.model;

import io.lanewise.family.Family;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/** Calls with made-up tokens, before the first real one. */
final class WarmUp {
  private static final int TOKENS = 128;

  /** How long it may take at most, where passes take long or become faster and faster. */
  private static final long PATIENCE = 10_000_000_000L;

  private WarmUp() {}

  /**
   * Runs short and long passes until they do not become faster.
   *
   * @param model not closed
   */
  static void run(Model model, Family family) {
    int longest = Math.max(1, Math.min(TOKENS, model.longest()));
    var inputs =
        new Inputs[] {inputs(model, family, longest), inputs(model, family, Math.min(16, longest))};
    long begin = System.nanoTime();
    long best = Long.MAX_VALUE;
    int settled = 0;
    while (settled < 3 && System.nanoTime() - begin < PATIENCE) {
      long start = System.nanoTime();
      for (var each : inputs) {
        var _ = model.forward(each);
      }
      long time = System.nanoTime() - start;
      settled = time > best - best / 10 ? settled + 1 : 0;
      best = Math.min(best, time);
    }
  }

  /** One text: a token in the middle of the vocabulary, again and again, and one that ends it. */
  private static Inputs inputs(Model model, Family family, int tokens) {
    int vocabulary = model.config().positive("vocab_size", 1000);
    var ids = new long[tokens];
    Arrays.fill(ids, vocabulary / 2);
    ids[tokens - 1] = Math.clamp(model.config().integer("eos_token_id", 2), 0, vocabulary - 1);
    long[] shape =
        model.head() == Head.MULTIPLE_CHOICE ? new long[] {1, 1, tokens} : new long[] {1, tokens};
    var inputs = Inputs.of(Map.of("input_ids", Tensor.of(ids, shape)));
    return family.forWarmUp(inputs);
  }
}
