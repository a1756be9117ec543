package io.lanewise.spark;

import org.apache.spark.TaskContext;

/**
 * Ends the work of a task that Spark has killed. Spark may interrupt the task's thread, which the
 * model hears between two layers; mostly it only notes the kill and waits for the task to ask.
 */
final class Interruption {
  private Interruption() {}

  /**
   * Asked between two batches.
   *
   * @throws org.apache.spark.TaskKilledException if this thread's task has been killed
   */
  static void check() {
    var context = TaskContext.get();
    if (context != null) {
      context.killTaskIfInterrupted();
    }
  }

  /** Whether this thread's task has been killed. */
  static boolean isKilled() {
    var context = TaskContext.get();
    return context != null && context.isInterrupted();
  }
}
