package io.lanewise.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.BackendException;
import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.spark.Preflight.Executor;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

/** What does not fit is said before the job, by the executor that has it. */
class PreflightTest {
  private static Executor executor(String id, String kernels, String digest, String problem) {
    return new Executor(
        id, "host" + id, 1, "25", 2, List.of(kernels), "/models/m", digest, 10, problem);
  }

  @Test
  void executorsThatAgreeAreFine() {
    var both =
        List.of(
            executor("0", "vector kernels of 512 bits", "ab", null),
            executor("1", "vector kernels of 512 bits", "ab", null));
    assertThat(Preflight.checked(both).digest()).isEqualTo("ab");
    assertThat(Preflight.checked(both).executors()).isEqualTo(both);
  }

  @Test
  void anExecutorWithoutTheModelIsNamed() {
    assertThatThrownBy(
            () ->
                Preflight.checked(
                    List.of(
                        executor("0", "k", "ab", null),
                        executor("1", "k", "", "there is no folder /models/m"))))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("executor 1 on host1: there is no folder /models/m");
  }

  @Test
  void executorsWithOtherFilesAreNamed() {
    assertThatThrownBy(
            () ->
                Preflight.checked(
                    List.of(executor("0", "k", "ab", null), executor("1", "k", "cd", null))))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("ab by [executor 0 on host0], cd by [executor 1 on host1]");
  }

  @Test
  void executorsOfAnotherVectorWidthAreNamed() {
    assertThatThrownBy(
            () ->
                Preflight.checked(
                    List.of(
                        executor("0", "vector kernels of 512 bits", "ab", null),
                        executor("1", "vector kernels of 256 bits", "ab", null))))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("256 bits by [executor 1 on host1]");
  }

  @Test
  void anExecutorWithAnOlderJavaIsToldOf() {
    assertThatThrownBy(
            () ->
                Preflight.answers(
                    () -> {
                      throw new SparkException(
                          "Lost task 0.0: java.lang.UnsupportedClassVersionError: io/lanewise/X");
                    }))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("an executor runs on a Java before 25: set JAVA_HOME there");
  }

  @Test
  void theDriverIsAskedWhereItIsTheOnlyOne() {
    var spark = Sessions.local();
    var embed = new EmbedTransformer().setModel(Folders.EMBED);
    var report = Preflight.check(spark, embed);
    assertThat(report.executors()).hasSize(1);
    assertThat(report.digest()).isEqualTo(ModelFiles.of(Path.of(Folders.EMBED)).digest());
    assertThat(report.executors().getFirst().pid()).isEqualTo(ProcessHandle.current().pid());
    assertThatThrownBy(() -> Preflight.check(spark, embed.setModel("/no/such")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(": there is no folder /no/such");
    for (var function : SqlFunction.values()) {
      assertThat(function.transformer().anyRows()).isNotNull();
    }
  }
}
