package io.lanewise.langchain4j;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/** Calls that compute on another thread. */
final class Offloaded {
  private Offloaded() {}

  /**
   * The answer of a call as a future. Cancelling it interrupts the call, which a model hears
   * between two batches; a call that has not begun never does.
   */
  static <T> CompletableFuture<T> call(Executor executor, Supplier<T> call) {
    var future = new CompletableFuture<T>();
    var task =
        new FutureTask<Void>(
            () -> {
              try {
                future.complete(call.get());
              } catch (RuntimeException | Error e) {
                future.completeExceptionally(e);
              }
            },
            null);
    var _ =
        future.whenComplete(
            (_, _) -> {
              if (future.isCancelled()) {
                task.cancel(true);
              }
            });
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      future.completeExceptionally(e);
    }
    return future;
  }
}
