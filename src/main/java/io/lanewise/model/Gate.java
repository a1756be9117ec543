package io.lanewise.model;

import io.lanewise.ClosedException;

/** Lets calls in until it is closed, and knows when the last one has left. */
final class Gate {
  private int inside;
  private boolean closed;
  private boolean freed;

  /**
   * Enters; every call that enters leaves.
   *
   * @throws ClosedException once the gate is closed
   */
  synchronized void enter(String name) {
    check(name);
    inside++;
  }

  /**
   * Refuses somebody inside who has not begun.
   *
   * @throws ClosedException once the gate is closed
   */
  synchronized void check(String name) {
    if (closed) {
      throw new ClosedException(name + " has been closed: load it again");
    }
  }

  synchronized void leave() {
    inside--;
    notifyAll();
  }

  /**
   * Refuses new calls, waits for those inside, then frees; a second call waits and does nothing.
   */
  synchronized void close(Runnable free) {
    closed = true;
    boolean interrupted = false;
    while (inside > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // the memory in use cannot be freed any earlier
      }
    }
    if (!freed) {
      freed = true;
      free.run();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
