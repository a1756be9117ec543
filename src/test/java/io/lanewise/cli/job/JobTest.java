package io.lanewise.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.cli.Main;
import io.lanewise.cli.Run;
import io.lanewise.cli.output.Terminal;
import io.lanewise.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where inputs come from, how answers leave, and what becomes of bad ones. */
class JobTest {
  private static final String JOY = "a joy from start to end";
  private static final String DULL = "dull, lifeless";

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void textsComeFromArgumentsAFileOrStandardInput() throws IOException {
    var expected = Run.of("classify", JOY, DULL).succeeded().out();
    assertThat(expected.lines())
        .hasSize(2)
        .first()
        .asString()
        .matches("0\\.9\\d{5}  POSITIVE  " + JOY);
    var lines = JOY + "\r\n\n  \n" + DULL;
    var file = file("texts.txt", lines).toString();
    assertThat(Run.of("classify", "--file", file).succeeded().out()).isEqualTo(expected);
    assertThat(Run.reading(lines, "classify").succeeded().out()).isEqualTo(expected);
  }

  @Test
  void jsonLinesAreCarriedThroughByteForByte() throws IOException {
    var first = "{ \"id\" : 1.500, \"text\":\"" + JOY + "\", \"more\": {\"a\":[1 ,2]}";
    var second = "{\"text\":\"\\u0064ull\",\"id\":12345678901234567890123";
    var input = first + " }\n\n" + second + "}\r\n";
    var out = Run.reading(input, "classify", "--jsonl").succeeded().out().lines().toList();
    assertThat(out).hasSize(2);
    assertThat(out.get(0)).startsWith(first + ",\"result\":{\"label\":\"POSITIVE\",\"score\":0.9");
    assertThat(out.get(1)).startsWith(second + ",\"result\":{\"label\":\"NEGATIVE\"");
    var file = file("texts.jsonl", input).toString();
    assertThat(Run.of("classify", "--jsonl", "-f", file).out().lines()).isEqualTo(out);
    // The name says that its lines are objects.
    assertThat(Run.of("classify", "--csv", "-f", file).out())
        .startsWith("id,text,more,score,label\r\n1.5," + JOY + ",\"{\"\"a\"\":[1,2]}\",0.9");
  }

  @Test
  void plainTextsBecomeObjects() {
    var run = Run.reading("say \"hi\"\n", "classify", "--jsonl", "--plain").succeeded();
    assertThat(run.jsonLines().getFirst().path("text").textValue()).isEqualTo("say \"hi\"");
    assertThat(Run.of("classify", "--jsonl", JOY).succeeded().out())
        .startsWith("{\"text\":\"" + JOY + "\",\"result\":{");
  }

  @Test
  void csvIsQuotedByTheBook() {
    var out = Run.of("classify", "--csv", "a \"good\", long\nfilm", "plain").succeeded().out();
    assertThat(out)
        .startsWith("text,score,label\r\n\"a \"\"good\"\", long\nfilm\",0.")
        .contains("\r\nplain,0.")
        .endsWith("E\r\n");
    // A column of the input keeps its name.
    assertThat(Run.reading("{\"label\":3,\"text\":\"x\"}\n", "classify", "--jsonl", "--csv").out())
        .startsWith("label,text,score,result_label\r\n3,x,0.");
  }

  @Test
  void aBadLineEndsTheJobAfterAllAnswersBeforeIt() throws IOException {
    var lines = "{\"text\":\"" + JOY + "\"}\n{\"text\":\"x\"}\n{\"texts\":1}\n{\"text\":\"y\"}\n";
    var file = file("bad.jsonl", lines).toString();
    var run = Run.of("classify", "--jsonl", "--file", file).failed("bad.jsonl, line 3: ");
    assertThat(run.err()).contains("\"text\"");
    assertThat(run.jsonLines()).hasSize(2);
    assertThat(Run.reading("[MASK]\nno mask here\n", "fill-mask").failed("line 2").out())
        .startsWith("[MASK]\n  0.");
    assertThat(Run.reading(lines, "classify", "--json", "--jsonl").failed("line 3").json())
        .hasSize(2);
  }

