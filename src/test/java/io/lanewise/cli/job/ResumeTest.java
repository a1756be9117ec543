package io.lanewise.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.cli.Run;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that were interrupted go on where they stopped. */
class ResumeTest {
  private static final int LINES = 300;

  @TempDir private Path folder;
  private Path input;
  private Path out;

  @BeforeEach
  void write() throws IOException {
    input = folder.resolve("in.jsonl");
    out = folder.resolve("out.jsonl");
    Files.writeString(input, lines(LINES));
  }

  private static String lines(int count) {
    var random = new Random(5);
    return IntStream.range(0, count)
        .mapToObj(
            i -> "{\"id\":%d, \"text\":\"%s\"}\n".formatted(i, "fine é ".repeat(random.nextInt(9))))
        .collect(Collectors.joining());
  }

  private Run resume() {
    return Run.of("classify", "--file", input.toString(), "--resume", out.toString());
  }

  @Test
  void aJobGoesOnWhereverItWasCut() throws IOException {
    resume().succeeded();
    var whole = Files.readAllBytes(out);
    assertThat(Files.readAllLines(out)).hasSize(LINES);
    assertThat(Run.of("classify", "--jsonl", "-f", input.toString()).out())
        .isEqualTo(Files.readString(out));
    var random = new Random(11);
    for (int i = 0; i < 12; i++) {
      int cut = i == 0 ? 0 : i == 1 ? whole.length - 1 : random.nextInt(whole.length);
      try (var file = new RandomAccessFile(out.toFile(), "rw")) {
        file.setLength(cut);
      }
      var run = resume();
      assertThat(run.code()).isZero();
      assertThat(run.out()).isEmpty();
      assertThat(Files.readAllBytes(out)).as("cut at %d", cut).isEqualTo(whole);
    }
    assertThat(resume().err()).contains("300 inputs are answered");
    assertThat(Files.readAllBytes(out)).isEqualTo(whole);
  }

