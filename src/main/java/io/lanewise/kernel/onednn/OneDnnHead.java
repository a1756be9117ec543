package io.lanewise.kernel.onednn;

import io.lanewise.kernel.Attention.Arguments;
import io.lanewise.kernel.HeadKernel;
import io.lanewise.kernel.KeyRows;
import io.lanewise.kernel.Lanes;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.packing.InterleavedRows;
import io.lanewise.kernel.vector.AttentionRow;
import io.lanewise.kernel.vector.VectorHead;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The attention of one head of one sequence with products in bf16, and the scratch memory for it.
 *
 * <p>The number of keys is rounded up to a multiple of 32. The additional keys are zeros, and so
 * are their probabilities.
 */
public final class OneDnnHead implements HeadKernel {
  /**
   * Sequences of fewer queries are computed in floats, because rounding costs more than it saves.
   */
  static final int FEWEST_ROWS = 16;

  /** The most queries at a time: their scores stay in the caches. */
  private static final int ROWS = OneDnnPlan.ROWS;

  /** Columns of a strip of values. */
  private static final int STRIP = 64;

  private final OneDnnHeadProducts products;
  private final VectorHead few = new VectorHead();
  private final AttentionRow weights = new AttentionRow();
  private MemorySegment memory = MemorySegment.NULL;
  private float[] row = {}; // [max(stride, strips)]
  private float[] next = {}; // [strips]

  /** Keys of the sequence. */
  private int keys;

  /** The same with the zeros that pad them: the terms of a sum of values. */
  private int stride;

  /** Features of the head. */
  private int features;

  /** The same with the zeros that pad them in bf16. */
  private int featuresWidth;

  /** Features, padded with zeros to whole strips of values. */
  private int strips;

  /** Of both products; null before the first head. */
  private @Nullable OneDnnPlan plan;

  // offsets in the memory, in bytes
  private long valuesAt; // [strips / 64, stride / 2, 64, 2] bf16
  private long queriesAt; // [ROWS, featuresWidth] bf16
  private long scoresAt; // [ROWS, stride]
  private long probabilitiesAt; // [ROWS, stride] bf16
  private long moreAt; // [ROWS, features]

  OneDnnHead(OneDnnHeadProducts products) {
    this.products = products;
  }

  @Override
  public void attend(
      Arguments a, int index, int from, int queries, Matrix probabilities, Matrix out) {
    int sequence = index / a.heads();
    var keyRows = a.keysOf(sequence);
    if (a.tokensOf(sequence) < FEWEST_ROWS || !reserve(keyRows.count(), a.headSize())) {
      few.attend(a, index, from, queries, probabilities, out);
      return;
    }
    int column = index % a.heads() * a.headSize();
    narrowKeys(keyRows, column);
    narrowValues(a.valuesOf(sequence), column);
    weights.start(keys, stride, 1);
    var queryRows = a.q().columns(column, features);
    var result = out.columns(column, features);
    for (int done = 0; done < queries; ) {
      int product = plan.nextRows(queries - done);
      int rows = Math.min(product, queries - done);
      int query = from + done;
      narrowQueries(queryRows, a.firstQuery(sequence) + query, rows);
      products
          .scores(product, featuresWidth, stride)
          .run(at(queriesAt), memory, MemorySegment.NULL, at(scoresAt));
      for (int r = 0; r < rows; r++) {
        Lanes.copy(memory, scoresAt + bytes(r * stride), row, 0, stride);
        float factor = weights.weigh(a, index, query + r, row, 0, probabilities);
        InterleavedRows.toBrainFloats(row, stride, factor, memory, probabilitiesAt + halves(r));
      }
      writeContext(product, rows, result, a.firstQuery(sequence) + query);
      done += rows;
    }
  }

