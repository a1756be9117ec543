package io.lanewise.model;

import io.lanewise.Deadline;
import io.lanewise.InputException;
import io.lanewise.MemoryException;
import io.lanewise.memory.MemoryBudget;
import io.lanewise.memory.Slab;
import io.lanewise.memory.SlabPool;
import java.util.function.BiFunction;

/**
 * The running calls of one model: each has a turn, and scratch memory of its own out of the budget,
 * for as long as the model is open.
 */
final class Calls {
  private final Gate gate = new Gate();
  private final Turns turns;
  private final MemoryBudget budget;
  private final SlabPool slabs;

  /**
   * No calls yet.
   *
   * @param most that compute at a time
   */
  Calls(int most, MemoryBudget budget) {
    this.turns = new Turns(most);
    this.budget = budget;
    this.slabs = new SlabPool(budget);
  }

  /** Calls that wait for their turn now. */
  int waiting() {
    return turns.waiting();
  }

  /** What all calls take their memory from. */
  MemoryBudget budget() {
    return budget;
  }

  /**
   * Runs a call. One that finds too little memory because of others is run again when they have
   * ended.
   *
   * @param name of the model
   * @param call is given scratch memory, and what to run between two layers; what it does before it
   *     returns must not be seen by anybody
   * @throws io.lanewise.LanewiseException if the model has been closed, the thread interrupted, or
   *     there is not enough memory
   */
  <T> T run(String name, BiFunction<Slab, Runnable, T> call) {
    gate.enter(name);
    try {
      Deadline.check();
      try {
        return run(name, call, false);
      } catch (MemoryException e) {
        if (!e.mayComeFree()) {
          throw e;
        }
      }
      return run(name, call, true);
    } catch (OutOfMemoryError e) {
      throw new InputException(
          "the results do not fit into the Java heap ("
              + e.getMessage()
              + "): split the batch, keep less, or raise -Xmx",
          e);
    } finally {
      gate.leave();
    }
  }

  private <T> T run(String name, BiFunction<Slab, Runnable, T> call, boolean alone) {
    try (var _ = budget.enter(alone);
        var turn = turns.take()) {
      gate.check(name); // closing waits for calls that run, not for those that are to come
      var slab = slabs.borrow();
      try {
        return call.apply(slab, turn::between);
      } finally {
        slabs.giveBack(slab);
      }
    }
  }

  /**
   * Does something beside the calls that needs the model open, without turn or memory.
   *
   * @throws io.lanewise.ClosedException if the model has been closed
   */
  void beside(String name, Runnable work) {
    gate.enter(name);
    try {
      work.run();
    } finally {
      gate.leave();
    }
  }

  /**
   * Refuses new calls and those that wait for their turn, waits for running ones, then frees; a
   * second call waits for the first.
   */
  void close(Runnable free) {
    gate.close(
        () -> {
          slabs.close();
          free.run();
        });
  }
}
