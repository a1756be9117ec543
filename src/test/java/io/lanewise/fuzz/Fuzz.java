package io.lanewise.fuzz;

import io.lanewise.hostile.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The fuzzers for hours: {@code tools/fuzz} starts them. */
final class Fuzz {
  private static final String USAGE =
      "usage: tools/fuzz [--minutes N] [--seed N] [--jazzer] [--again FILE] [PARSER...]";

  private Fuzz() {}

  public static void main(String[] args) throws Exception {
    double minutes = 60;
    long seed = System.nanoTime();
    boolean jazzer = false;
    Path again = null;
    var names = new ArrayList<String>();
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--minutes" -> minutes = Double.parseDouble(args[++i]);
        case "--seed" -> seed = Long.parseLong(args[++i]);
        case "--jazzer" -> jazzer = true;
        case "--again" -> again = Path.of(args[++i]);
        default -> names.add(args[i]);
      }
    }
    var root = Files.createTempDirectory("lanewise-fuzz");
    try {
      var targets =
          Targets.all(root).stream()
              .filter(each -> names.isEmpty() || names.contains(each.name()))
              .toList();
      if (targets.isEmpty() || targets.size() < names.size()) {
        System.err.println(USAGE);
        System.err.println(
            "parsers: "
                + Targets.all(Files.createDirectories(root.resolve("names"))).stream()
                    .map(Target::name)
                    .collect(Collectors.joining(" ")));
        System.exit(2);
      }
      if (again != null) {
        again(targets.getFirst(), again);
      } else if (jazzer) {
        System.exit(
            Jazzer.run(names, seed, -1, Duration.ofMillis((long) (minutes * 60_000)), true));
      } else {
        System.exit(run(targets, seed, minutes) ? 0 : 1);
      }
    } finally {
      Folders.delete(root);
    }
  }

  /** A file that was written aside, once more, with whatever it does. */
  private static void again(Target target, Path file) throws Exception {
    for (var seed : target.seeds()) {
      try {
        target.run(seed, Files.readAllBytes(file));
        System.out.println("read");
      } catch (io.lanewise.LanewiseException e) {
        System.out.println("refused: " + e.getMessage());
      } catch (RuntimeException | Error e) {
        e.printStackTrace(System.out);
      }
    }
  }

  private static boolean run(List<Target> targets, long seed, double minutes)
      throws InterruptedException {
    var time = Duration.ofMillis((long) (minutes * 60_000 / targets.size()));
    System.out.println("seed " + seed);
    boolean good = true;
    for (var target : targets) {
      var outcome = Fuzzer.run(target, seed, Long.MAX_VALUE, time);
      System.out.printf(
          "%-24s %,10d files, %,9d read, %,9d refused at %,5d places, %d faults%n",
          target,
          outcome.tried(),
          outcome.accepted(),
          outcome.refused(),
          outcome.places(),
          outcome.faults().size());
      outcome.faults().forEach(fault -> System.out.println("  " + fault));
      good &= outcome.faults().isEmpty();
    }
    return good;
  }
}
