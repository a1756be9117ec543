package io.lanewise.bench;

import io.lanewise.model.Head;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What memory a process holds before, at and after one giant call, on Linux: {@code Resident BATCH
 * TOKENS}. Before and after are 100 small calls.
 */
public final class Resident {
  private Resident() {}

  /** Prints four lines and the ratio between the last and the first. */
  public static void main(String[] arguments) throws IOException {
    int batch = Integer.parseInt(arguments[0]);
    int tokens = Integer.parseInt(arguments[1]);
    var options = Options.DEFAULT.withHead(Head.SEQUENCE_CLASSIFICATION).withAllowNewHead(true);
    try (var model = Model.random(BenchModel.bert(2, 128), options)) {
      small(model);
      long before = megabytes("VmRSS");
      System.out.println("before: %d MB".formatted(before));
      model.forward(BenchModel.inputs(batch, tokens));
      System.out.println("at %d x %d: %d MB".formatted(batch, tokens, megabytes("VmHWM")));
      System.out.println("right behind it: %d MB".formatted(megabytes("VmRSS")));
      small(model);
      long after = megabytes("VmRSS");
      System.out.println(
          "after 100 small calls: %d MB, %.2f times of before"
              .formatted(after, (double) after / before));
    }
  }

  private static void small(Model model) {
    var inputs = BenchModel.inputs(1, 32);
    for (int i = 0; i < 100; i++) {
      model.forward(inputs);
    }
  }

  private static long megabytes(String key) throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      var line = lines.filter(each -> each.startsWith(key + ":")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
    }
  }
}
