package io.lanewise.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * In a heap of 512 MiB each hostile file or input ends in one clear error, within seconds: no
 * running out of memory, no hanging, nothing but a {@link io.lanewise.LanewiseException}.
 */
@DisabledIfSystemProperty(
    named = "lanewise.image",
    matches = "simulate",
    disabledReason = "the cases run in a JVM of their own, which the property does not reach")
class HostileFilesTest {
  /** Seconds of processor time that a case may take: the machine may be slow, or busy. */
  private static final double MOST_SECONDS = 5;

  /** What came of each case: the verdict and the milliseconds. */
  private static final Map<String, String[]> RESULTS = new HashMap<>();

  private static int code;

  @BeforeAll
  static void runAll(@TempDir Path folder) throws IOException, InterruptedException {
    var process =
        TestJvm.builder(
                List.of("-Xmx512m"), HostileRunner.class.getName(), List.of(folder.toString()))
            .redirectError(Redirect.DISCARD)
            .start();
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var parts = line.split("\t", -1);
        RESULTS.put(parts[0], new String[] {parts[1], parts[2]});
      }
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    code = process.exitValue();
  }

  @Test
  void namesAreUnlike() {
    assertThat(HostileRunner.cases()).extracting(HostileCase::name).doesNotHaveDuplicates();
  }

  @Test
  void theJvmLives() {
    assertThat(code).isZero();
    assertThat(RESULTS).hasSameSizeAs(HostileRunner.cases());
  }

  @TestFactory
  Stream<DynamicTest> eachEndsWell() {
    return HostileRunner.cases().stream()
        .map(each -> DynamicTest.dynamicTest(each.name(), () -> endsWell(each.name())));
  }

  private static void endsWell(String name) {
    var result = RESULTS.get(name);
    assertThat(result).as("the JVM came so far").isNotNull();
    assertThat(result[0]).isEqualTo("ok");
    assertThat(Long.parseLong(result[1]) / 1000.0)
        .as("seconds of processor time")
        .isLessThan(MOST_SECONDS);
  }

  /** Where there are no pipes and devices, their cases are left out. */
  @Test
  void placesAreTriedWhereThereAreSome() {
    boolean posix =
        List.copyOf(java.nio.file.FileSystems.getDefault().supportedFileAttributeViews())
            .contains("posix");
    assertThat(HostilePlaces.all().isEmpty()).isEqualTo(!posix);
  }
}
