package io.lanewise.memory;

import io.lanewise.CancelledException;
import io.lanewise.Deadline;
import io.lanewise.MemoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A limit for the off-heap memory of all calls together: activations, and the keys and values of
 * generation. Weights do not count.
 *
 * <p>Memory is counted before it is allocated. If a call does not fit because others are running,
 * it frees its memory, waits until they have ended, and runs again, alone; later calls wait for it.
 * If a call does not fit even alone, it fails with an error that gives the numbers. Caches are
 * closed by their owner, so no call waits for their memory.
 *
 * <p>Each model has its own budget, unless several are given the same. Thread-safe.
 */
public final class MemoryBudget {
  private static final long MEGABYTE = 1 << 20;

  /** A holder of memory that is not in use. */
  @FunctionalInterface
  interface Idle {
    /** Frees that memory. */
    void free();
  }

  private final long bytes;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong caches = new AtomicLong();
  private final List<Idle> idle = new CopyOnWriteArrayList<>();
  private final ReentrantReadWriteLock calls = new ReentrantReadWriteLock(true); // fair

  private MemoryBudget(long bytes) {
    this.bytes = bytes;
  }

  /**
   * So many bytes.
   *
   * @param bytes at least 1
   */
  public static MemoryBudget of(long bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a budget of " + bytes + " bytes");
    }
    return new MemoryBudget(bytes);
  }

  /** A budget without a limit. */
  public static MemoryBudget unlimited() {
    return new MemoryBudget(Long.MAX_VALUE);
  }

  /**
   * Half of the memory of the container or machine; less if the Java heap may grow beyond the other
   * half, but at least an eighth.
   */
  public static MemoryBudget ofMachine() {
    return new MemoryBudget(
        share(new MachineMemory(Path.of("/")).bytes(), Runtime.getRuntime().maxMemory()));
  }

  static long share(long memory, long heap) {
    return Math.max(Math.min(memory / 2, memory - heap), Math.max(1, memory / 8));
  }

  /** The most bytes in use at a time. */
  public long bytes() {
    return bytes;
  }

  /** Bytes in use, and bytes kept for the next calls. */
  public long used() {
    return used.get();
  }

  /** Whether this many more bytes fit now. */
  boolean fits(long more) {
    return more <= bytes - used.get();
  }

  /**
   * Counts memory for a running call.
   *
   * @param own bytes that the call already has
   * @throws MemoryException if it does not fit
   */
  void take(long more, long own) {
    if (!reserve(more)) {
      long others = used.get() - caches.get() - own;
      throw refusal(more, own, others > 0 && more + own <= bytes - caches.get());
    }
  }

  /**
   * Counts memory for keys and values.
   *
   * @throws MemoryException if it does not fit
   */
  public void takeForCache(long more) {
    if (!reserve(more)) {
      // A part of the memory in use may be this call's own; the next attempt finds out whether it
      // fits.
      throw refusal(more, 0, used.get() > caches.get() && more <= bytes - caches.get());
    }
    caches.addAndGet(more);
  }

  private boolean reserve(long more) {
    if (tryReserve(more)) {
      return true;
    }
    idle.forEach(Idle::free);
    return tryReserve(more);
  }

  private boolean tryReserve(long more) {
    for (long now = used.get(); more <= bytes - now; now = used.get()) {
      if (used.compareAndSet(now, now + more)) {
        return true;
      }
    }
    return false;
  }

  private MemoryException refusal(long more, long own, boolean mayComeFree) {
    long held = used.get() - own;
    return new MemoryException(
        ("the call needs %,d MB outside the heap, and %,d of the %,d MB of the budget are in use"
                + " (%,d MB by caches of generation): make the batch or its texts smaller, or give"
                + " a larger budget (Options.withMemory)")
            .formatted(
                megabytes(own + more), megabytes(held), megabytes(bytes), megabytes(caches.get())),
        mayComeFree);
  }

  private static long megabytes(long bytes) {
    return Math.ceilDiv(bytes, MEGABYTE);
  }

  void giveBack(long less) {
    used.addAndGet(-less);
  }

  /** Frees memory of keys and values. */
  public void giveBackOfCache(long less) {
    caches.addAndGet(-less);
    giveBack(less);
  }

  /** Adds a holder of unused memory, which is freed before a call fails. */
  void add(Idle holder) {
    idle.add(holder);
  }

  void remove(Idle holder) {
    idle.remove(holder);
  }

  /** A running call; closing ends it. */
  public interface Call extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Starts a call; waits while a call runs alone or is waiting to do so.
   *
   * @param alone whether the call has to run alone
   * @throws CancelledException if the thread is interrupted meanwhile, or its deadline passes
   */
  public Call enter(boolean alone) {
    var lock = alone ? calls.writeLock() : calls.readLock();
    acquire(lock);
    return lock::unlock;
  }

  private static void acquire(Lock lock) {
    while (true) {
      try {
        if (lock.tryLock(Deadline.nanosLeft(), TimeUnit.NANOSECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Deadline.check();
    }
  }
}
