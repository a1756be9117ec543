package io.lanewise.bench;

import com.sun.management.ThreadMXBean;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * One model and several callers, asked by the line: {@code CallersWorker CONFIG_JSON THREADS}.
 * After {@code ready} it answers
 *
 * <ul>
 *   <li>{@code callers N BATCH TOKENS SECONDS} with the forward passes a second of N callers;
 *   <li>{@code bits BATCH TOKENS} with a hash of all bits of a forward pass over fixed ids;
 *   <li>{@code bytes BATCH TOKENS PASSES} with the heap bytes that a pass allocates, in all
 *       threads, and how many of them are its result.
 * </ul>
 */
public final class CallersWorker {
  private final Model model;

  private CallersWorker(Model model) {
    this.model = model;
  }

  /** Answers until an empty line. */
  public static void main(String[] arguments) throws Exception {
    var options = Options.DEFAULT.withThreads(Integer.parseInt(arguments[1]));
    try (var model = Model.random(Path.of(arguments[0]), options)) {
      var worker = new CallersWorker(model);
      System.out.println("ready");
      for (String line; (line = IO.readln()) != null && !line.isBlank(); ) {
        System.out.println(worker.answer(line.split(" ", -1)));
      }
    }
  }

  private String answer(String[] words) throws Exception {
    int[] n = Arrays.stream(words).skip(1).mapToInt(Integer::parseInt).toArray();
    return switch (words[0]) {
      case "callers" -> String.valueOf(passesPerSecond(n[0], ids(n[1], n[2]), n[3]));
      case "bits" -> String.valueOf(Arrays.hashCode(states(ids(n[0], n[1]))));
      case "bytes" -> bytes(ids(n[0], n[1]), n[2]);
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private static int[][] ids(int batch, int tokens) {
    var random = new Random(3);
    var ids = new int[batch][tokens];
    for (int[] row : ids) {
      Arrays.setAll(row, _ -> random.nextInt(5, 20_005));
    }
    return ids;
  }

  private float[] states(int[][] ids) {
    return switch (model.forward(Inputs.ids(ids))) {
      case Output.Base output -> output.lastHiddenState().floats();
      case Output other -> throw new IllegalStateException("no encoder: " + other.getClass());
    };
  }

  /** All passes that began within the time, over the time until the last of them ended. */
  private double passesPerSecond(int callers, int[][] ids, int seconds)
      throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(callers)) {
      long start = System.nanoTime();
      long end = start + seconds * 1_000_000_000L;
      var futures =
          IntStream.range(0, callers)
              .<Future<Integer>>mapToObj(_ -> threads.submit(() -> passesUntil(end, ids)))
              .toList();
      int passes = 0;
      for (var future : futures) {
        passes += future.get();
      }
      return passes / ((System.nanoTime() - start) / 1e9);
    }
  }

  private int passesUntil(long end, int[][] ids) {
    int passes = 0;
    while (System.nanoTime() - end < 0) {
      states(ids);
      passes++;
    }
    return passes;
  }

  private String bytes(int[][] ids, int passes) {
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long result = (long) states(ids).length * Float.BYTES;
    long before = bean.getTotalThreadAllocatedBytes();
    for (int i = 0; i < passes; i++) {
      states(ids);
    }
    return (bean.getTotalThreadAllocatedBytes() - before) / passes + " " + result;
  }
}
