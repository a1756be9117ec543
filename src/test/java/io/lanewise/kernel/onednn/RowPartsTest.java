package io.lanewise.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowPartsTest {
  @ParameterizedTest
  @CsvSource({
    "128, 2, 2, 128", // a slice for each thread: it reads it once
    "100, 2, 2, 128",
    "384, 2, 2, 128",
    "128, 4, 4, 128",
    "128, 8, 4, 128",
    "128, 1, 1, 128",
    "1024, 1, 1, 128"
  })
  void aPartIsAsLargeAsAProductWhereThreadsHaveEquallyManyTasks(
      int rows, int groups, int threads, int part) {
    assertThat(RowParts.of(rows, groups, threads)).isEqualTo(part);
  }

  @ParameterizedTest
  @CsvSource({
    "128, 1, 2, 64", // otherwise the second thread would have nothing
    "128, 3, 2, 64",
    "192, 2, 2, 64", // 128 and 64 rows are not the same
    "128, 6, 16, 64"
  })
  void aPartIsSmallerWhereTheyDoNot(int rows, int groups, int threads, int part) {
    assertThat(RowParts.of(rows, groups, threads)).isEqualTo(part);
  }

  @ParameterizedTest
  @CsvSource({"1024, 3, 2", "2048, 1, 2", "500, 3, 2"})
  void manyTasksNeedNotBeEven(int rows, int groups, int threads) {
    assertThat(RowParts.of(rows, groups, threads)).isEqualTo(OneDnnPlan.ROWS);
  }
}
