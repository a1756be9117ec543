package io.lanewise.springai;

import io.lanewise.ClosedException;
import io.lanewise.Deadline;
import io.lanewise.model.Kernels;
import io.lanewise.model.MemoryBudget;
import io.lanewise.task.Task;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A loaded task with what is measured of it, and its end.
 *
 * @param <T> the task
 */
final class Serving<T extends Task<?, ?>> implements ServedModel {
  private final String name;
  private final String task;
  private final Path folder;
  private final T loaded;
  private final Kernels kernels;
  private final MemoryBudget memory;
  private final @Nullable Duration timeout;
  private final CallMeters meters;
  private final AtomicBoolean open = new AtomicBoolean(true);

  /** Held for reading by calls: a task of several batches is one call here, and ends whole. */
  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock();

  /**
   * @param timeout of a call; null for none
   */
  Serving(
      String name,
      String task,
      Path folder,
      T loaded,
      Kernels kernels,
      MemoryBudget memory,
      @Nullable Duration timeout,
      MeterRegistry registry) {
    this.name = name;
    this.task = task;
    this.folder = folder;
    this.loaded = loaded;
    this.kernels = kernels;
    this.memory = memory;
    this.timeout = timeout;
    this.meters = new CallMeters(registry, this);
  }

  /** The task itself. */
  T loaded() {
    return loaded;
  }

  /**
   * Runs a call over so many texts, measured, and within the time that a call may take.
   *
   * @throws ClosedException if the model has been closed
   */
  <A> CallMeters.Counted<A> measure(int texts, CallMeters.Call<A> call) {
    return meters.measure(
        texts,
        tokens ->
            timeout == null
                ? whileOpen(call, tokens)
                : Deadline.within(timeout, () -> whileOpen(call, tokens)));
  }

  private <A> A whileOpen(CallMeters.Call<A> call, IntConsumer tokens) {
    calls.readLock().lock();
    try {
      if (!open.get()) {
        throw new ClosedException("the " + task + " model " + name + " has been closed");
      }
      return call.run(tokens);
    } finally {
      calls.readLock().unlock();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String task() {
    return task;
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public boolean isOpen() {
    return open.get();
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public long memoryUsed() {
    return memory.used();
  }

  @Override
  public void close() {
    if (calls.getReadHoldCount() > 0) {
      throw new IllegalStateException("a call of " + name + " cannot close its own model");
    }
    if (open.compareAndSet(true, false)) {
      meters.close();
    }
    calls.writeLock().lock(); // once no call runs; a second caller waits, too
    try {
      loaded.close();
    } finally {
      calls.writeLock().unlock();
    }
  }
}
