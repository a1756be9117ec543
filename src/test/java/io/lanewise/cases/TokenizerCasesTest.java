package io.lanewise.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every file of the project's tokenizer cases, the tables of all code points included: what {@code
 * tools/tokenizer-cases} runs. The scripts {@code tools/reference/tokenizer_*.py} made them.
 */
class TokenizerCasesTest {
  private static final Path FOLDER = Path.of("src/test/resources/tokenizers");
  private static final Path CASES = FOLDER.resolve("cases");
  private static final Path VOCABULARIES = FOLDER.resolve("vocab");

  @TempDir static Path scratch;

  @TestFactory
  Stream<DynamicTest> everyFile() throws IOException {
    var runner = new CaseRunner(CASES, VOCABULARIES, scratch);
    return CaseRunner.files(CASES).stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> check(runner.run(name))));
  }

  private static void check(CaseReport report) {
    System.out.println(report.line());
    assertThat(report.comparisons()).isPositive();
    assertThat(report.differences()).as(() -> String.join("\n    ", report.first())).isZero();
  }

  @Test
  void everyKindIsThere() throws IOException {
    var expected =
        Stream.of(
                Stream.of("albert", "bert", "nezha", "roberta")
                    .flatMap(
                        name ->
                            Stream.of(
                                name + "-fast.jsonl.gz",
                                name + "-fast.batch.jsonl.gz",
                                name + "-slow.jsonl.gz")),
                Stream.of("albert-fast", "bert-fast", "nezha-fast", "roberta-fast.prefix")
                    .map(name -> name + ".pretok.jsonl.gz"),
                Stream.of(
                    "albert_sampling.json",
                    "api.json",
                    "spm.jsonl.gz",
                    "spm_small.jsonl.gz",
                    "spm_bytes.jsonl.gz"),
                Stream.of("variants_fast.jsonl.gz", "variants_slow.jsonl.gz"),
                Stream.of("classes.json.gz", "python314.json.gz").map("codepoints/"::concat),
                Stream.of("albert_fast_norm", "bert_lower", "lowercase", "nfkd", "precompiled")
                    .map(name -> "codepoints/" + name + ".tsv.gz"),
                Stream.of("codepoints/spm_norm.tsv.gz"))
            .flatMap(names -> names)
            .toList();
    assertThat(CaseRunner.files(CASES)).containsAll(expected);
  }

  /** A case that differs is told, so that no difference and nothing compared are not the same. */
  @Test
  void aDifferenceIsFound() {
    var report = new CaseReport("planted");
    report.equal("ids", new int[] {1, 2}, new int[] {1, 3});
    assertThat(report.differences()).isOne();
    assertThat(report.first())
        .isEqualTo(List.of("ids\n      expected [1, 2]\n      actual   [1, 3]"));
  }
}
