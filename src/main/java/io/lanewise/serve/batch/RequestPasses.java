package io.lanewise.serve.batch;

import io.lanewise.CancelledException;
import io.lanewise.Deadline;
import io.lanewise.model.Output;
import io.lanewise.task.text.PassRunner;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Encoding;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The passes of one request: how its texts are cut, where its sequences wait, and what all of that
 * has taken. Used by the request's own thread, but for {@link #leave}.
 */
public final class RequestPasses implements PassRunner, AutoCloseable {
  /** How a request wants texts that are too long. */
  public enum Cut {
    /** As the task does it unasked. */
    AS_THE_TASK,
    /** Refused. */
    NEVER,
    /** Their end is cut off. */
    END,
    /** Their beginning is cut off. */
    BEGINNING
  }

  private final PassQueue queue;
  private final Cut cut;
  private final long started = System.nanoTime();
  private long reserved;
  private long encoded;
  private long tokens;
  private int sequences;
  private long queueNanos;
  private long inferenceNanos;
  private volatile boolean gone;
  private volatile @Nullable Piece waiting;

  RequestPasses(PassQueue queue, Cut cut) {
    this.queue = queue;
    this.cut = cut;
  }

  @Override
  public EncodeOptions cutting(EncodeOptions options, int longest) {
    int most = options.maxLength() == 0 ? longest : Math.min(options.maxLength(), longest);
    return switch (cut) {
      case AS_THE_TASK -> options;
      case NEVER -> options.withMaxLength(0);
      case END -> options.withMaxLength(most).withTruncationSide(EncodeOptions.Side.RIGHT);
      case BEGINNING -> options.withMaxLength(most).withTruncationSide(EncodeOptions.Side.LEFT);
    };
  }

  @Override
  public void tooLong(int given, int longest) {
    throw new TooLongException(given, longest);
  }

  @Override
  public void begin(int newSequences, long newTokens) {
    if (encoded == 0) {
      encoded = System.nanoTime();
    }
    queue.reserve(newTokens);
    reserved += newTokens;
    sequences += newSequences;
    tokens += newTokens;
  }

  @Override
  public Output forward(TextModel texts, List<Encoding> batch, Optional<int[][]> positions) {
    var piece = new Piece(this, texts, batch, positions);
    waiting = piece;
    queue.add(piece);
    try {
      if (gone) {
        throw new ClientGoneException();
      }
      var output = piece.done().get(Deadline.nanosLeft(), TimeUnit.NANOSECONDS).output();
      queueNanos += piece.waited();
      inferenceNanos += piece.inference();
      return output;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException told
          ? told
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException _) {
      throw new CancelledException(
          CancelledException.Reason.DEADLINE, "no answer within the time of a request");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancelledException(CancelledException.Reason.INTERRUPTED, "the server is stopped");
    } finally {
      waiting = null;
      queue.remove(piece);
    }
  }

  /** Its client has gone: what waits is dropped. */
  public void leave() {
    gone = true;
    var piece = waiting;
    if (piece != null) {
      piece.done().completeExceptionally(new ClientGoneException());
    }
  }

  /** So much of what was reserved has been computed. Called with the queue's lock held. */
  long computed(long count) {
    long freed = Math.min(count, reserved);
    reserved -= freed;
    return freed;
  }

  /** Sequences that were computed. */
  public int sequences() {
    return sequences;
  }

  /** Tokens of all sequences, special ones counted. */
  public long tokens() {
    return tokens;
  }

  /** Nanoseconds from the beginning to the first sequence in the queue. */
  public long tokenizationNanos() {
    return encoded == 0 ? 0 : encoded - started;
  }

  /** Nanoseconds that its sequences waited for a pass. */
  public long queueNanos() {
    return queueNanos;
  }

  /** Nanoseconds of the passes that held its sequences. */
  public long inferenceNanos() {
    return inferenceNanos;
  }

  /** Gives back what is left of its room in the queue. */
  @Override
  public void close() {
    queue.release(this);
  }
}
