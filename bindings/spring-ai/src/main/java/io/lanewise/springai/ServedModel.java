package io.lanewise.springai;

import io.lanewise.model.Kernels;
import java.nio.file.Path;

/**
 * A model that answers calls; what health and metrics are told of it.
 *
 * <pre>{@code
 * System.out.println(model.name() + (model.isOpen() ? " answers" : " is closed"));
 * }</pre>
 */
public interface ServedModel extends AutoCloseable {
  /** Its name: as it was given, or the folder. */
  String name();

  /** What it does, such as {@code embedding}. */
  String task();

  /** The folder that it was loaded from. */
  Path folder();

  /** Whether it takes calls: from its load until {@link #close}. */
  boolean isOpen();

  /** Which kernels it runs on, and why. */
  Kernels kernels();

  /** Bytes outside the heap that its calls have taken, and kept for the next ones. */
  long memoryUsed();

  /** Refuses new calls, waits for running ones and frees the model; a second call does nothing. */
  @Override
  void close();
}
