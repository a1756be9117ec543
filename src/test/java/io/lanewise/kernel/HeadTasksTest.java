package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadTasksTest {
  @ParameterizedTest(name = "{0} heads of {1} multiply-adds on {2} threads: {3} a task")
  @CsvSource({
    "12, 49152, 2, 3", // three tasks of four heads would leave a thread without work
    "12, 49152, 1, 4",
    "12, 49152, 3, 4",
    "12, 49152, 8, 4", // no thread has a second task
    "12, 20000, 2, 10",
    "12, 10000, 2, 12", // one task is not shared
    "96, 49152, 2, 4",
    "96, 1000000, 2, 1"
  })
  void threadsHaveEquallyManyTasks(int heads, long cost, int threads, int group) {
    assertThat(HeadTasks.group(heads, cost, threads)).isEqualTo(group);
  }
}
