package io.lanewise.model;

import io.lanewise.kernel.Backend;
import io.lanewise.kernel.FallbackWarning;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a model is to run on; the part of {@link Options} that chooses the kernels.
 *
 * @param choice which kernels
 * @param precision of the weights of matrix products
 * @param threads threads for one forward pass, the caller's included; 0 for one a processor
 * @param listener hears of the kernels once they are chosen; null for nobody
 * @param memory what calls take their memory from; null for a budget of its own
 */
record KernelRequest(
    KernelChoice choice,
    Precision precision,
    int threads,
    @Nullable Consumer<? super Kernels> listener,
    @Nullable MemoryBudget memory) {
  /** What works best for weights of 32 bits, on all processors. */
  static final KernelRequest DEFAULT =
      new KernelRequest(KernelChoice.AUTO, Precision.FLOAT32, 0, null, null);

  KernelRequest {
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
    var chosen = Backend.of(choice.internal(), count, precision.internal());
    FallbackWarning.warn(chosen, choice.internal(), precision.internal());
    if (listener != null) {
      listener.accept(Kernels.of(chosen));
    }
    return chosen;
  }

  MemoryBudget memoryOrDefault() {
    return memory == null ? MemoryBudget.ofMachine() : memory;
  }
}
