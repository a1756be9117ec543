package io.lanewise.cli.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.InputException;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.cli.output.ErrorMessages;
import io.lanewise.cli.output.Printer;
import io.lanewise.cli.output.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Windows of a job, by a clock that the test sets. */
class WindowSizeTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;
  private final List<Integer> windows = new ArrayList<>();
  private final List<Integer> handedOver = new ArrayList<>();
  private final List<Long> shown = new ArrayList<>();

  /** Answers a text by its length; each takes its time. */
  private final class Lengths implements TaskCommand<String, Integer> {
    private final ToLongFunction<String> time;

    Lengths(ToLongFunction<String> time) {
      this.time = time;
    }

    @Override
    public String input(InputRecord input) {
      return input.text("text");
    }

    @Override
    public List<Integer> answer(List<String> inputs) {
      windows.add(inputs.size());
      if (inputs.contains("bad")) {
        throw new InputException("bad");
      }
      inputs.forEach(each -> now += time.applyAsLong(each));
      return inputs.stream().map(String::length).toList();
    }

    @Override
    public AnswerFormat<Integer> format() {
      return AnswerFormat.value(Column.number("length", length -> length));
    }
  }

  /** Counts what was handed over. */
  private class Counted implements Printer<Integer> {
    private int printed;

    @Override
    public void print(InputRecord input, Integer answer) {
      printed++;
    }

    @Override
    public void printError(InputRecord input, String message) {
      printed++;
    }

    @Override
    public void flush() {
      handedOver.add(printed);
    }

    @Override
    public void end() {
      handedOver.add(printed);
    }
  }

  private Job<String, Integer> job(ToLongFunction<String> time, Printer<Integer> printer) {
    Progress progress = shown::add;
    return new Job<>(
        new Lengths(time),
        printer,
        true,
        new ErrorMessages(Set.of()),
        new WindowSize(() -> now),
        progress);
  }

  private void run(List<String> texts, ToLongFunction<String> time) {
    job(time, new Counted()).run(InputReader.of(texts, "text"), 0);
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "text " + i % 10).toList();
  }

  /** Two thousand lines of 22 ms: what took 45 s until anything was seen. */
  @Test
  void slowInputsAreHandedOverEveryTwoSeconds() {
    run(texts(2000), _ -> 22_000_000L);
    assertThat(windows.getFirst()).isEqualTo(1);
    assertThat(windows).allSatisfy(size -> assertThat(size * 0.022).isLessThanOrEqualTo(2.0));
    assertThat(windows).hasSizeLessThan(30); // no smaller than they have to be
    assertThat(windows.stream().mapToInt(i -> i).sum()).isEqualTo(2000);
    assertThat(handedOver).hasSize(windows.size() + 1).endsWith(2000, 2000);
  }

  @Test
  void fastInputsGoInFullWindows() {
    run(texts(20_000), _ -> 1000L);
    assertThat(windows).startsWith(1, 4, 16, 64, 256, 1024, 2048, 2048);
  }

  @Test
  void inputsThatTakeLongerThanThatGoAlone() {
    run(texts(5), _ -> 10 * SECOND);
    assertThat(windows).containsExactly(1, 1, 1, 1, 1);
  }

  /** Long texts after short ones: characters count, too. */
  @Test
  void longTextsMakeWindowsShorter() {
    var texts = new ArrayList<>(texts(3000));
    texts.addAll(IntStream.range(0, 100).mapToObj(_ -> "long ".repeat(400)).toList());
    var times = new ArrayList<Long>();
    var clock = new long[] {0};
    var job =
        job(
            text -> text.length() * 100_000L,
            new Counted() {
              @Override
              public void flush() {
                times.add(now - clock[0]);
                clock[0] = now;
              }
            });
    job.run(InputReader.of(texts, "text"), 0);
    assertThat(times).allSatisfy(took -> assertThat(took).isLessThan(5 * SECOND));
  }

  @Test
  void aModelThatGetsSlowerGetsLess() {
    var windowSize = new WindowSize(() -> now);
    windowSize.start();
    now += SECOND / 100;
    windowSize.stop(2000, 20_000);
    assertThat(windowSize.takes(2047, 40_000)).isTrue();
    windowSize.start();
    now += 20 * SECOND;
    windowSize.stop(2000, 20_000);
    assertThat(windowSize.takes(198, 1980)).isTrue();
    assertThat(windowSize.takes(200, 1000)).isFalse();
    assertThat(windowSize.takes(10, 2001)).isFalse();
    assertThat(windowSize.takes(0, 0)).isTrue();
  }

  /** The bar goes on with each batch, never back, and ends at all inputs. */
  @Test
  void theBarMovesWithEachBatch() {
    var jobs = new ArrayList<Job<String, Integer>>();
    var job =
        job(
            text -> {
              if (!text.equals("bad")) {
                jobs.getFirst().batchDone(1, 2);
              }
              return SECOND / 1000;
            },
            new Counted());
    jobs.add(job);
    var texts = new ArrayList<>(texts(20));
    texts.set(9, "bad");
    job.run(InputReader.of(texts, "text"), 100);
    assertThat(shown).isSorted().contains(103L).endsWith(120L);
    assertThat(shown.getFirst()).isEqualTo(100);
    assertThat(handedOver.getLast()).isEqualTo(20);
  }
}
