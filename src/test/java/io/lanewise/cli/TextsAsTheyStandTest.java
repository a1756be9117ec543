package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.cli.command.Commands;
import io.lanewise.cli.output.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * Nothing in a text of the command line is a file, an option, a variable or a quote to take away.
 */
class TextsAsTheyStandTest {
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");

  @TempDir private Path folder;

  static Set<String> commands() {
    return new CommandLine(new Commands(null, null, null, Terminal.NONE)).getSubcommands().keySet();
  }

  /** A file that, taken for options, would write another. */
  private String trap() throws IOException {
    var file = Files.writeString(folder.resolve("trap"), "--out=" + folder.resolve("written"));
    return "@" + file;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aFileIsNoOptions(String command) throws IOException {
    Run.of(command, trap());
    assertThat(folder.resolve("written")).doesNotExist();
    assertThat(folder.resolve("trap")).hasContent("--out=" + folder.resolve("written"));
  }

  private static List<String> tokens(String... arguments) {
    var all = new ArrayList<>(List.of("tokenize", "--jsonl", "--no-specials"));
    all.addAll(List.of(arguments));
    var lines = Run.of(all.toArray(String[]::new)).succeeded().jsonLines();
    return lines.stream().map(line -> line.path("text").textValue()).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@a",
        "@@a",
        "@",
        "\"quoted\"",
        "'quoted'",
        "\"",
        "${sys:user.home}",
        "${env:HOME}",
        "$HOME",
        "@|red x|@",
        "%s %n",
        "a=b",
        "=",
        "help",
        "tokenize",
        "a,b",
        "\\n",
        "*",
        "",
        " ",
        "#",
        "!x"
      })
  void aTextStaysAsItIs(String text) {
    assertThat(tokens(text)).containsExactly(text);
    assertThat(tokens(text, text)).containsExactly(text, text);
    assertThat(tokens("--", text)).containsExactly(text);
    var json = Run.of("tokenize", "--jsonl", "--pair", text, text).succeeded().jsonLines();
    assertThat(json.getFirst().path("text").textValue()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "-5 degrees", "--", "--json", "-o", "--out=x", "-x", "--threads 2"})
  void aTextMayLookLikeAnOptionAfterTwoHyphens(String text) {
    assertThat(tokens("--", text, "b")).containsExactly(text, "b");
    // What stands where an option's value is expected is that value, whatever it looks like.
    if (!text.equals("--")) {
      var pair = Run.of("tokenize", "--pair", text, "a").succeeded().out();
      assertThat(pair).isEqualTo(Run.of("tokenize", "--pair=" + text, "a").succeeded().out());
      assertThat(pair).isNotEqualTo(Run.of("tokenize", "--pair", "b", "a").out());
    }
  }

  @Test
  void aTextThatLooksLikeAnOptionIsToldHowToBeGiven() {
    var run = Run.of("tokenize", "-5 degrees").refused("-5 degrees");
    assertThat(run.err()).contains("A text that begins with - goes after --");
    assertThat(Run.of("doctor", "-5").err()).doesNotContain("goes after");
  }

  @Test
  void onlyTheWholeNameOfAnOptionIsThatOption() {
    Run.of("tokenize", "--js", "a").refused("--js");
    Run.of("tokenize", "--tab", "a").refused("--tab");
    Run.of("tokeniz", "a").refused("tokeniz");
  }

  @Test
  void quotesInAListBelongToItsWords() {
    var model = TASKS.resolve("classes-bart-zero-shot").toString();
    var run = Run.of("zero-shot", "-m", model, "--labels", "\"a,b\",c", "--json", "text");
    assertThat(run.succeeded().json().path("labels"))
        .extracting(label -> label.textValue())
        .containsExactlyInAnyOrder("\"a", "b\"", "c");
  }

  /** Properties that picocli reads change nothing. */
  @Test
  void propertiesChangeNothing() {
    System.setProperty("picocli.trimQuotes", "true");
    try {
      assertThat(tokens("\"quoted\"")).containsExactly("\"quoted\"");
    } finally {
      System.clearProperty("picocli.trimQuotes");
    }
  }
}
