package io.lanewise.serve.model;

import io.lanewise.CancelledException;
import io.lanewise.CheckpointException;
import io.lanewise.Deadline;
import io.lanewise.serve.batch.PassQueue;
import io.lanewise.serve.batch.RequestPasses;
import io.lanewise.serve.batch.RequestPasses.Cut;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.metrics.Metrics;
import io.lanewise.serve.metrics.Metrics.Times;
import io.lanewise.serve.metrics.Metrics.Work;
import io.lanewise.task.Task;
import io.lanewise.task.attention.AttentionTask;
import io.lanewise.task.text.Passes;
import io.lanewise.task.text.TextModel;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A model of a server: its task, and the queue in which requests wait for common passes. */
public final class ServedModel implements AutoCloseable {
  private static final double NANOS_OF_A_MILLI = 1e6;

  private final ModelSource source;
  private final ServedTask kind;
  private final Task<?, ?> task;
  private final TextModel texts;
  private final PassQueue queue;
  private final ServeLimits limits;
  private final Metrics metrics;
  private final Instant loaded = Instant.now();
  private final Semaphore alone = new Semaphore(1, true);
  private @Nullable AttentionTask attention;

  private ServedModel(
      ModelSource source,
      ServedTask kind,
      Task<?, ?> task,
      TextModel texts,
      PassQueue queue,
      ServeLimits limits,
      Metrics metrics) {
    this.source = source;
    this.kind = kind;
    this.task = task;
    this.texts = texts;
    this.queue = queue;
    this.limits = limits;
    this.metrics = metrics;
  }

  /**
   * Loads it.
   *
   * @param turn for one pass at a time among all models
   * @throws io.lanewise.LanewiseException if it cannot be loaded
   */
  static ServedModel load(ModelSource source, Semaphore turn, ServeLimits limits, Metrics metrics) {
    var kind = source.task().orElseGet(() -> ServedTask.of(source.folder()));
    var found = new AtomicReference<TextModel>();
    var task = Passes.telling(found::set, () -> kind.load(source.folder(), source.options()));
    var texts = found.get();
    if (texts == null) {
      throw new CheckpointException(source.folder() + ": no tokenizer and model in it");
    }
    var queue =
        new PassQueue(
            source.name(), turn, limits.batchTokens(), limits.queueTokens(), metrics.passes());
    return new ServedModel(source, kind, task, texts, queue, limits, metrics);
  }

  /** What requests call it by. */
  public String name() {
    return source.name();
  }

  /** What it was loaded from. */
  public ModelSource source() {
    return source;
  }

  /** What it is for. */
  public ServedTask kind() {
    return kind;
  }

  /** What answers. */
  public Task<?, ?> task() {
    return task;
  }

  /** Its tokenizer and model. */
  public TextModel texts() {
    return texts;
  }

  /** How much it takes. */
  public ServeLimits limits() {
    return limits;
  }

  /** When it was loaded. */
  public Instant loaded() {
    return loaded;
  }

  /**
   * What came of a request's calls.
   *
   * @param headers what they took, as text-embeddings-inference says it
   */
  public record Outcome<T>(T result, long tokens, Map<String, String> headers) {}

  /**
   * What is asked.
   *
   * @param work what it is counted as
   * @param inputs how many there are
   * @param characters of all inputs
   */
  public record Ask(Call call, Work work, int inputs, long characters, Cut cut) {}

  /** Makes calls of tasks for a request, whose passes are those of the queue. */
  public <T> Outcome<T> run(Ask ask, Supplier<T> calls) {
    var call = ask.call;
    boolean batch = ask.inputs != 1;
    call.answeredBy(name());
    metrics.came(ask.work, batch);
    try (var passes = queue.request(ask.cut)) {
      call.whenGone(passes::leave);
      var result = Deadline.within(limits.time(), () -> Passes.within(passes, calls));
      var times =
          new Times(
              System.nanoTime() - call.started(),
              passes.tokenizationNanos(),
              passes.queueNanos(),
              passes.inferenceNanos());
      metrics.answered(ask.work, batch, passes.tokens(), times);
      return new Outcome<>(result, passes.tokens(), headers(ask, passes, times));
    } finally {
      call.whenGone(null);
    }
  }

  /**
   * Makes calls that cannot share passes, such as a text that is written: one request at a time,
   * the one that has waited longest first.
   *
   * @param tokens that they take of the queue's room
   */
  public <T> Outcome<T> runAlone(Ask ask, long tokens, Supplier<T> calls) {
    return run(
        ask,
        () -> {
          Passes.begin(ask.inputs, tokens);
          enter();
          try {
            return calls.get();
          } finally {
            alone.release();
          }
        });
  }

  private void enter() {
    try {
      if (!alone.tryAcquire(Deadline.nanosLeft(), TimeUnit.NANOSECONDS)) {
        throw new CancelledException(
            CancelledException.Reason.DEADLINE, "no turn within the time of a request");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancelledException(CancelledException.Reason.INTERRUPTED, "the server is stopped");
    }
  }

  /** The attention of the same model, which is loaded when it is first asked for. */
  public synchronized AttentionTask attention() {
    if (attention == null) {
      attention = AttentionTask.load(source.folder(), source.options());
    }
    return attention;
  }

  private synchronized void closeAttention() {
    if (attention != null) {
      attention.close();
    }
  }

  private static Map<String, String> headers(Ask ask, RequestPasses passes, Times times) {
    return Map.of(
        "x-compute-type", "cpu",
        "x-compute-time", millis(times.total()),
        "x-compute-characters", Long.toString(ask.characters),
        "x-compute-tokens", Long.toString(passes.tokens()),
        "x-total-time", millis(times.total()),
        "x-tokenization-time", millis(times.tokenization()),
        "x-queue-time", millis(times.queue()),
        "x-inference-time", millis(times.inference()));
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.0f", nanos / NANOS_OF_A_MILLI);
  }

  /** {@link Task#warmUp}. */
  void warmUp() {
    task.warmUp();
  }

  /** Refuses what waits, waits for what runs, and frees the model. */
  @Override
  public void close() {
    queue.close();
    task.close();
    closeAttention();
  }
}
