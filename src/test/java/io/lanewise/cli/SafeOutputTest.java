package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.cli.command.GeneratedTexts;
import io.lanewise.cli.output.Csv;
import io.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What texts, labels and names of files can do to a terminal, and to a spreadsheet: nothing. */
class SafeOutputTest {
  private static final Path SENTIMENT = Path.of("weights", "albert-tiny-sentiment");
  private static final String HOSTILE =
      "a\u001b[2J\u009b1m\u0007\u202eb\u2066c\u200bd\u0085e\u2028f\ufeff";
  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\p{Cntrl}\\p{Cf}\u2028\u2029&&[^\n]]", Pattern.UNICODE_CHARACTER_CLASS);

  @TempDir private Path folder;

  private static void isSafe(String out) {
    assertThat(FORBIDDEN.matcher(out).results().map(each -> (int) each.group().charAt(0)))
        .as(out)
        .isEmpty();
  }

  private Path modelWith(String from, String to) throws IOException {
    var model = Files.createDirectories(folder.resolve("model"));
    try (var files = Files.list(SENTIMENT)) {
      for (var file : (Iterable<Path>) files::iterator) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    var config = model.resolve("config.json");
    var text = Files.readString(config);
    assertThat(text).contains(from);
    Files.writeString(config, text.replace(from, to));
    return model;
  }

  private static String quoted(String text) {
    return Json.mapper().getNodeFactory().textNode(text).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classify",
        "classify -k 2",
        "fill-mask",
        "score",
        "score --tokens",
        "tokenize --table",
        "tokenize",
        "attention",
        "decode",
        "generate",
        "embed",
        "inspect -m",
        "classify -m",
        "tokenizer -m",
        "models --cache",
        "classify -f",
        "--gemm",
        "convert --out x -m"
      })
  void textsAndNamesAreShownVisibly(String line) {
    var arguments = (line + " " + HOSTILE + " [MASK]").split(" ", -1);
    var run = Run.of(arguments);
    isSafe(run.out());
    isSafe(run.err());
    var debugged = Run.of((line + " --debug " + HOSTILE).split(" ", -1));
    isSafe(debugged.err().replace("\t", ""));
  }

  @Test
  void labelsOfAConfigAreShownVisibly() throws IOException {
    var label = quoted(HOSTILE);
    var model = modelWith("\"POSITIVE\"", label).toString();
    for (var options : new String[][] {{}, {"-k", "2"}}) {
      var arguments = new java.util.ArrayList<>(java.util.List.of("classify", "-m", model));
      arguments.addAll(java.util.List.of(options));
      arguments.addAll(java.util.List.of("a fine film", "the best film"));
      var run = Run.of(arguments.toArray(String[]::new));
      isSafe(run.out());
      isSafe(run.err());
    }
    isSafe(Run.of("inspect", "-m", model).out());
    // In JSON and CSV they are what they are.
    var json = Run.of("classify", "-m", model, "--json", "-k", "2", "a fine film").json();
    assertThat(json).extracting(each -> each.path("label").textValue()).contains(HOSTILE);
    assertThat(Run.of("classify", "-m", model, "--csv", "-k", "2", "a fine film").out())
        .contains(HOSTILE);
  }

  @Test
  void namesInTheCacheAreShownVisibly() throws IOException {
    var cache = Files.createDirectories(folder.resolve("cache"));
    Files.createDirectories(cache.resolve("models--a--b\u202e\u001b[31m/snapshots/abc\u200b"));
    var run = Run.of("models", "--cache", cache.toString()).succeeded();
    isSafe(run.out());
    assertThat(run.out()).contains("a/b\\u202e\\u001b[31m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`=1+1`|`'=1+1`",
        "`=cmd|' /C calc'!A0`|`'=cmd|' /C calc'!A0`",
        "`+1+1`|`'+1+1`",
        "`-2+3`|`'-2+3`",
        "`@SUM(1)`|`'@SUM(1)`",
        "` =1`|`' =1`",
        "`＝1`|`'＝1`",
        "`=\"a\"`|`\"'=\"\"a\"\"\"`",
        "`-5`|`-5`",
        "`+3.5e-7`|`+3.5e-7`",
        "`plain`|`plain`",
        "`a=b`|`a=b`",
        "`a;b`|`\"a;b\"`",
        "`-`|`'-`",
        "`'`|`'`"
      })
  void aSpreadsheetRunsNothing(String text, String cell) {
    assertThat(Csv.cell(text)).isEqualTo(cell);
  }

  @Test
  void cellsThatBeginWithATabOrALineBreakAreQuoted() {
    assertThat(Csv.cell("\t=1")).isEqualTo("\"'\t=1\"");
    assertThat(Csv.cell("\r=1")).isEqualTo("\"'\r=1\"");
    assertThat(Csv.cell("\n=1")).isEqualTo("\"'\n=1\"");
    assertThat(Csv.cell(-0.5f)).isEqualTo("-0.5");
    assertThat(Csv.cell(null)).isEmpty();
  }

  @Test
  void answersAsCsvRunNothing() throws IOException {
    var model = modelWith("\"POSITIVE\"", "\"=HYPERLINK(1)\"").toString();
    var line = "{\"=field\":\"@x\",\"n\":-1.50,\"text\":\"=1+1\"}\n";
    var out = Run.reading(line, "classify", "-m", model, "--jsonl", "--csv", "-k2").out();
    assertThat(out)
        .startsWith("'=field,n,text,score,label\r\n'@x,-1.5,'=1+1,0.")
        .contains(",'=HYPERLINK(1)\r\n");
    var cache = Files.createDirectories(folder.resolve("cache/models--=1/snapshots")).getParent();
    var models = Run.of("models", "--cache", cache.getParent().toString(), "--csv");
    assertThat(models.succeeded().out()).contains("\r\n'=1,");
  }

  @Test
  void streamedTextIsShownVisibly() {
    assertThat(GeneratedTexts.visible("a\u001b[2J\nb\u202e\n"))
        .isEqualTo("a\\u001b[2J\nb\\u202e\n");
  }
}
