package io.lanewise.kernel.openblas;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.KeyRows;
import io.lanewise.kernel.Operands;
import io.lanewise.kernel.ScratchMemory;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.scalar.LoopRowwise;
import io.lanewise.memory.Matrix;
import io.lanewise.openblas.OpenBlas;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * {@link Attention} by OpenBLAS, for the first calls of a process: two products per head, and a
 * softmax in scalar loops between them.
 *
 * <p>It is used until {@link io.lanewise.kernel.vector.VectorAttention} is compiled. It only
 * supports what an encoder needs; see {@link #canDo}.
 */
public final class BlasAttention implements Attention {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** Floats of a block of scores: 1 MB. */
  private static final int BLOCK = 1 << 18;

  private final Workers workers;
  private final ScratchMemory free;

  /**
   * Loads OpenBLAS.
   *
   * @throws io.lanewise.BackendException if OpenBLAS cannot be found or loaded
   */
  public BlasAttention(Workers workers) {
    OpenBlasLibrary.load();
    this.workers = workers;
    this.free = new ScratchMemory(4 * workers.threads());
  }

  /**
   * Whether it supports these arguments: contiguous rows, and no change of the scores but a mask.
   */
  public static boolean canDo(Arguments a, Matrix probabilities) {
    return probabilities == null
        && a.positionScores() == null
        && a.headMask() == null
        && a.k().places() == null
        && a.v().places() == null;
  }

  @Override
  public void dense(Arguments a, Matrix probabilities, Matrix out) {
    Operands.attention(a, probabilities, out);
    if (!canDo(a, probabilities)) {
      throw new IllegalArgumentException("not for these arguments: " + a);
    }
    int part = Math.clamp(BLOCK / a.keys(), 1, Math.max(1, a.queries()));
    int parts = Math.ceilDiv(a.queries(), part);
    workers.run(
        Math.multiplyExact(Math.multiplyExact(a.batch(), a.heads()), parts),
        i -> attend(a, i / parts / a.heads(), i / parts % a.heads(), i % parts * part, part, out));
  }

  private void attend(Arguments a, int sequence, int head, int from, int part, Matrix out) {
    int queries = Math.min(part, a.queriesOf(sequence) - from);
    if (queries <= 0) {
      return;
    }
    int column = head * a.headSize();
    var k = rows(a, a.k(), sequence).columns(column, a.headSize()); // [keys, headSize]
    var v = rows(a, a.v(), sequence).columns(column, a.headSize()); // [keys, headSize]
    int first = a.firstQuery(sequence) + from;
    var q = a.q().rows(first, queries).columns(column, a.headSize());
    var memory = free.borrow((long) queries * k.rows() * Float.BYTES);
    var scores = Matrix.of(memory, queries, k.rows());
    product(OpenBlas.CblasTrans(), a.scale(), q, k, scores);
    var row = new float[k.rows()];
    for (int i = 0; i < queries; i++) {
      MemorySegment.copy(memory, FLOAT, scores.offset(i), row, 0, row.length);
      addMask(a, sequence, first + i, row);
      LoopRowwise.softmax(row, row.length);
      MemorySegment.copy(row, 0, memory, FLOAT, scores.offset(i), row.length);
    }
    var context = out.rows(first, queries).columns(column, a.headSize());
    product(OpenBlas.CblasNoTrans(), 1, scores, v, context);
    free.giveBack(memory);
  }

  private static Matrix rows(Arguments a, KeyRows rows, int sequence) {
    var all = rows.blocks().getFirst();
    return a.starts() == null
        ? all.rows(sequence * (all.rows() / a.batch()), a.keys())
        : all.rows(a.starts()[sequence], a.keysOf(sequence).count());
  }

  private static void addMask(Arguments a, int sequence, int query, float[] row) {
    var mask = a.mask();
    if (mask == null) {
      return;
    }
    var added = new float[row.length];
    long offset = mask.offset(mask.rows() == a.batch() ? sequence : query);
    MemorySegment.copy(mask.data(), FLOAT, offset, added, 0, added.length);
    for (int j = 0; j < row.length; j++) {
      row[j] += added[j];
    }
  }

  /** {@code out = factor · x · w}, or {@code factor · x · wᵀ}. */
  private static void product(int transposed, float factor, Matrix x, Matrix w, Matrix out) {
    OpenBlas.cblas_sgemm(
        OpenBlas.CblasRowMajor(),
        OpenBlas.CblasNoTrans(),
        transposed,
        out.rows(),
        out.columns(),
        x.columns(),
        factor,
        x.data(),
        x.stride(),
        w.data(),
        w.stride(),
        0,
        out.data(),
        out.stride());
  }
}
