package io.lanewise.fuzz;

import io.lanewise.hostile.Folders;
import io.lanewise.hostile.TestJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Starts Jazzer in a JVM of its own. */
final class Jazzer {
  /** Seconds that a file may take. */
  private static final int MOST_SECONDS = 30;

  private static final Path SHELL = Path.of("/bin/sh");

  private Jazzer() {}

  /**
   * Runs it.
   *
   * @param names of the targets; none for all
   * @param seed of the changes; 0 for any
   * @param runs files that are tried, unless the time is over before; −1 for as many as can be
   * @param loud whether it says on standard output what it does
   * @return 0 if nothing was found
   */
  static int run(List<String> names, long seed, int runs, Duration time, boolean loud)
      throws IOException, InterruptedException {
    var root = Files.createTempDirectory("lanewise-jazzer");
    try {
      var corpus = Files.createDirectories(root.resolve("corpus"));
      seeds(root, names, corpus);
      Files.createDirectories(Fuzzer.ASIDE);
      var log = Fuzzer.ASIDE.resolve("jazzer.log").toFile();
      var process =
          TestJvm.builder(
              List.of(
                  "-Xmx1g",
                  "-Dlanewise.fuzz.targets=" + String.join(",", names),
                  "-Dlanewise.fuzz.folder=" + Files.createDirectories(root.resolve("folders"))),
              "com.code_intelligence.jazzer.Jazzer",
              List.of(
                  "--target_class=" + JazzerTarget.class.getName(),
                  "--instrumentation_includes="
                      + "io.lanewise.checkpoint.**:io.lanewise.json.**:io.lanewise.tokenizer.**"
                      + ":io.lanewise.generate.**:io.lanewise.task.**:io.lanewise.cli.**",
                  "--custom_hook_excludes=**",
                  "--reproducer_path=" + Fuzzer.ASIDE,
                  "-artifact_prefix=" + Fuzzer.ASIDE + "/jazzer-",
                  "-seed=" + Math.floorMod(seed, 1L << 31),
                  "-runs=" + runs,
                  "-max_total_time=" + Math.max(1, time.toSeconds()),
                  "-timeout=" + MOST_SECONDS,
                  "-rss_limit_mb=4096",
                  "-max_len=65536",
                  corpus.toString()));
      return withMemoryOfItsOwn(process)
          .redirectErrorStream(true)
          .redirectOutput(loud ? Redirect.INHERIT : Redirect.to(log))
          .start()
          .waitFor();
    } finally {
      Folders.delete(root);
    }
  }

  /**
   * Lets a shell start it. Linux counts the most memory of the process that starts another as that
   * of the other one too, and a JVM of tests alone can have more than the limit.
   */
  private static ProcessBuilder withMemoryOfItsOwn(ProcessBuilder process) {
    if (Files.isExecutable(SHELL)) {
      process.command().addAll(0, List.of(SHELL.toString(), "-c", "\"$@\"; exit $?", "sh"));
    }
    return process;
  }

  /** Good files, each after the number of its target and that of its folder. */
  private static void seeds(Path root, List<String> names, Path corpus) throws IOException {
    var targets = JazzerTarget.named(Files.createDirectories(root.resolve("seeds")), names);
    for (int t = 0; t < targets.size(); t++) {
      var seeds = targets.get(t).seeds();
      for (int s = 0; s < seeds.size(); s++) {
        var file = new ByteArrayOutputStream();
        file.write(t);
        file.write(s);
        file.writeBytes(seeds.get(s).content());
        Files.write(corpus.resolve(t + "-" + s), file.toByteArray());
      }
    }
  }
}
