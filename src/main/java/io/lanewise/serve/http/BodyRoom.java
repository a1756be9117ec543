package io.lanewise.serve.http;

import java.util.concurrent.atomic.AtomicLong;

/** The room for all bodies that are read or answered at a time. */
public final class BodyRoom {
  private final AtomicLong left;

  /** Room for so many bytes. */
  public BodyRoom(long bytes) {
    this.left = new AtomicLong(bytes);
  }

  /** Takes some; false if there is not so much. */
  boolean take(int bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  /** Gives some back. */
  void giveBack(long bytes) {
    left.addAndGet(bytes);
  }
}
