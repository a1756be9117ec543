package io.lanewise.task;

/** Told how far a call of a task has come, in the thread that called. */
@FunctionalInterface
public interface BatchListener {
  /** Does nothing. */
  BatchListener NONE = (_, _) -> {};

  /**
   * A batch has gone through the model.
   *
   * @param done parts of the call's work that have been done, from 1
   * @param of all parts; how many inputs make up one depends on the task
   */
  void batchDone(int done, int of);
}
