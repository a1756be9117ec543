package io.lanewise.serve.batch;

import io.lanewise.ClosedException;
import io.lanewise.model.Output;
import io.lanewise.serve.batch.RequestPasses.Cut;
import io.lanewise.serve.batch.Selection.Take;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.Encoding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The queue of one model: a thread of its own joins what waits into passes, one after another. It
 * waits for nobody: while a pass runs, the next one fills up.
 */
public final class PassQueue implements AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final List<Piece> waiting = new ArrayList<>();
  private final Semaphore turn;
  private final int batchTokens;
  private final long mostTokens;
  private final PassListener listener;
  private final Thread thread;
  private long reserved;
  private boolean closed;

  /**
   * Starts the thread.
   *
   * @param turn for one pass at a time among several models
   * @param batchTokens of a pass; a longer sequence goes alone
   * @param mostTokens that may wait
   */
  public PassQueue(
      String name, Semaphore turn, int batchTokens, long mostTokens, PassListener listener) {
    this.turn = turn;
    this.batchTokens = batchTokens;
    this.mostTokens = mostTokens;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("lanewise-passes-" + name).daemon().unstarted(this::run);
    thread.start();
  }

  /** The passes of a request; to be closed when it is answered. */
  public RequestPasses request(Cut cut) {
    return new RequestPasses(this, cut);
  }

  /**
   * Makes room for tokens. A request that is larger than all the room gets in when there is nothing
   * else.
   *
   * @throws OverloadedException if there is none
   */
  void reserve(long tokens) {
    lock.lock();
    try {
      if (reserved > 0 && reserved + tokens > mostTokens) {
        throw new OverloadedException("Model is overloaded");
      }
      reserved += tokens;
    } finally {
      lock.unlock();
    }
  }

  void release(RequestPasses request) {
    lock.lock();
    try {
      reserved -= request.computed(Long.MAX_VALUE);
    } finally {
      lock.unlock();
    }
  }

  void add(Piece piece) {
    lock.lock();
    try {
      if (closed) {
        throw new ClosedException("the server has been stopped");
      }
      waiting.add(piece);
      listener.waiting(waiting.size());
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a piece out that nobody waits for any more, if it is there. */
  void remove(Piece piece) {
    lock.lock();
    try {
      if (waiting.remove(piece)) {
        listener.waiting(waiting.size());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sequences that share a pass, and the piece that they belong to. */
  private record Part(Piece piece, int first, int count) {}

  private void run() {
    try {
      while (awaitWork()) {
        turn.acquire();
        try {
          var parts = next();
          if (!parts.isEmpty()) {
            pass(parts);
          }
        } finally {
          turn.release();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a piece; false at the end. */
  private boolean awaitWork() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        work.await();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the sequences of the next pass; none if all who waited have gone. */
  private List<Part> next() {
    lock.lock();
    try {
      var parts = new ArrayList<Part>();
      if (!waiting.isEmpty()) {
        for (Take take : Selection.of(waiting, batchTokens)) {
          parts.add(new Part(take.piece(), take.piece().take(take.count()), take.count()));
        }
        waiting.removeIf(piece -> piece.left() == 0);
        listener.waiting(waiting.size());
      }
      return parts;
    } finally {
      lock.unlock();
    }
  }

  private void pass(List<Part> parts) {
    long begin = System.nanoTime();
    try {
      var output = forward(parts);
      finish(parts, output, begin);
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      if (parts.size() == 1) {
        var told = e instanceof RuntimeException own ? own : new IllegalStateException(e);
        parts.getFirst().piece().done().completeExceptionally(told);
        remove(parts.getFirst().piece());
        return;
      }
      // One of them does not go through the model: the others shall not suffer from it.
      parts.forEach(part -> pass(List.of(part)));
    }
  }

  private Output forward(List<Part> parts) {
    var rows = new ArrayList<Encoding>();
    var read = new ArrayList<int[]>();
    long tokens = 0;
    for (var part : parts) {
      for (int row = part.first; row < part.first + part.count; row++) {
        rows.add(part.piece.row(row));
        tokens += part.piece.row(row).length();
        if (part.piece.kind().read()) {
          read.add(part.piece.read(row));
        }
      }
    }
    listener.pass(rows.size(), tokens);
    TextModel texts = parts.getFirst().piece.texts();
    return read.isEmpty() ? texts.forward(rows) : texts.forward(rows, read.toArray(int[][]::new));
  }

  private void finish(List<Part> parts, Output output, long begin) {
    long end = System.nanoTime();
    int at = 0;
    int atRead = 0;
    for (var part : parts) {
      var piece = part.piece;
      boolean alone = parts.size() == 1 && part.first == 0 && piece.isWhole(part.count);
      if (alone) {
        piece.share().whole(output);
      }
      long tokens = 0;
      for (int row = part.first; row < part.first + part.count; row++) {
        if (!alone) {
          piece.share().put(row, output, at, atRead);
        }
        at++;
        atRead += piece.kind().read() ? piece.read(row).length : 0;
        tokens += piece.row(row).length();
      }
      finish(part, tokens, begin, end);
    }
  }

  private void finish(Part part, long tokens, long begin, long end) {
    boolean all;
    lock.lock();
    try {
      reserved -= part.piece.request().computed(tokens);
      part.piece.timed(begin, end);
      all = part.piece.finish(part.count);
    } finally {
      lock.unlock();
    }
    if (all) {
      part.piece.done().complete(part.piece.share());
    }
  }

  /** Refuses what comes and what waits; a pass that runs is waited for. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signal();
      for (var piece : waiting) {
        piece.done().completeExceptionally(new ClosedException("the server has been stopped"));
      }
      waiting.clear();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
