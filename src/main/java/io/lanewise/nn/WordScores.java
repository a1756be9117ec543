package io.lanewise.nn;

import io.lanewise.MemoryException;
import io.lanewise.kernel.vector.HighestOutputs;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The scores of the words of a vocabulary: a linear layer with many outputs. Greedy search reads
 * the highest only; for it, a large layer makes an int8 copy of its weights ({@link
 * HighestOutputs}) once it has been asked often enough for that to pay. The copy takes a quarter of
 * the weights' memory, as long as they live.
 */
public final class WordScores {
  /** Bytes of a matrix that surely does not stay in the caches. */
  private static final long LARGE = 16 << 20;

  /**
   * Making the copy takes about as long as this many products save, a few times that in a process
   * that has just started. A generation that is shorter takes no longer than without.
   */
  private static final int ASKED = 32;

  /** With more rows the product does not wait for memory. */
  private static final int FEW = 4;

  /** After this many more calls where the copy was of no use, it is not used any more. */
  private static final int USELESS = 16;

  private final Linear layer;
  private final Region region;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger useless = new AtomicInteger();
  private volatile HighestOutputs highest; // null until it is made

  /**
   * Packs a layer from states to the scores, as {@link Linear#of} does.
   *
   * @param weight [words, inputs]
   * @param bias [words]
   */
  public static WordScores of(Packing packing, Matrix weight, MemorySegment bias) {
    return new WordScores(Linear.of(packing, weight, bias), packing.region());
  }

  private WordScores(Linear layer, Region region) {
    this.layer = layer;
    this.region = region;
  }

  /** Words. */
  public int count() {
    return layer.outputs();
  }

  /**
   * All scores.
   *
   * @param x [rows, inputs]
   * @return [rows, words]
   */
  public float[] of(Pass pass, Matrix x) {
    return layer.toHeap(pass, x);
  }

  /**
   * The highest scores of each row, all of them if several are equal, with the same bits as {@link
   * #of(Pass, Matrix)} gives them. Others may be negative infinity instead.
   *
   * @param excluded for each row, words that do not count; null if all scores are wanted
   */
  public float[] of(Pass pass, Matrix x, int @Nullable [][] excluded) {
    if (excluded == null || x.rows() > FEW) {
      return of(pass, x);
    }
    var copy = copy(pass);
    if (copy == null) {
      return of(pass, x);
    }
    var scores = new float[Math.multiplyExact(x.rows(), count())];
    try (var _ = pass.frame()) {
      if (copy.compute(x, excluded, pass.matrix(x.rows(), count()), scores)) {
        useless.updateAndGet(calls -> Math.max(calls - 1, 0));
        return scores;
      }
    }
    useless.incrementAndGet();
    return of(pass, x);
  }

  /** Null if there is none, or it is of no use. */
  private @Nullable HighestOutputs copy(Pass pass) {
    if (4L * layer.packed().inputs() * count() < LARGE || useless.get() > USELESS) {
      return null;
    }
    if (highest == null && asked.incrementAndGet() == ASKED) {
      var panels = pass.backend().gemm().panels(layer.packed());
      if (panels == null) {
        asked.set(0); // perhaps later
        return null;
      }
      try {
        highest = HighestOutputs.of(panels, region, pass.backend().workers());
      } catch (MemoryException _) {
        return null; // it works without
      }
    }
    return highest;
  }
}