  @Test
  void errorsAreToldInTheirPlaceIfAsked() {
    var bytes =
        "{\"text\":\"a\"}\nnot json\n{\"text\":7}\n{\"text\":\"b\",\"result\":0}\n[1]\n\u00ff\n{\"text\":\"c\"}\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    var run = Run.reading(bytes, "classify", "--jsonl", "--skip-errors");
    assertThat(run.code()).isZero();
    assertThat(run.err()).isEqualTo("lanewise: 5 inputs have no answer; \"error\" says why\n");
    var lines = run.jsonLines();
    assertThat(lines).hasSize(7);
    assertThat(lines.get(0).has("result")).isTrue();
    assertThat(lines.get(1).path("line").intValue()).isEqualTo(2);
    assertThat(lines.get(1).path("error").textValue()).contains("not valid JSON");
    assertThat(run.out().lines().toList().get(2)).startsWith("{\"text\":7,\"error\":\"");
    assertThat(lines.get(3).path("error").textValue()).contains("\"result\"");
    assertThat(lines.get(5).path("error").textValue()).contains("not UTF-8");
    assertThat(lines.get(6).has("result")).isTrue();
    var csv = Run.reading("no mask\n[MASK]\n", "fill-mask", "--csv", "--skip-errors", "-k1");
    assertThat(csv.out()).startsWith("text,mask,score").contains("no mask,\"error: no [MASK]");
    var table = Run.reading("no mask\n[MASK]\n", "fill-mask", "--skip-errors", "-k1");
    assertThat(table.out()).startsWith("no mask\nerror: no [MASK]").contains("\n\n[MASK]\n  0.");
  }

  /** The one that is to blame is found among many, and the others are answered. */
  @Test
  void aTextThatIsTooLongIsFoundAmongMany() {
    var input =
        IntStream.range(0, 50)
            .mapToObj(i -> i == 33 ? "long ".repeat(400) : "text number " + i)
            .collect(Collectors.joining("\n"));
    var run = Run.reading(input, "classify").failed("standard input, line 34: ");
    assertThat(run.err()).contains("at most 256").contains("max-length");
    assertThat(run.out().lines()).hasSize(33);
    assertThat(Run.reading(input, "classify", "--skip-errors").out().lines()).hasSize(50);
    assertThat(Run.reading(input, "classify", "--max-length=64").succeeded().out().lines())
        .hasSize(50);
  }

  @Test
  void batchesDoNotChangeAnswers() {
    var input =
        IntStream.range(0, 40)
            .mapToObj(i -> "word ".repeat(1 + i * 7 % 30) + i)
            .collect(Collectors.joining("\n"));
    var expected = Run.reading(input, "classify", "--csv").succeeded().out();
    for (var tokens : new String[] {"1", "100"}) {
      assertThat(Run.reading(input, "classify", "--csv", "--batch-tokens", tokens).out())
          .isEqualTo(expected);
    }
    assertThat(Run.reading(input, "classify", "--csv", "--threads=1").out()).isEqualTo(expected);
  }

