package io.lanewise.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A minute of the fuzzers; {@code tools/fuzz} runs them for longer. The same files every time, so
 * that a build does not fail by chance.
 */
@DisabledIfSystemProperty(
    named = "lanewise.image",
    matches = "simulate",
    disabledReason = "the parsers are the same in a native image, and a minute is enough")
class FuzzTest {
  private static final long SEED = 20261129;
  private static final int FILES = 300;

  /** Files that Jazzer tries: the same in each run, so that a gate does not fail by chance. */
  private static final int RUNS = 4_000;

  private static final Duration MOST = Duration.ofSeconds(2);

  @TempDir static Path root;

  @TestFactory
  Stream<DynamicTest> changedFiles() throws IOException {
    return Targets.all(root).stream()
        .map(target -> DynamicTest.dynamicTest(target.name(), () -> fuzz(target)));
  }

  private static void fuzz(Target target) throws InterruptedException {
    var outcome = Fuzzer.run(target, SEED, FILES, MOST);
    assertThat(outcome.faults()).isEmpty();
    assertThat(outcome.accepted()).as("files that could be read").isPositive();
    assertThat(outcome.tried()).isGreaterThan(1);
  }

  /**
   * Jazzer is guided by the code that a file reaches. Here it tries those that are read quickly.
   */
  @Test
  void guidedByCoverage() throws IOException, InterruptedException {
    var quick =
        List.of(
            "tokenizer.json",
            "spiece.model",
            "charsmap",
            "vocab.txt",
            "merges.txt",
            "safetensors",
            "index",
            "pytorch-zip",
            "pytorch-legacy",
            "msgpack");
    assertThat(Jazzer.run(quick, SEED, RUNS, Duration.ofMinutes(1), false))
        .as("the exit code; target/fuzz/jazzer.log says more")
        .isZero();
  }

  @Test
  void theSameSeedMakesTheSameFiles() {
    var content =
        "{\"a\": [1, 2], \"b\": {\"c\": \"d\"}}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    for (var kind : Mutator.Kind.values()) {
      var one = new Mutator(7);
      var other = new Mutator(7);
      for (int i = 0; i < 100; i++) {
        assertThat(one.change(content, kind, List.of(content)))
            .isEqualTo(other.change(content, kind, List.of(content)));
      }
    }
  }

  /** A parser that fails at a certain file is found out, and the file is kept. */
  @Test
  void faultsAreFound() throws Exception {
    var seed = new Target.Seed(root, "x", new byte[] {1, 2, 3, 4});
    var target =
        new Target(
            "planted",
            Mutator.Kind.BINARY,
            List.of(seed),
            folder -> {
              if (java.nio.file.Files.readAllBytes(folder.resolve("x"))[0] == 0) {
                throw new IllegalStateException("planted");
              }
            });
    var outcome = Fuzzer.run(target, 1, 5000, Duration.ofSeconds(60));
    assertThat(outcome.faults())
        .anySatisfy(fault -> assertThat(fault).contains("planted", "seed 1"));
    assertThat(Fuzzer.ASIDE.resolve("planted-1-0")).exists();
  }
}
