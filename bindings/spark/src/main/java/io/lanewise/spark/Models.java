package io.lanewise.spark;

import io.lanewise.CancelledException;
import io.lanewise.CheckpointException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.MemoryBudget;
import io.lanewise.task.Task;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of a JVM: each is loaded once, by the task that needs it first, and shared by all
 * others. They are closed by {@link LanewisePlugin} with the executor, or when the JVM ends.
 */
final class Models {
  /** Bytes outside the heap for the activations of all calls together. */
  static final String MEMORY = "spark.lanewise.memory";

  static final String MEMORY_DEFAULT = "512m";

  private static final Logger LOG = LoggerFactory.getLogger(Models.class);
  private static final Models HERE = new Models(Models::conf);

  private final Map<Key, Slot> slots = new ConcurrentHashMap<>();
  private final AtomicInteger loads = new AtomicInteger();
  private final Supplier<SparkConf> conf;
  private MemoryBudget memory;
  private boolean closesAtEnd;

  /** Two that are equal share a model. */
  private record Key(Class<?> rows, ModelSettings settings) {}

  /**
   * A loaded model.
   *
   * @param kernels what it runs on, and why
   */
  record Loaded<T extends Task<?, ?>>(T task, List<String> kernels) {}

  /** A model that is loaded, or is going to be. */
  private static final class Slot {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Loaded<?> loaded;
  }

  /**
   * No models yet.
   *
   * @param conf the application's settings, asked when they are needed
   */
  Models(Supplier<SparkConf> conf) {
    this.conf = conf;
  }

  /** Those of this JVM. */
  static Models here() {
    return HERE;
  }

  /**
   * The task with its model, which is loaded if nobody has done so.
   *
   * @throws io.lanewise.LanewiseException if it cannot be loaded; the next call tries again
   */
  @SuppressWarnings("unchecked") // a slot of the key of these rows holds what they loaded
  <T extends Task<?, ?>> Loaded<T> get(TaskRows<T, ?, ?> rows, ModelSettings asked) {
    var settings = asked.withThreads(threads(asked.threads()));
    var key = new Key(rows.getClass(), settings);
    while (true) {
      var slot = slots.computeIfAbsent(key, _ -> new Slot());
      lock(slot);
      try {
        if (slots.get(key) == slot) { // otherwise it was closed meanwhile
          if (slot.loaded == null) {
            slot.loaded = load(rows, settings);
          }
          return (Loaded<T>) slot.loaded;
        }
      } finally {
        slot.lock.unlock();
      }
    }
  }

  private static void lock(Slot slot) {
    try {
      slot.lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException(
          CancelledException.Reason.INTERRUPTED, "interrupted while another task loads the model");
    }
  }

  private <T extends Task<?, ?>> Loaded<T> load(TaskRows<T, ?, ?> rows, ModelSettings settings) {
    closeAtEnd();
    long start = System.nanoTime();
    var folder = settings.folder();
    if (!settings.digest().isEmpty()) {
      var found = ModelFiles.of(folder).digest();
      if (!found.equals(settings.digest())) {
        throw new CheckpointException(
            "%s on this machine has the digest %s, asked for is %s: bring the same files to all executors"
                .formatted(folder, found, settings.digest()));
      }
    }
    var files = FolderSettings.of(folder);
    var model = rows.modelFolder(folder);
    var modelFiles = model.equals(folder) ? files : FolderSettings.of(model);
    var chosen = new AtomicReference<>(List.<String>of());
    var task = rows.load(files, settings.options(modelFiles, memory(), chosen));
    loads.incrementAndGet();
    LOG.info(
        "loaded {} in {} ms, {} threads a call, scratch memory of at most {} MB",
        folder,
        (System.nanoTime() - start) / 1_000_000,
        settings.threads(),
        memory().bytes() >> 20);
    return new Loaded<>(task, chosen.get());
  }

  /** As many as were asked for, or as the task has processors. */
  private int threads(int asked) {
    if (asked > 0) {
      return asked;
    }
    var context = TaskContext.get();
    // The driver computes some functions itself, with what a task would have.
    return context != null ? context.cpus() : conf.get().getInt("spark.task.cpus", 1);
  }

  private static SparkConf conf() {
    var environment = SparkEnv.get();
    return environment == null ? new SparkConf() : environment.conf();
  }

  /** What calls take their memory from, whatever the model. */
  synchronized MemoryBudget memory() {
    if (memory == null) {
      memory = MemoryBudget.of(conf.get().getSizeAsBytes(MEMORY, MEMORY_DEFAULT));
    }
    return memory;
  }

  /** How many models have been loaded since the JVM began. */
  int loads() {
    return loads.get();
  }

  /** How many models there are now. */
  int size() {
    return (int) slots.values().stream().filter(slot -> slot.loaded != null).count();
  }

  private synchronized void closeAtEnd() {
    if (!closesAtEnd) {
      closesAtEnd = true;
      Runtime.getRuntime().addShutdownHook(new Thread(this::close, "lanewise-close"));
    }
  }

  /** Waits for running calls and closes all models; a later call loads anew. */
  void close() {
    int closed = 0;
    for (var key : List.copyOf(slots.keySet())) {
      var slot = slots.remove(key);
      if (slot != null && close(slot)) {
        closed++;
      }
    }
    synchronized (this) {
      memory = null;
    }
    LOG.info("closed {} models", closed);
  }

  private static boolean close(Slot slot) {
    slot.lock.lock();
    try {
      if (slot.loaded == null) {
        return false;
      }
      slot.loaded.task().close();
      slot.loaded = null;
      return true;
    } finally {
      slot.lock.unlock();
    }
  }
}