  @Test
  void answersGoToAFile() throws IOException {
    var out = folder.resolve("out.csv");
    assertThat(Run.of("classify", "--csv", "-o", out.toString(), JOY).succeeded().out()).isEmpty();
    assertThat(Files.readString(out)).isEqualTo(Run.of("classify", "--csv", JOY).out());
    var nowhere = folder.resolve("no/such").toString();
    Run.of("classify", "-o", nowhere, JOY).failed(nowhere + ": its folder does not exist");
    Run.of("classify", "-o", folder.toString(), JOY).failed("--out " + folder + ": it is a folder");
    Run.of("classify", "-f", folder.resolve("none").toString()).failed("does not exist");
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() {
    Run.of("classify", "--json", "--csv", "x").refused("exclude each other");
    Run.of("classify", "--file", "f", "x").refused("exclude each other");
    Run.of("classify", "--resume", "r", "--csv").refused("--resume");
    Run.of("classify", "--batch-tokens", "0", "x").refused("--batch-tokens");
    Run.of("classify", "--max-length", "0", "x").refused("--max-length");
    Run.of("classify", "--top-k", "0", "x").refused("--top-k 0: give 1 or more");
    Run.of("rerank", "--top-k", "-1", "x").refused("--top-k -1: give 1 or more");
    Run.of("answer", "--top-k", "0", "x").refused("--top-k 0: give 1 or more");
    Run.of("answer", "--max-answer-length", "0", "x").refused("--max-answer-length 0");
  }

  /** A line is answered when it comes, though the input goes on. */
  @Test
  void aDialogueIsAnsweredLineByLine() throws Exception {
    var answers = new LinkedBlockingQueue<String>();
    var out =
        new OutputStream() {
          private final StringBuilder line = new StringBuilder();

          @Override
          public void write(int b) {
            if (b == '\n') {
              answers.add(line.toString());
              line.setLength(0);
            } else {
              line.append((char) b);
            }
          }
        };
    var err = new StringWriter();
    try (var in = new PipedInputStream()) {
      Thread job;
      try (var writer = new PipedOutputStream(in)) {
        job =
            Thread.startVirtualThread(
                () -> Main.run(new String[] {"classify"}, in, out, new PrintWriter(err, true)));
        for (var text : new String[] {JOY, DULL}) {
          writer.write((text + "\n").getBytes(StandardCharsets.UTF_8));
          writer.flush();
          assertThat(answers.poll(60, TimeUnit.SECONDS)).endsWith(text);
        }
      }
      job.join();
    }
    assertThat(err.toString()).isEmpty();
    assertThat(answers).isEmpty();
  }

  /** Somebody who types is told what is wrong, and may go on. */
  @Test
  void aSlipAtATerminalDoesNotEndTheDialogue() {
    var terminal = new Terminal(true, true, true, true);
    var run = Run.on(terminal, "oops\n[MASK]!\n".getBytes(StandardCharsets.UTF_8), "fill-mask");
    assertThat(run.code()).isZero();
    assertThat(run.err())
        .startsWith("lanewise: reading texts from the terminal, one a line; Ctrl-D");
    assertThat(run.out()).contains("error: no [MASK]").contains("\u001b[1m[MASK]!\u001b[0m\n  0.");
  }

  /** Who waits for input at a terminal says so; who has input, or reads a pipe, does not. */
  @ParameterizedTest
  @ValueSource(
      strings = {"classify", "fill-mask", "score", "tokenize", "decode", "classify --jsonl -o OUT"})
  void whoWaitsForSomebodyToTypeSaysSo(String line) {
    var words = line.replace("OUT", folder.resolve("out").toString()).split(" ", -1);
    var typed = new Terminal(true, false, false, false);
    var waiting = "from the terminal, one a line; Ctrl-D ends them";
    assertThat(Run.on(typed, new byte[0], words).err()).contains("lanewise: reading ", waiting);
    assertThat(Run.reading("", words).succeeded().err()).isEmpty();
    var given = Arrays.copyOf(words, words.length + 1);
    given[words.length] = line.equals("decode") ? "7" : "[MASK]";
    assertThat(Run.on(typed, new byte[0], given).err()).isEmpty();
  }

  @Test
  void coloursAreForTerminals() {
    assertThat(Run.of("classify", "--top-k=2", "a", "b").out()).doesNotContain("\u001b");
    var grey = new Terminal(true, true, true, false);
    var coloured = new Terminal(true, true, true, true);
    var none = new byte[0];
    assertThat(Run.on(grey, none, "fill-mask", "a [MASK]", "[MASK]").out())
        .doesNotContain("\u001b");
    assertThat(Run.on(coloured, none, "fill-mask", "a", "b").err())
        .startsWith("\u001b[31mlanewise:\u001b[0m text 1: no [MASK]");
    assertThat(Run.on(coloured, none, "--help").out()).contains("\u001b[1m");
    assertThat(Run.on(grey, none, "--help").out()).doesNotContain("\u001b");
  }

  @Test
  void longWorkShowsItsProgressOnATerminal() throws IOException {
    var file = file("texts.txt", (JOY + "\n").repeat(20)).toString();
    var out = folder.resolve("out.jsonl").toString();
    var terminal = new Terminal(true, true, true, true);
    var none = new byte[0];
    assertThat(Run.on(terminal, none, "classify", "-f", file, "-o", out).err())
        .contains("\r")
        .contains("100%")
        .contains("20/20");
    Files.writeString(Path.of(file), "\n" + JOY + "\n \t\r\n\n" + JOY); // two lines with a text
    assertThat(Run.on(terminal, none, "classify", "-f", file, "-o", out).err()).contains("2/2");
    Files.writeString(Path.of(file), (JOY + "\n").repeat(20));
    assertThat(Run.of("classify", "-f", file, "-o", out).succeeded().err()).isEmpty();
    assertThat(Run.on(terminal, none, "classify", "-f", file).err()).isEmpty();
  }

  @Test
  void everyLineOfJsonLinesIsAnObjectOfItsOwn() {
    var run = Run.reading("{}\n", "fill-mask", "--jsonl", "--skip-errors");
    assertThat(run.out()).startsWith("{\"error\":\"there is no field");
    assertThat(Json.parse(run.out().getBytes(StandardCharsets.UTF_8), "out").size()).isEqualTo(1);
  }

  /** What cannot be read any more is no bad line that could be skipped. */
  @Test
  void anInputThatBreaksEndsTheJob() {
    var in =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("gone");
          }
        };
    var err = new StringWriter();
    var arguments = new String[] {"classify", "--skip-errors"};
    int code = Main.run(arguments, in, OutputStream.nullOutputStream(), new PrintWriter(err, true));
    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("lanewise: standard input cannot be read: gone\n");
  }
}
