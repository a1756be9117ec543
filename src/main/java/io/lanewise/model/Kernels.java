package io.lanewise.model;

import io.lanewise.kernel.Backend;
import io.lanewise.kernel.FallbackWarning;
import io.lanewise.kernel.Precision;
import io.lanewise.memory.MemoryBudget;
import java.util.function.Consumer;

/**
 * What a model is to run on; a part of {@link Options}.
 *
 * @param backend which kernels
 * @param precision in which the weights of matrix products are held, and computed where the machine
 *     and the library allow; made from those of the file at load
 * @param threads threads for one forward pass, the caller's included; 0 for one a processor
 * @param listener hears of the kernels once they are chosen, before the weights are looked at; null
 *     for nobody
 * @param memory what calls take their memory from, shared with every model that is given the same;
 *     null for one of its own, {@link MemoryBudget#ofMachine}
 */
public record Kernels(
    Backend.Choice backend,
    Precision precision,
    int threads,
    Consumer<? super Backend> listener,
    MemoryBudget memory) {
  /** What works best for weights of 32 bits, on all processors. */
  public static final Kernels DEFAULT =
      new Kernels(Backend.Choice.AUTO, Precision.FLOAT32, 0, null, null);

  public Kernels {
    if (threads < 0) {
      throw new IllegalArgumentException("threads " + threads);
    }
  }

  /**
   * Chooses, and says so.
   *
   * @throws io.lanewise.BackendException if the demanded kernels cannot work here
   */
  Backend choose() {
    int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    var chosen = Backend.of(backend, count, precision);
    FallbackWarning.warn(chosen, backend, precision);
    if (listener != null) {
      listener.accept(chosen);
    }
    return chosen;
  }

  MemoryBudget memoryOrDefault() {
    return memory == null ? MemoryBudget.ofMachine() : memory;
  }
}
