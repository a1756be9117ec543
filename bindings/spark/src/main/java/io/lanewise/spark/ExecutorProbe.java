package io.lanewise.spark;

import io.lanewise.LanewiseException;
import io.lanewise.spark.Preflight.Executor;
import java.util.List;
import org.apache.spark.SparkEnv;

/** What an executor says of itself and of the model. */
final class ExecutorProbe {
  private ExecutorProbe() {}

  /** Asked within a task. */
  static Executor ask(TaskRows<?, ?, ?> rows, ModelSettings settings) {
    try {
      var loaded = Models.here().get(rows, settings);
      var folder = settings.folder();
      var files = ModelFiles.of(folder);
      return executor(loaded.kernels(), folder.toString(), files, null);
    } catch (LanewiseException e) {
      return executor(List.of(), "", new ModelFiles("", 0), e.getMessage());
    }
  }

  private static Executor executor(
      List<String> kernels, String folder, ModelFiles files, String problem) {
    return new Executor(
        SparkEnv.get().executorId(),
        SparkEnv.get().blockManager().blockManagerId().host(),
        ProcessHandle.current().pid(),
        Runtime.version().toString(),
        Runtime.getRuntime().availableProcessors(),
        kernels,
        folder,
        files.digest(),
        files.bytes(),
        problem);
  }
}
