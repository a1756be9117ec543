package io.lanewise.model;

import io.lanewise.ClosedException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Holds a model, or a task, that is replaced while calls are running: no call fails because of it,
 * and the old one is closed when its last call has ended.
 *
 * <pre>{@code
 * try (var holder = Reloadable.of(() -> Model.load(folder))) {
 *   var inputs = Inputs.ids(new long[][] {{2, 14, 23, 3}});
 *   var output = holder.use(model -> model.forward(inputs));
 *   holder.reload(); // the folder holds other weights now
 * }
 * }</pre>
 *
 * <p>Thread-safe. While a new one is loaded both are in memory.
 *
 * @param <T> such as {@link Model} or a task
 */
public final class Reloadable<T extends AutoCloseable> implements AutoCloseable {
  /** One that was loaded, and how many use it. */
  private static final class Held<T extends AutoCloseable> {
    private final T value;
    private int users = 1; // the holder is one

    Held(T value) {
      this.value = value;
    }

    /** Whether it may be used: the holder has not left, or others have not. */
    synchronized boolean enter() {
      if (users == 0) {
        return false;
      }
      users++;
      return true;
    }

    void leave() {
      if (isLast()) {
        close(value);
      }
    }

    private synchronized boolean isLast() {
      return --users == 0;
    }
  }

  private final Supplier<? extends T> loader;
  private volatile Held<T> held; // null once it is closed

  private Reloadable(Supplier<? extends T> loader) {
    this.loader = loader;
    this.held = new Held<>(Objects.requireNonNull(loader.get()));
  }

  /**
   * Loads the first.
   *
   * @param loader is asked now, and by every {@link #reload}; may warm what it loads up
   */
  public static <T extends AutoCloseable> Reloadable<T> of(Supplier<? extends T> loader) {
    return new Reloadable<>(loader);
  }

  /**
   * Uses the present one, which stays open until the call returns. It must not be used after that.
   *
   * @throws ClosedException if the holder has been closed
   */
  public <R> R use(Function<? super T, ? extends R> call) {
    var used = enter();
    try {
      return call.apply(used.value);
    } finally {
      used.leave();
    }
  }

  /** The same for a call without result. */
  public void run(Consumer<? super T> call) {
    use(
        value -> {
          call.accept(value);
          return null;
        });
  }

  private Held<T> enter() {
    while (true) {
      var present = held;
      if (present == null) {
        throw new ClosedException("the holder of the model has been closed: open another");
      }
      if (present.enter()) {
        return present;
      } // was replaced between the two
    }
  }

  /**
   * Loads anew and replaces the present one. If that fails the present one stays. It does not wait
   * for calls that are running: the last of them closes the old one.
   *
   * @throws ClosedException if the holder has been closed
   */
  public void reload() {
    replace(loader.get());
  }

  /**
   * Replaces the present one by this, which the holder closes in the end; at once if the holder has
   * been closed.
   *
   * @throws ClosedException if the holder has been closed
   */
  public void replace(T next) {
    var fresh = new Held<T>(Objects.requireNonNull(next));
    Held<T> old;
    synchronized (this) {
      old = held;
      if (old != null) {
        held = fresh;
      }
    }
    if (old == null) {
      fresh.leave();
      throw new ClosedException("the holder of the model has been closed: open another");
    }
    old.leave();
  }

  /** Refuses new calls; the last running one closes the model. A second call does nothing. */
  @Override
  public void close() {
    Held<T> old;
    synchronized (this) {
      old = held;
      held = null;
    }
    if (old != null) {
      old.leave();
    }
  }

  private static void close(AutoCloseable value) {
    try {
      value.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // models and tasks throw none
      throw new IllegalStateException(e);
    }
  }
}
