package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CancelledException;
import io.lanewise.ClosedException;
import io.lanewise.Deadline;
import io.lanewise.model.Options;
import io.lanewise.model.Reloadable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What a service does with a task: warms it up, limits its calls, replaces it, closes it. */
class RunningTasksTest {
  private static final String TEXT = "The capital of [MASK] is Paris.";

  private static FillMask load() {
    return FillMask.load(Path.of("weights", "albert-tiny-demo"), Options.DEFAULT);
  }

  @Test
  void warmingUpChangesNoAnswer() {
    try (var task = load()) {
      var before = task.predict(TEXT);
      task.warmUp();
      assertThat(task.predict(TEXT)).isEqualTo(before);
    }
  }

  @Test
  void aDeadlineOrAnInterruptEndsAnAnswer() {
    try (var task = load()) {
      var expected = task.predict(TEXT);
      assertThatThrownBy(() -> Deadline.within(Duration.ofNanos(1), () -> task.predict(TEXT)))
          .isInstanceOf(CancelledException.class);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> task.predict(TEXT)).isInstanceOf(CancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(task.predict(TEXT)).isEqualTo(expected);
    }
  }

  @Test
  void aClosedTaskSaysSo() {
    var task = load();
    task.close();
    assertThatThrownBy(() -> task.predict(TEXT))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("albert-tiny-demo has been closed");
    assertThatThrownBy(task::warmUp).isInstanceOf(ClosedException.class);
  }

  @Test
  void aTaskIsReplacedUnderLoad() throws Exception {
    try (var holder = Reloadable.of(RunningTasksTest::load);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var expected = holder.use(task -> task.predict(TEXT));
      var answers = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 32; i++) {
        answers.add(threads.submit(() -> holder.use(task -> task.predict(TEXT)).equals(expected)));
        if (i % 8 == 0) {
          holder.reload();
        }
      }
      for (var answer : answers) {
        assertThat(answer.get()).isTrue();
      }
    }
  }
}
