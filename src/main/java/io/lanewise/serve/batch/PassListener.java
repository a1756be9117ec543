package io.lanewise.serve.batch;

/** Told what a queue does, for metrics. Called by several threads, and not allowed to fail. */
public interface PassListener {
  /** A pass begins. */
  void pass(int sequences, long tokens);

  /** How many requests wait now. */
  void waiting(int requests);
}
