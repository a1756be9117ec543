package io.lanewise.golden;

import io.lanewise.golden.Verdict.Kind;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Locale;

/** Runs every case of a folder; what {@code tools/goldens} starts. */
public final class Goldens {
  private static final String USAGE =
      "usage: tools/goldens CASES_DIR --out DIR [--backend auto|vector|openblas|scalar] [--threads"
          + " N]";

  private Goldens() {}

  public static void main(String[] arguments) throws IOException {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) throws IOException {
    Path cases = null;
    Path out = null;
    var options = Options.DEFAULT;
    try {
      for (int i = 0; i < arguments.length; i++) {
        switch (arguments[i]) {
          case "--out" -> out = Path.of(arguments[++i]);
          case "--backend" ->
              options =
                  options.withBackend(
                      KernelChoice.valueOf(arguments[++i].toUpperCase(Locale.ROOT)));
          case "--threads" -> options = options.withThreads(Integer.parseInt(arguments[++i]));
          default -> cases = Path.of(arguments[i]);
        }
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      cases = null; // told below
    }
    if (cases == null || out == null || !Files.isDirectory(cases)) {
      System.err.println(USAGE);
      return 2;
    }
    return run(cases, new GoldenRunner(options, out), new EmbedderRunner(options));
  }

  private static int run(Path cases, GoldenRunner runner, EmbedderRunner embedders)
      throws IOException {
    var counts = new EnumMap<Kind, Integer>(Kind.class);
    Verdict worst = null;
    var folders = new ArrayList<>(GoldenRunner.cases(cases));
    int first = folders.size();
    folders.addAll(EmbedderRunner.cases(cases));
    for (int i = 0; i < folders.size(); i++) {
      var verdict = i < first ? runner.run(folders.get(i)) : embedders.run(folders.get(i));
      System.out.println(verdict.line());
      if (verdict.detail() != null && verdict.kind() != Kind.UNSUPPORTED) {
        System.err.println("  " + verdict.name() + ": " + verdict.detail());
      }
      counts.merge(verdict.kind(), 1, Integer::sum);
      if (verdict.largest() >= 0 && (worst == null || verdict.largest() > worst.largest())) {
        worst = verdict;
      }
    }
    var line = new StringBuilder();
    for (var kind : Kind.values()) {
      line.append(counts.getOrDefault(kind, 0)).append(' ').append(kind).append(", ");
    }
    line.append("largest difference ")
        .append(worst == null ? "-" : "%.2e (%s)".formatted(worst.largest(), worst.name()));
    System.out.println(line);
    boolean good = !counts.containsKey(Kind.FAIL) && !counts.containsKey(Kind.ERROR);
    return good && worst != null ? 0 : 1;
  }
}
