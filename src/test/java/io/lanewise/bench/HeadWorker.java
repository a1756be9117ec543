package io.lanewise.bench;

import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * A worker (see {@code tools/bench/README.md}) for a model with its head: {@code HeadWorker
 * CONFIG_JSON THREADS}. It computes what the task reads: of a masked language model the scores at
 * one token of each text, as where one word is masked.
 */
public final class HeadWorker {
  private final Model model;
  private final boolean isMasked;
  private final Random random = new Random(1);

  private HeadWorker(Model model) {
    this.model = model;
    this.isMasked = model.head() == Head.MASKED_LM;
  }

  /** Answers until an empty line. */
  public static void main(String[] arguments) {
    var options = Options.DEFAULT.withThreads(Integer.parseInt(arguments[1]));
    try (var model = Model.random(Path.of(arguments[0]), options)) {
      var worker = new HeadWorker(model);
      System.out.println("ready");
      for (String line; (line = IO.readln()) != null && !line.isBlank(); ) {
        int[] asked = Arrays.stream(line.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
        var times = new StringBuilder();
        for (int i = 0; i < asked[2]; i++) {
          times.append(String.format(Locale.ROOT, "%.3f ", worker.time(asked[0], asked[1])));
        }
        System.out.println(times);
      }
    }
  }

  /** Milliseconds of a pass over fresh random ids. */
  private double time(int batch, int tokens) {
    var ids = new int[batch][tokens];
    var masked = new int[batch][1];
    for (int text = 0; text < batch; text++) {
      Arrays.setAll(ids[text], _ -> random.nextInt(5, 20_005));
      masked[text][0] = random.nextInt(tokens);
    }
    var inputs = Inputs.ids(ids);
    long start = System.nanoTime();
    var output = model.forward(isMasked ? inputs.withReadTokens(masked) : inputs);
    double time = (System.nanoTime() - start) / 1e6;
    long rows = output instanceof Output.Logits logits ? logits.logits().shape().dim(0) : 0;
    if (rows != batch) {
      throw new IllegalStateException(rows + " rows of scores for " + batch + " texts");
    }
    return time;
  }
}
