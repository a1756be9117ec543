package io.lanewise.kernel.coldstart;

import io.lanewise.BackendException;
import io.lanewise.Deadline;
import io.lanewise.MemoryException;
import io.lanewise.kernel.FallbackWarning;
import io.lanewise.kernel.Rowwise;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.openblas.BlasAttention;
import io.lanewise.kernel.openblas.BlasGemm;
import io.lanewise.kernel.openblas.OpenBlasLibrary;
import io.lanewise.kernel.packing.MappedWeights;
import io.lanewise.kernel.scalar.LoopRowwise;
import io.lanewise.kernel.vector.VectorWarmUp;
import io.lanewise.memory.Matrix;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The first calls of a process, before the JVM has compiled the vector kernels.
 *
 * <p>The vector kernels need some seconds of work until they are compiled, and are a hundred times
 * slower before; also, their weights have to be packed. So the first calls use OpenBLAS for matrix
 * products, directly on the mapped file, and scalar loops for the rest. Meanwhile another thread
 * warms the vector kernels up, then packs one layer after the other for the kernels that multiply
 * from then on ({@link LaterProducts}).
 *
 * <p>This applies from the first layer on whose weights are large and mapped, if OpenBLAS is
 * available. Without such a layer the vector kernels run from the first call on. Results before and
 * after differ in their last bits.
 */
public final class ColdStart implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.lanewise.kernel");

  /**
   * The fewest inputs and outputs of a large layer; smaller layers are packed at once. Measured on
   * Zen 5, from the start of a process to its first answer: with layers 384 wide as large ones 0.63
   * instead of 0.91 s at 16 tokens, 0.74 instead of 1.26 s at 128; 312 wide no difference at 9
   * tokens. With {@code -Dlanewise.first-calls=always}, used by tests and when the start-up cache
   * is made, all layers count as large.
   */
  private static final int LEAST =
      "always".equals(System.getProperty("lanewise.first-calls")) ? 1 : 384;

  /**
   * A process that computes a single answer has ended by then, without any warming up beside it.
   */
  private static final long PAUSE_MILLIS = 500;

  /** The kernels of the first calls. */
  private record Kernels(BlasGemm gemm, Rowwise rowwise, BlasAttention attention) {}

  private final Workers workers;
  private final long pauseMillis;
  private final Queue<MappedWeights> waiting = new ConcurrentLinkedQueue<>();
  private Kernels kernels; // when the first layer is kept in the file
  private boolean refused;
  private Thread thread;
  private volatile boolean cold;
  private volatile boolean begun;
  private volatile boolean closed;

  /** Loads and starts nothing before the first large layer. */
  public ColdStart(Workers workers) {
    this(workers, PAUSE_MILLIS);
  }

  /**
   * The same with another pause.
   *
   * @param pauseMillis between the first product and the start of the warm-up
   */
  ColdStart(Workers workers, long pauseMillis) {
    this.workers = workers;
    this.pauseMillis = pauseMillis;
  }

  /**
   * Adds a layer. A large one stays in the file for now; a small one is packed, but its rows in the
   * file are used for the first calls. Layers that are not mapped cannot be added.
   *
   * @return false if the layer was not added and has to be packed at once
   */
  synchronized boolean take(MappedWeights weights) {
    var rows = weights.rows();
    if (begun || closed || refused || !rows.matrices().stream().allMatch(ColdStart::isMapped)) {
      return false;
    }
    if (!isLarge(rows)) {
      weights.pack(workers);
      return true;
    }
    if (kernels == null) {
      load();
    }
    if (cold) {
      waiting.add(weights);
    }
    return cold;
  }

  /** Whether a layer is large. */
  static boolean isLarge(StackedRows rows) {
    return Math.min(rows.size(), rows.columns()) >= LEAST;
  }

  /** The threads of a call. */
  Workers workers() {
    return workers;
  }

  private static boolean isMapped(Matrix matrix) {
    return matrix.data().isMapped() && matrix.isContiguous();
  }

  private void load() {
    try {
      var rowwise = new LoopRowwise(workers);
      kernels = new Kernels(new BlasGemm(workers, rowwise), rowwise, new BlasAttention(workers));
      cold = true;
      LOG.log(
          Level.DEBUG,
          () ->
              "first calls by OpenBLAS ("
                  + OpenBlasLibrary.load().core()
                  + " kernels): the vector kernels are not compiled yet");
    } catch (BackendException e) {
      refused = true;
      if (!OpenBlasLibrary.isAbsent()) {
        FallbackWarning.warnOfFirstCalls();
      }
      LOG.log(Level.DEBUG, () -> "vector kernels from the first call on: " + e.getMessage());
    }
  }

  /** Row operations of the first calls; null once the vector kernels are to be used. */
  Rowwise rowwise() {
    return cold ? kernels.rowwise : null;
  }

  /** Attention of the first calls; null once the vector kernels are to be used. */
  BlasAttention attention() {
    return cold ? kernels.attention : null;
  }

  /**
   * Matrix products of the first calls.
   *
   * @param weights added by {@link #take}
   * @return null once the packed weights are to be used
   */
  BlasGemm gemm(MappedWeights weights) {
    if (!cold && weights.packed() != null) {
      return null;
    }
    begin();
    return kernels.gemm;
  }

  private void begin() {
    if (!begun) {
      start();
    }
  }

  private synchronized void start() {
    if (!begun && !closed) {
      begun = true;
      thread = new Thread(this::warmUp, "lanewise-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void warmUp() {
    try {
      Thread.sleep(pauseMillis);
      VectorWarmUp.run(() -> closed);
      cold = false;
      pack();
    } catch (InterruptedException e) {
      // closed: there is nothing left to do
    } catch (OutOfMemoryError | MemoryException e) {
      LOG.log(
          Level.INFO,
          "OpenBLAS goes on: there is no memory to pack the weights in (" + e.getMessage() + ")");
    }
  }

  private void pack() {
    var packed = List.copyOf(waiting);
    try (var alone = new Workers(1)) {
      for (var weights : packed) {
        if (closed) {
          return;
        }
        weights.pack(alone);
      }
    }
    waiting.clear();
    packed.forEach(MappedWeights::unload);
    LOG.log(Level.DEBUG, "vector kernels: compiled now, and the weights are packed");
  }

  /**
   * Waits until all calls run on the vector kernels; starts the warm-up if no product has done so.
   *
   * @throws io.lanewise.CancelledException if the thread is interrupted meanwhile, or its deadline
   *     passes
   */
  void finish() {
    begin();
    Thread running;
    synchronized (this) {
      running = thread;
    }
    while (running != null && running.isAlive()) {
      try {
        boolean _ = running.join(Duration.ofNanos(Deadline.nanosLeft()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Deadline.check();
    }
  }

  /** Whether all calls run on the vector kernels. */
  boolean isOver() {
    return !cold && waiting.isEmpty();
  }

  /** Ends the thread, so that the weights may be freed. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = thread;
    }
    if (running == null) {
      return;
    }
    running.interrupt();
    boolean interrupted = false;
    while (running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true; // the memory in use cannot be freed any earlier
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