  /** Killed in earnest, three times, as {@code kill -9} does. */
  @Test
  void aKilledProcessLosesNothingAndDoublesNothing() throws Exception {
    Files.writeString(input, lines(12_000));
    var random = new Random();
    long before = -1;
    for (int kills = 0; kills < 3; kills++) {
      var process = process();
      // Some answers must have been added: then it is at work.
      long wanted = Math.max(0, before) + 1;
      var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
      while (process.isAlive() && size() < wanted && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      Thread.sleep(random.nextInt(300));
      assertThat(process.destroyForcibly().waitFor()).as("killed at work").isNotZero();
      assertThat(size()).isGreaterThanOrEqualTo(wanted);
      before = size();
    }
    var resumed = resume();
    assertThat(resumed.code()).isZero();
    var killed = Files.readAllBytes(out);
    Files.delete(out);
    resume().succeeded();
    assertThat(killed).isEqualTo(Files.readAllBytes(out));
    assertThat(Files.readAllLines(out)).hasSize(12_000);
  }

  private long size() throws IOException {
    return Files.exists(out) ? Files.size(out) : 0;
  }

  private Process process() throws IOException {
    var arguments =
        new String[] {"classify", "--file", input.toString(), "--resume", out.toString()};
    return Run.builder(arguments)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void otherInputsAreNotMixedIn() throws IOException {
    resume().succeeded();
    var whole = Files.readString(out);
    // As it stands after a kill, so that a torn line would be cut off.
    Files.writeString(out, whole.substring(0, whole.length() - 7));
    var torn = Files.readString(out);
    Files.writeString(input, lines(LINES).replace("\"id\":41,", "\"id\":4,"));
    var run = resume();
    run.failed("out.jsonl, line 42 is no answer to ");
    assertThat(run.err()).contains("in.jsonl, line 42");
    assertThat(Files.readString(out)).isEqualTo(torn);

    Files.writeString(input, lines(10));
    resume().failed("only 10");
    assertThat(Files.readString(out)).isEqualTo(torn);

    Files.writeString(out, "a letter to a friend\n");
    resume().failed("is no answer to");
    assertThat(Files.readString(out)).isEqualTo("a letter to a friend\n");
  }

  @Test
  void linesThatWereSkippedStaySkipped() throws IOException {
    Files.writeString(input, "{\"text\":\"a\"}\nbroken\n{\"text\":3}\n{\"text\":\"b\"}\n");
    var arguments =
        new String[] {
          "classify", "-f", input.toString(), "--resume", out.toString(), "--skip-errors"
        };
    assertThat(Run.of(arguments).code()).isZero();
    var whole = Files.readAllLines(out);
    assertThat(whole).hasSize(4);
    Files.write(out, whole.subList(0, 3));
    assertThat(Run.of(arguments).code()).isZero();
    assertThat(Files.readAllLines(out)).isEqualTo(whole);
  }

  @Test
  void plainTextsAreResumedToo() throws IOException {
    var text = folder.resolve("in.txt");
    Files.writeString(text, "one \"text\"\n\nanother\nthird\n");
    var arguments = new String[] {"classify", "-f", text.toString(), "--resume", out.toString()};
    Run.of(arguments).succeeded();
    var whole = Files.readAllLines(out);
    assertThat(whole).hasSize(3).first().asString().startsWith("{\"text\":\"one \\\"text\\\"\"");
    Files.write(out, whole.subList(0, 2));
    Run.of(arguments);
    assertThat(Files.readAllLines(out)).isEqualTo(whole);
  }

  /** A kill may cut a character in two; the line that holds it is written anew. */
  @Test
  void aCharacterCutInTwoIsWrittenAnew() throws IOException {
    resume().succeeded();
    var whole = Files.readAllBytes(out);
    int accent = lastIndexOf(whole, (byte) 0xc3);
    Files.write(out, Arrays.copyOf(whole, accent + 1));
    assertThat(resume().code()).isZero();
    assertThat(Files.readAllBytes(out)).isEqualTo(whole);

    // In the middle it is damage, not a kill.
    var damaged = whole.clone();
    damaged[accent + 1] = 'x';
    Files.write(out, damaged);
    resume().failed("not UTF-8");
    assertThat(Files.readAllBytes(out)).isEqualTo(damaged);
  }

  private static int lastIndexOf(byte[] bytes, byte wanted) {
    int at = bytes.length - 1;
    while (bytes[at] != wanted) {
      at--;
    }
    return at;
  }

  /** Blank lines have no answer, so lines of the two files are not of the same number. */
  @Test
  void blankLinesAndALastLineWithoutEndAreResumed() throws IOException {
    var all = lines(LINES).replace("{\"id\":7,", "\n  \n{\"id\":7,").stripTrailing();
    Files.writeString(input, "\n" + all);
    resume().succeeded();
    var whole = Files.readAllBytes(out);
    assertThat(Files.readAllLines(out)).hasSize(LINES);
    for (int kept : new int[] {0, 6, 7, 8, LINES - 1}) {
      Files.write(out, Files.readAllLines(out).subList(0, kept));
      assertThat(resume().code()).isZero();
      assertThat(Files.readAllBytes(out)).as("%d kept", kept).isEqualTo(whole);
    }
  }

  /** What stands before it is kept, so that the mended job goes on there. */
  @Test
  void aBadLineEndsTheJobAfterAllAnswersBeforeIt() throws IOException {
    var good = lines(LINES);
    Files.writeString(input, good.replace("{\"id\":200,", "{\"id\":200"));
    resume().failed("in.jsonl, line 201: ");
    assertThat(Files.readAllLines(out)).hasSize(200);
    Files.writeString(input, good);
    assertThat(resume().err()).contains("200 inputs are answered");
    var mended = Files.readAllBytes(out);
    Files.delete(out);
    resume().succeeded();
    assertThat(mended).isEqualTo(Files.readAllBytes(out));
  }

  @Test
  void onlyOneWrites() throws IOException {
    try (var other = FileChannel.open(out, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = other.lock()) {
      assertThat(lock.isValid()).isTrue();
      resume().failed("another process is writing it");
    }
  }
}
