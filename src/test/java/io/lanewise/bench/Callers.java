package io.lanewise.bench;

import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;

/**
 * How evenly many callers of one model are served: {@code Callers THREADS CALLS}. With 16 and 64
 * callers, on platform threads and on virtual ones, each of which makes so many calls of 1 × 128
 * tokens, it prints the median and the slowest call, what all together reach, and how long closing
 * the model takes while all of them are calling.
 */
public final class Callers {
  private final int threads;
  private final int calls;
  private final Inputs inputs = BenchModel.inputs(1, 128);

  private Callers(int threads, int calls) {
    this.threads = threads;
    this.calls = calls;
  }

  /** Prints a table. */
  public static void main(String[] arguments) throws Exception {
    var all = new Callers(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.println(
        "threads a call: %d; %d processors; BERT of 6 layers, 384 wide; 1 × 128 tokens"
            .formatted(all.threads, Runtime.getRuntime().availableProcessors()));
    System.out.printf(
        "%-18s %10s %11s %16s %9s %10s%n",
        "callers", "median ms", "slowest ms", "slowest / median", "calls/s", "close() ms");
    try (var model = all.model()) {
      for (int i = 0; i < 150; i++) { // the compiler needs a number of calls
        model.forward(all.inputs);
      }
    }
    for (int callers : new int[] {16, 64}) {
      all.measure(callers, "platform", Thread.ofPlatform().factory());
      all.measure(callers, "virtual", Thread.ofVirtual().factory());
    }
  }

  private Model model() {
    return Model.random(BenchModel.bert(6, 384), Options.DEFAULT.withThreads(threads));
  }

  private void measure(int callers, String kind, ThreadFactory factory) throws Exception {
    try (var executor = Executors.newThreadPerTaskExecutor(factory);
        var model = model()) {
      long start = System.nanoTime();
      var futures = new ArrayList<Future<double[]>>();
      for (int i = 0; i < callers; i++) {
        futures.add(executor.submit(() -> times(model)));
      }
      var times = new double[callers * calls];
      for (int i = 0; i < callers; i++) {
        System.arraycopy(futures.get(i).get(), 0, times, i * calls, calls);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Arrays.sort(times);
      double median = times[times.length / 2];
      double slowest = times[times.length - 1];
      System.out.printf(
          Locale.ROOT,
          "%-18s %10.0f %11.0f %16.1f %9.1f %10.0f%n",
          callers + " " + kind,
          median,
          slowest,
          slowest / median,
          times.length / seconds,
          close(model, callers, executor));
    }
  }

  private double[] times(Model model) {
    var times = new double[calls];
    for (int i = 0; i < calls; i++) {
      long start = System.nanoTime();
      model.forward(inputs);
      times[i] = (System.nanoTime() - start) / 1e6;
    }
    return times;
  }

  /** Milliseconds until the model is closed under load. */
  private double close(Model model, int callers, ExecutorService executor)
      throws InterruptedException, ExecutionException {
    var running = new CountDownLatch(callers);
    var futures = new ArrayList<Future<?>>();
    for (int i = 0; i < callers; i++) {
      futures.add(
          executor.submit(
              () -> {
                try {
                  while (true) {
                    model.forward(inputs);
                    running.countDown();
                  }
                } catch (RuntimeException e) {
                  running.countDown(); // the model is closed
                }
              }));
    }
    running.await();
    long start = System.nanoTime();
    model.close();
    double time = (System.nanoTime() - start) / 1e6;
    for (var future : futures) {
      future.get();
    }
    return time;
  }
}
