package io.lanewise.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file of the shared tokenizer cases, the tables of all code points included: what {@code
 * tools/tokenizer-cases} runs.
 */
class TokenizerCasesTest {
  private static final Path SHARED = Path.of("../shared/tokenizers");

  @TempDir static Path scratch;

  @TestFactory
  Stream<DynamicTest> everyFile() throws IOException {
    Path cases = SHARED.resolve("cases");
    boolean there = Files.exists(cases.resolve("text.jsonl"));
    assertThat(there || !"true".equals(System.getenv("CI"))).as(cases + " is there").isTrue();
    assumeTrue(there, () -> cases + " is not there");
    var runner = new CaseRunner(cases, SHARED.resolve("vocab"), scratch);
    return CaseRunner.files(cases).stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> check(runner.run(name))));
  }

  private static void check(CaseReport report) {
    System.out.println(report.line());
    assertThat(report.comparisons()).isPositive();
    assertThat(report.differences()).as(() -> String.join("\n    ", report.first())).isZero();
  }
}
