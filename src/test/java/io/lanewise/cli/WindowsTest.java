package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a window ends changes no bit of an answer: else a job that goes on after an interruption
 * would give another file than one that was not interrupted.
 */
class WindowsTest {
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");
  private static final int LINES = 12;

  /** Texts of all lengths, some of them alike. */
  private static String lines() {
    return IntStream.range(0, LINES)
        .mapToObj(
            i -> {
              var text = "one two ".repeat(i * 5 % 4) + "word " + i % 9;
              return ("{\"text\":\"%s\",\"question\":\"%s\",\"premise\":\"%s\",\"pair\":\"a cat\","
                      + "\"context\":\"%s and more\",\"choices\":[\"it was\",\"%s\"],"
                      + "\"passages\":[\"no\",\"%s\"],\"masked\":1}")
                  .formatted(text, "what?", text, text, text, text);
            })
        .collect(Collectors.joining("\n"));
  }

  /** Standard input from which nothing can be read without waiting: each line is a window. */
  private static InputStream slowly(byte[] lines) {
    return new ByteArrayInputStream(lines) {
      @Override
      public synchronized int available() {
        return 0;
      }

      @Override
      public synchronized int read(byte[] bytes, int offset, int length) {
        int end = pos;
        while (end < count && buf[end] != '\n') {
          end++;
        }
        return super.read(bytes, offset, Math.max(1, Math.min(length, end - pos + 1)));
      }
    };
  }

  private static String out(InputStream in, List<String> arguments) {
    var out = new ByteArrayOutputStream();
    var err = new StringWriter();
    int code = Main.run(arguments.toArray(String[]::new), in, out, new PrintWriter(err, true));
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classify",
        "classify --batch-tokens 64",
        "classify --dtype int8",
        "classify --dtype bf16",
        "fill-mask -k 3",
        "score",
        "tag -m $/span-bert-tokens",
        "answer -m $/span-albert-answers",
        "zero-shot -m $/classes-bart-zero-shot --labels sport,politics",
        "choose -m $/classes-roberta-choose",
        "embed -m $/classes-bert-embed",
        "similarity -m $/classes-bert-embed",
        "rerank -m $/classes-bert-rerank -q how",
        "summarize -m $/generation/bart -n 6 --beams 3",
        "generate -m $/generation/bert-lm -n 6 --sample --seed 7",
        "generate -m $/generation/bert-lm -n 6 --beams 2 --sample --sequences 2",
        "tokenize",
      })
  void answersAreThoseOfOtherWindows(String line) {
    var arguments = new ArrayList<String>();
    for (var word : line.split(" ", -1)) {
      arguments.add(word.replace("$", TASKS.toString()));
    }
    arguments.add("--jsonl");
    var text = lines();
    if (line.startsWith("fill-mask")) {
      text = text.replace("word ", "[MASK] ");
    }
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!line.startsWith("tokenize")) {
      arguments.addAll(List.of("--threads", "1"));
    }
    if (line.contains("--dtype")) {
      // Whether the products are computed so is said on standard error; here the answers matter.
      var whole = Run.reading(bytes, arguments.toArray(String[]::new));
      var alone = new ByteArrayOutputStream();
      Main.run(
          arguments.toArray(String[]::new),
          slowly(bytes),
          alone,
          new PrintWriter(new StringWriter()));
      assertThat(whole.out().lines()).hasSize(LINES).noneMatch(each -> each.contains("error"));
      assertThat(alone.toString(StandardCharsets.UTF_8)).isEqualTo(whole.out());
      return;
    }
    var whole = out(new ByteArrayInputStream(bytes), arguments);
    assertThat(whole.lines()).hasSize(LINES);
    assertThat(out(slowly(bytes), arguments)).isEqualTo(whole);
  }
}
