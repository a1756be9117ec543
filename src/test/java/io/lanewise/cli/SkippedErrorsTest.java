package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With --skip-errors an error stands in the place of its answer, whatever the format. */
class SkippedErrorsTest {
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");
  private static final String LONG = "long ".repeat(400).strip();

  @TempDir private Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Run skipping(byte[] input, String... arguments) {
    var run = Run.reading(input, arguments);
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("no answer; \"error\" says why");
    return run;
  }

  /** Where the errors are among the lines: first, in the middle, last, all. */
  @ParameterizedTest
  @CsvSource({"0", "2", "4", "'0 1'", "'0 1 2 3 4'"})
  void anErrorHasARowOfItsOwnInOrder(String places) {
    var wrong = List.of(places.split(" ", -1));
    var lines = new String[5];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = wrong.contains("" + i) ? LONG + " " + i : "text " + i;
    }
    var input = bytes(String.join("\n", lines));
    var table = skipping(input, "classify", "--skip-errors").out().lines().toList();
    var csv = skipping(input, "classify", "--skip-errors", "--csv").out().split("\r\n", -1);
    var jsonl = skipping(input, "classify", "--skip-errors", "--jsonl", "--plain").jsonLines();
    var json = skipping(input, "classify", "--skip-errors", "--json").json();
    assertThat(table).hasSize(5);
    assertThat(csv).hasSize(7).startsWith("text,score,label").endsWith("");
    assertThat(jsonl).hasSize(5);
    assertThat(json).hasSize(5);
    for (int i = 0; i < 5; i++) {
      boolean is = wrong.contains("" + i);
      assertThat(table.get(i)).matches(is ? "error: .*long.*" : "0\\.\\d+ .*text " + i);
      assertThat(csv[i + 1]).matches(is ? "long.*,\"error: .*" : "text " + i + ",0\\..*");
      assertThat(jsonl.get(i).has("error")).isEqualTo(is);
      assertThat(jsonl.get(i).path("text").textValue()).isEqualTo(lines[i]);
      assertThat(json.get(i).has("error")).isEqualTo(is);
      assertThat(json.get(i).has("score")).isNotEqualTo(is);
    }
  }

  /** A line that is no object has no fields, and its number says where it stood. */
  @Test
  void linesThatCannotBeReadHaveAPlaceToo() {
    var input = bytes("nonsense\n{\"id\":1,\"text\":\"a\"}\n\u00ff\n{\"id\":2}\n[3]\n");
    var csv = skipping(input, "classify", "--jsonl", "--csv", "--skip-errors").out();
    assertThat(csv.split("\r\n", -1))
        .hasSize(7)
        .satisfies(
            rows -> {
              assertThat(rows[0]).isEqualTo("id,text,score,label");
              assertThat(rows[1]).startsWith(",,\"error: standard input, line 1: ");
              assertThat(rows[2]).startsWith("1,a,0.");
              assertThat(rows[3]).startsWith(",,\"error: standard input, line 3: not UTF-8");
              assertThat(rows[4]).startsWith("2,,\"error: there is no field");
              assertThat(rows[5]).startsWith(",,\"error: standard input, line 5: a JSON object");
            });
    var json = skipping(input, "classify", "--jsonl", "--json", "--skip-errors").json();
    assertThat(json).hasSize(5);
    assertThat(json.get(0).path("line").intValue()).isEqualTo(1);
    assertThat(json.get(2).path("line").intValue()).isEqualTo(3);
    assertThat(json.get(3).has("line")).isFalse();
    var table = skipping(bytes("a\n\u00ff\nb\n"), "classify", "--skip-errors").out();
    assertThat(table.lines())
        .hasSize(3)
        .element(1)
        .isEqualTo("error: standard input, line 2: not UTF-8; convert it first");
    assertThat(skipping(bytes("\u00ff"), "classify", "--csv", "--skip-errors").out())
        .startsWith("text,score,label\r\n,\"error: standard input, line 1: not UTF-8");
  }

  /** What stands in the line is its title in a table if the field with the text is none. */
  @Test
  void aFieldThatIsNoTextHasAPlaceInATable() throws IOException {
    var input = bytes("{\"text\":7}\n{\"text\":\"a\"}\n");
    var lines = skipping(input, "classify", "--jsonl", "--csv", "--skip-errors").out().lines();
    assertThat(lines.skip(1).findFirst().orElseThrow()).startsWith("7,\"error: field ");
    var file = folder.resolve("in.jsonl");
    Files.write(file, input);
    var table = skipping(new byte[0], "classify", "-k2", "-f", file.toString(), "--skip-errors");
    assertThat(table.out()).startsWith("{\"text\":7}\nerror: field \"text\" is no text\n\na\n  0.");
  }

  @Test
  void oneOfSeveralPassagesThatCannotBeReadIsNamed() throws IOException {
    var model = TASKS.resolve("classes-bert-rerank").toString();
    var file = Files.write(folder.resolve("p.txt"), bytes("a\n\u00ff\nb\n")).toString();
    Run.of("rerank", "-m", model, "-q", "x", "-f", file).failed("p.txt, line 2: not UTF-8");
    var arguments = new String[] {"rerank", "-m", model, "-q", "x", "-f", file, "--skip-errors"};
    assertThat(skipping(new byte[0], arguments).out()).contains("error: ").contains("line 2");
  }

  /** Tables are aligned in blocks; an error between them does not mix up their order. */
  @Test
  void manyRowsKeepTheirOrder() {
    var input = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      input.append(i == 130 ? LONG : "row " + i).append('\n');
    }
    var lines = skipping(bytes(input.toString()), "classify", "--skip-errors").out().lines();
    assertThat(lines.map(line -> line.replaceAll("^0\\.\\d+ +\\w+ +", "").strip()).toList())
        .hasSize(200)
        .satisfies(
            rows -> {
              for (int i = 0; i < 200; i++) {
                assertThat(rows.get(i)).matches(i == 130 ? "error: .*" : "row " + i);
              }
            });
  }
}
