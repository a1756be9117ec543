package io.lanewise.kernel;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads that share the tasks of one call with the calling thread.
 *
 * <p>One call at a time uses the threads, as long as it has tasks that have not been started. A
 * concurrent caller, or a task that calls {@link #run} itself, does not wait for them: it runs its
 * tasks in its own thread. So there is no deadlock, and the order of tasks is undefined. A caller
 * that waits for its last tasks has already released the threads.
 *
 * <p>After a call the threads poll for the next one for {@value #SPIN_NANOS} nanoseconds, because
 * the operations of a forward pass follow each other closely. Then they sleep until they are woken,
 * without a timer: an idle pool uses no processor time. They are daemon threads.
 */
public final class Workers implements AutoCloseable {
  private static final long SPIN_NANOS = 200_000;

  /** When a thread goes to sleep for this time, {@link ThreadPlacement} is prepared. */
  private static final int PREPARING_SLEEP = 8;

  private final int threads;
  private final List<Worker> workers = new ArrayList<>();
  private final AtomicReference<Job> current = new AtomicReference<>();
  private volatile boolean closed;

  /**
   * Starts the threads.
   *
   * @param threads threads of a call, the caller's included; at least 1
   */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads " + threads + ": at least the caller's own");
    }
    this.threads = threads;
    for (int i = 1; i < threads; i++) {
      workers.add(new Worker("lanewise-worker-" + i));
    }
    workers.forEach(worker -> worker.thread.start());
  }

  /** Threads of a call, the caller's included. */
  public int threads() {
    return threads;
  }

  /**
   * Runs tasks 0 to {@code tasks - 1} and returns when all are done. The first exception of a task
   * is rethrown here; tasks that have not been started by then are skipped.
   *
   * <p>All objects that the task refers to stay reachable until the end: in a native image kernels
   * only hold the address of memory ({@link Lanes#offset}), and the garbage collector would free
   * it.
   */
  public void run(int tasks, IntConsumer task) {
    try {
      share(tasks, task);
    } finally {
      Reference.reachabilityFence(task);
    }
  }

  private void share(int tasks, IntConsumer task) {
    if (tasks <= 1 || threads == 1 || closed) {
      runInline(tasks, task);
      return;
    }
    var job = new Job(tasks, task, Thread.currentThread());
    if (!offer(job)) {
      runInline(tasks, task);
      return;
    }
    wake(Math.min(tasks, threads) - 1, job);
    job.work();
    // Release the objects the job refers to; otherwise they would live until the next call.
    boolean _ = current.compareAndSet(job, null);
    job.await();
    job.rethrow();
  }

  /** Offers the job to the threads; they take it if all tasks of the last job have been started. */
  private boolean offer(Job job) {
    Job before;
    do { // once more if the last caller has just released the threads
      before = current.get();
      if (before != null && before.hasTasks()) {
        return false;
      }
    } while (!current.compareAndSet(before, job));
    return true;
  }

  private static void runInline(int tasks, IntConsumer task) {
    for (int i = 0; i < tasks; i++) {
      task.accept(i);
    }
  }

  /** Wakes up to {@code count} of the threads that are not busy. */
  private void wake(int count, Job job) {
    int left = count;
    for (int i = 0; left > 0 && i < workers.size(); i++) {
      if (!workers.get(i).busy) {
        workers.get(i).wake(job);
        left--;
      }
    }
  }

  /** Ends the threads. A running call finishes first; later calls run in the caller's thread. */
  @Override
  public void close() {
    closed = true;
    workers.forEach(worker -> worker.wake(null));
  }

  /** One of the threads. */
  private final class Worker {
    private final Thread thread;
    private volatile boolean asleep;
    private volatile boolean busy;
    private int sleeps;

    Worker(String name) {
      thread = new Thread(this::live, name);
      thread.setDaemon(true);
    }

    void live() {
      while (!closed) {
        if (!workOnce() && !lookOut()) {
          sleep();
        }
      }
    }

    /** Works on the current job; false if it had no task left. */
    private boolean workOnce() {
      var job = current.get();
      if (job == null || !job.hasTasks()) {
        return false;
      }
      busy = true;
      boolean any = job.work();
      busy = false;
      return any;
    }

    /** Polls for a job; false if none came. */
    private boolean lookOut() {
      long start = System.nanoTime();
      do {
        for (int i = 0; i < 16; i++) {
          Thread.onSpinWait();
          if (hasWork()) {
            return true;
          }
        }
      } while (System.nanoTime() - start < SPIN_NANOS);
      return false;
    }

    private boolean hasWork() {
      var job = current.get();
      return closed || (job != null && job.hasTasks());
    }

    private void sleep() {
      if (++sleeps == PREPARING_SLEEP) {
        ThreadPlacement.prepare();
      }
      asleep = true;
      // A caller publishes its job, then reads the flag; this thread sets the flag, then reads the
      // job. So at least one of them sees the other's write.
      while (!hasWork()) {
        LockSupport.park(Workers.this);
        boolean _ = Thread.interrupted(); // park() returns at once in an interrupted thread
      }
      asleep = false;
      var job = current.get();
      if (job != null) {
        ThreadPlacement.moveFrom(job.processor);
      }
    }

    /**
     * @param job the one to work on; null if the threads are to end
     */
    void wake(@Nullable Job job) {
      if (asleep) {
        if (job != null) {
          job.processor = ThreadPlacement.processor();
        }
        LockSupport.unpark(thread);
      }
    }
  }

  /** The tasks of one call. */
  private static final class Job {
    private final int tasks;
    private final IntConsumer task;
    private final Thread caller;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean callerAsleep;

    /** That of the caller when it woke a thread, or {@link ThreadPlacement#UNKNOWN}. */
    private volatile int processor = ThreadPlacement.UNKNOWN;

    Job(int tasks, IntConsumer task, Thread caller) {
      this.tasks = tasks;
      this.task = task;
      this.caller = caller;
    }

    boolean hasTasks() {
      return next.get() < tasks;
    }

    /** Runs tasks until none is left; false if it ran none. */
    boolean work() {
      boolean any = false;
      while (hasTasks()) {
        int i = next.getAndIncrement();
        if (i < tasks) {
          any = true;
          attempt(i);
          if (finished.incrementAndGet() == tasks && callerAsleep) {
            LockSupport.unpark(caller);
          }
        }
      }
      return any;
    }

    private void attempt(int i) {
      if (failure.get() != null) {
        return;
      }
      try {
        task.accept(i);
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      }
    }

    /** Returns when all tasks are finished; it counts tasks, not threads. */
    void await() {
      long start = System.nanoTime();
      while (finished.get() < tasks) {
        Thread.onSpinWait();
        if (System.nanoTime() - start > SPIN_NANOS) {
          sleepUntilFinished();
        }
      }
    }

    private void sleepUntilFinished() {
      callerAsleep = true;
      boolean interrupted = false;
      while (finished.get() < tasks) {
        LockSupport.park(this);
        interrupted |= Thread.interrupted();
      }
      if (interrupted) {
        caller.interrupt();
      }
    }

    void rethrow() {
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
