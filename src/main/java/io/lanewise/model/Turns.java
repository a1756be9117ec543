package io.lanewise.model;

import io.lanewise.CancelledException;
import io.lanewise.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Whose turn it is to compute. At most so many calls do at a time; the others are parked, in the
 * order in which they came, and use no processor. So every thread that computes has a processor, on
 * platform threads and on virtual ones, and no call is overtaken.
 *
 * <p>A long call gives its turn up between two layers after {@value #SLICE} ns if others wait, and
 * comes behind them.
 */
final class Turns {
  private static final long SLICE = 250_000_000;

  private final Semaphore free;

  /**
   * Turns of one model.
   *
   * @param most that compute at a time; at least 1
   */
  Turns(int most) {
    free = new Semaphore(most, true);
  }

  /** Calls that wait for their turn now. */
  int waiting() {
    return free.getQueueLength();
  }

  /**
   * Waits for a turn.
   *
   * @throws CancelledException if the thread is interrupted meanwhile, or its deadline passes
   */
  Turn take() {
    var turn = new Turn(SLICE);
    turn.begin();
    return turn;
  }

  /** The same for a call that gives its turn up after so many nanoseconds. */
  Turn take(long slice) {
    var turn = new Turn(slice);
    turn.begin();
    return turn;
  }

  /** The turn of one call, which its thread ends. */
  final class Turn implements AutoCloseable {
    private final long slice;
    private long since;
    private boolean held;

    private Turn(long slice) {
      this.slice = slice;
    }

    private void begin() {
      while (!held) {
        try {
          held = free.tryAcquire(Deadline.nanosLeft(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        if (!held) {
          Deadline.check();
        }
      }
      since = System.nanoTime();
    }

    /**
     * Between two layers: ends the call if it has to end, and lets others go first if it has had
     * its time.
     *
     * @throws CancelledException if the thread has been interrupted, or its deadline has passed
     */
    void between() {
      Deadline.check();
      if (free.hasQueuedThreads() && System.nanoTime() - since >= slice) {
        close();
        begin();
      }
    }

    @Override
    public void close() {
      if (held) {
        held = false;
        free.release();
      }
    }
  }
}