  /** Allocates memory for a head; false if oneDNN has no kernel for it. */
  private boolean reserve(int newKeys, int newFeatures) {
    keys = newKeys;
    stride = InterleavedRows.width(Precision.BFLOAT16, keys);
    features = newFeatures;
    featuresWidth = InterleavedRows.width(Precision.BFLOAT16, features);
    strips = Math.ceilDiv(features, STRIP) * STRIP;
    plan = products.plan(features, featuresWidth, stride);
    valuesAt = (long) stride * featuresWidth * Short.BYTES; // behind the keys
    queriesAt = valuesAt + (long) stride * strips * Short.BYTES;
    scoresAt = queriesAt + (long) ROWS * featuresWidth * Short.BYTES;
    probabilitiesAt = scoresAt + ROWS * bytes(stride);
    moreAt = probabilitiesAt + halves(ROWS);
    long end = moreAt + ROWS * bytes(features);
    if (memory.byteSize() < end) {
      memory = Arena.ofAuto().allocate(end, Region.ALIGNMENT);
    }
    if (row.length < Math.max(stride, strips)) {
      row = new float[Math.max(stride, strips)];
    }
    if (next.length < strips) {
      next = new float[strips];
    }
    return plan.isCompiled();
  }

  private static long bytes(int floats) {
    return (long) floats * Float.BYTES;
  }

  /** Bytes of {@code rows} rows of probabilities in bf16. */
  private long halves(int rows) {
    return (long) rows * stride * Short.BYTES;
  }

  private MemorySegment at(long place) {
    return memory.asSlice(place);
  }

  private void narrowKeys(KeyRows.Sequence k, int column) {
    Arrays.fill(row, features, featuresWidth, 0);
    long rowBytes = (long) featuresWidth * Short.BYTES;
    for (int key = 0; key < keys; key++) {
      k.copy(key, column, features, row, 0);
      InterleavedRows.toBrainFloats(row, featuresWidth, 1, memory, key * rowBytes);
    }
    memory.asSlice(keys * rowBytes, (stride - keys) * rowBytes).fill((byte) 0);
  }

  private void narrowValues(KeyRows.Sequence v, int column) {
    for (int pair = 0; pair < stride / 2; pair++) {
      int first = InterleavedRows.firstOfPair(pair);
      valueTo(row, v, first, column);
      valueTo(next, v, first + InterleavedRows.APART, column);
      for (int from = 0; from < strips; from += STRIP) {
        long place = valuesAt + (long) from * stride * Short.BYTES;
        InterleavedRows.pair(row, next, from, STRIP, memory, place + bytes(pair * STRIP));
      }
    }
  }

  private void valueTo(float[] to, KeyRows.Sequence v, int key, int column) {
    if (key < keys) {
      v.copy(key, column, features, to, 0);
      Arrays.fill(to, features, strips, 0);
    } else {
      Arrays.fill(to, 0, strips, 0);
    }
  }

  private void narrowQueries(Matrix q, int first, int rows) {
    Arrays.fill(row, features, featuresWidth, 0);
    long rowBytes = (long) featuresWidth * Short.BYTES;
    for (int r = 0; r < rows; r++) {
      Lanes.copy(q.data(), q.offset(first + r), row, 0, features);
      InterleavedRows.toBrainFloats(row, featuresWidth, 1, memory, queriesAt + r * rowBytes);
    }
  }

  /**
   * @param product rows that are multiplied, of which the first {@code rows} are kept
   */
  private void writeContext(int product, int rows, Matrix out, int first) {
    if (rows == product) {
      products
          .context(rows, stride, features, out.stride())
          .run(at(probabilitiesAt), at(valuesAt), MemorySegment.NULL, out.rows(first, rows).data());
      return;
    }
    products
        .context(product, stride, features, features)
        .run(at(probabilitiesAt), at(valuesAt), MemorySegment.NULL, at(moreAt));
    for (int r = 0; r < rows; r++) {
      long from = moreAt + r * bytes(features);
      MemorySegment.copy(memory, from, out.data(), out.offset(first + r), bytes(features));
    }
  }
}
