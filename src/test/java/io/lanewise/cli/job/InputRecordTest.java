package io.lanewise.cli.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.cli.output.ErrorMessages;
import io.lanewise.cli.output.JsonLinesPrinter;
import io.lanewise.cli.output.Progress;
import io.lanewise.cli.output.TextOutput;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a job reads: texts as they are, and records of JSON Lines. */
class InputRecordTest {
  /** Keeps the texts that it is asked. */
  private static final class Keeping implements TaskCommand<String, Integer> {
    private final List<String> asked = new ArrayList<>();

    @Override
    public String input(InputRecord given) {
      return given.text(field());
    }

    @Override
    public List<Integer> answer(List<String> inputs) {
      asked.addAll(inputs);
      return inputs.stream().map(String::length).toList();
    }

    @Override
    public AnswerFormat<Integer> format() {
      return AnswerFormat.value(Column.number("length", length -> length));
    }
  }

  /** The very object, so nothing has written and read it on the way. */
  @Test
  void aTextReachesTheTaskAsItIs() {
    var texts = List.of("say \"hi\"", "\ud800 alone", "plain");
    var command = new Keeping();
    var bytes = new ByteArrayOutputStream();
    var printer = new JsonLinesPrinter<>(command.format(), new TextOutput(bytes, false));
    new Job<>(
            command,
            printer,
            false,
            new ErrorMessages(Set.of()),
            new WindowSize(System::nanoTime),
            Progress.NONE)
        .run(InputReader.of(texts, "text"), 0);
    assertThat(command.asked).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(command.asked.get(i)).isSameAs(texts.get(i));
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .startsWith("{\"text\":\"say \\\"hi\\\"\",\"result\":8}\n");
  }

  @Test
  void listsOfTextsStayTextsToo() {
    var passages = List.of("a \"b\"", "c");
    var fields = new LinkedHashMap<String, Object>();
    fields.put("query", "q");
    fields.put("passages", passages);
    var made = InputRecord.of(fields);
    assertThat(made.optionalTexts("passages").orElseThrow().getFirst())
        .isSameAs(passages.getFirst());
    assertThat(made.with(InputRecord.RESULT, "1"))
        .isEqualTo("{\"query\":\"q\",\"passages\":[\"a \\\"b\\\"\",\"c\"],\"result\":1}");
    assertThat(made.fields().get("passages")).hasToString("[\"a \\\"b\\\"\",\"c\"]");
    assertThatThrownBy(() -> made.text("passages")).hasMessage("field \"passages\" is no text");
  }

  @Test
  void aLineOfJsonHasTheFieldsOfItsObject() {
    var line =
        InputRecord.ofJson(
            "f, line 1", 1, "{\"text\":\"a\",\"none\":null,\"n\":1.50,\"l\":[\"x\"]}");
    assertThat(line.text("text")).isEqualTo("a");
    assertThat(line.optionalText("none")).isEmpty();
    assertThat(line.optionalText("absent")).isEmpty();
    assertThat(line.optionalTexts("l")).contains(List.of("x"));
    assertThat(line.optionalTexts("text")).contains(List.of("a"));
    assertThat(line.array("l")).isPresent();
    assertThat(line.array("text")).isEmpty();
    assertThat(line.shown("n")).startsWith("{\"text\"");
    assertThatThrownBy(() -> line.text("n")).hasMessage("field \"n\" is no text");
    assertThatThrownBy(() -> line.optionalTexts("n")).hasMessage("field \"n\" is no list of texts");
    assertThatThrownBy(() -> line.text("absent")).hasMessageContaining("there is no field");
  }

  @Test
  void whatIsNoObjectSaysSoWhateverIsAsked() {
    for (var json : List.of("[1]", "{", "{\"text\":1,\"error\":2}")) {
      var line = InputRecord.ofJson("f, line 7", 7, json);
      assertThat(line.isObject()).isFalse();
      assertThatThrownBy(() -> line.optionalText("text")).isInstanceOf(InputException.class);
      assertThatThrownBy(line::fields).isInstanceOf(InputException.class);
      assertThat(line.errorLine("why")).isEqualTo("{\"line\":7,\"error\":\"why\"}");
      assertThat(line.shown("text")).isEqualTo(json);
    }
    var unreadable = InputRecord.unreadable("f, line 2", 2, "not UTF-8");
    assertThatThrownBy(() -> unreadable.text("text")).hasMessage("not UTF-8");
    assertThat(unreadable.shown("text")).isEmpty();
  }
}
