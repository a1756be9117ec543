package io.lanewise.springai;

import io.lanewise.model.Kernels;
import io.lanewise.task.Task;
import java.nio.file.Path;

/**
 * A model of Spring AI whose calls go to a task; what is told of it is what its {@link Serving}
 * tells.
 *
 * @param <T> the task
 */
abstract class LoadedModel<T extends Task<?, ?>> implements ServedModel {
  final Serving<T> serving;

  LoadedModel(Serving<T> serving) {
    this.serving = serving;
  }

  @Override
  public final String name() {
    return serving.name();
  }

  @Override
  public final String task() {
    return serving.task();
  }

  @Override
  public final Path folder() {
    return serving.folder();
  }

  @Override
  public final boolean isOpen() {
    return serving.isOpen();
  }

  @Override
  public final Kernels kernels() {
    return serving.kernels();
  }

  @Override
  public final long memoryUsed() {
    return serving.memoryUsed();
  }

  @Override
  public final void close() {
    serving.close();
  }
}
