package io.lanewise.model;

/**
 * How much memory outside the heap calls may use together: for activations, and for the keys and
 * values of generation. Weights do not count: they are there from the load on.
 *
 * <pre>{@code
 * var budget = MemoryBudget.of(2L << 30); // 2 GB for both models together
 * try (var query = Model.load(Path.of("query-encoder"), Options.DEFAULT.withMemory(budget));
 *     var text = Model.load(Path.of("text-encoder"), Options.DEFAULT.withMemory(budget))) {
 *   var inputs = Inputs.ids(new long[][] {{2, 14, 23, 3}});
 *   query.forward(inputs);
 *   text.forward(inputs);
 *   System.out.println(budget.used() + " of " + budget.bytes() + " bytes");
 * }
 * }</pre>
 *
 * <p>Memory is asked for before it is allocated. A call that does not fit because others are
 * running gives back what it has, waits until they have ended, and runs again, alone; calls that
 * come meanwhile wait behind it. One that would not fit alone either is refused, with the numbers.
 * Caches belong to whoever opened them, so nobody waits for those.
 *
 * <p>Each model has a budget of its own unless several are given the same. Thread-safe.
 */
public final class MemoryBudget {
  private final io.lanewise.memory.MemoryBudget internal;

  private MemoryBudget(io.lanewise.memory.MemoryBudget internal) {
    this.internal = internal;
  }

  /**
   * So many bytes.
   *
   * @param bytes at least 1
   */
  public static MemoryBudget of(long bytes) {
    return new MemoryBudget(io.lanewise.memory.MemoryBudget.of(bytes));
  }

  /** As much as the system gives. */
  public static MemoryBudget unlimited() {
    return new MemoryBudget(io.lanewise.memory.MemoryBudget.unlimited());
  }

  /**
   * Half of the memory that the container, or else the machine, has; less where the Java heap may
   * take more than the other half, but an eighth at least.
   */
  public static MemoryBudget ofMachine() {
    return new MemoryBudget(io.lanewise.memory.MemoryBudget.ofMachine());
  }

  /** The most bytes in use at a time. */
  public long bytes() {
    return internal.bytes();
  }

  /** Bytes in use now, and kept for the next calls. */
  public long used() {
    return internal.used();
  }

  /** What calls take their memory from. */
  io.lanewise.memory.MemoryBudget internal() {
    return internal;
  }
}
