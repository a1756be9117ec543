package io.lanewise.kernel.speed;

import io.lanewise.kernel.Lanes;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.vector.Panels;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Measures how fast the threads read memory that is in no cache: the upper bound for products that
 * read their weights once.
 */
public final class MemorySpeed {
  /** More than the size of the caches. */
  private static final long BYTES = 512L << 20;

  private static final int TASKS = 64;
  private static final int ROUNDS = 12;

  private MemorySpeed() {}

  /**
   * Bytes a second, the best of some rounds over half a gigabyte. Only where {@link
   * io.lanewise.kernel.VectorUnit#refusal} is empty.
   */
  public static double bytesPerSecond(Workers workers) {
    try (var region = Region.open()) {
      var memory = region.allocate(BYTES);
      var sums = new float[TASKS];
      long part = BYTES / TASKS;
      double best = 0;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        workers.run(TASKS, i -> sums[i] += sum(memory, i * part, part));
        best = Math.max(best, BYTES / ((System.nanoTime() - start) / 1e9));
      }
      for (float sum : sums) {
        if (sum != 0) {
          throw new IllegalStateException("fresh memory is not zero");
        }
      }
      return best;
    }
  }

  private static float sum(MemorySegment memory, long from, long count) {
    int bytes = FloatVector.SPECIES_PREFERRED.vectorByteSize();
    var base = Lanes.base(memory);
    long first = Lanes.offset(memory, from);
    var a = Lanes.splat(0);
    var b = a;
    var c = a;
    var d = a;
    for (long at = first; at < first + count; at += 4L * bytes) {
      a = a.add(Lanes.load(base, at));
      b = b.add(Lanes.load(base, at + bytes));
      c = c.add(Lanes.load(base, at + 2L * bytes));
      d = d.add(Lanes.load(base, at + 3L * bytes));
    }
    return Lanes.sum(a.add(b).add(c.add(d)), new float[Panels.width()], 0);
  }
}
