package io.lanewise.nn.attention;

import io.lanewise.kernel.KeyRows;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.MemoryBudget;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Keys and values of an encoder's tokens, written once. A list of numbers assigns them to the
 * decoder's sequences, so nothing is copied when the assignment changes.
 *
 * @param blocks one block, [written * tokens, 2 * heads * headSize] for each layer
 * @param tokens of a sequence
 * @param sourceOf for each group of the decoder's sequences the number of its source among the
 *     written ones
 * @param seen which tokens count, [written * tokens]; null for all
 */
record SourceRows(CacheBlocks blocks, int tokens, int[] sourceOf, float[] seen) {
  static SourceRows of(
      int layers, int batch, int tokens, int columns, float[] seen, MemoryBudget budget) {
    int rows = Math.multiplyExact(batch, tokens);
    var blocks = new CacheBlocks(layers, rows, columns, budget);
    try {
      blocks.grow(rows);
    } catch (RuntimeException e) {
      blocks.close();
      throw e;
    }
    return new SourceRows(blocks, tokens, IntStream.range(0, batch).toArray(), seen);
  }

  /** The rows of a layer, to be written, [written * tokens, 2 * heads * headSize]. */
  Matrix written(int layer) {
    return blocks.whole(layer).getFirst();
  }

  /** Keys and values of a layer, for each group. */
  KeyRows rows(int layer) {
    var places = new int[Math.multiplyExact(sourceOf.length, tokens)];
    Arrays.setAll(places, i -> sourceOf[i / tokens] * tokens + i % tokens);
    return new KeyRows(blocks.whole(layer), places);
  }

  /** Which tokens count, [groups * tokens]; null for all. */
  float[] seenByGroup() {
    if (seen == null) {
      return null;
    }
    var result = new float[Math.multiplyExact(sourceOf.length, tokens)];
    for (int i = 0; i < sourceOf.length; i++) {
      System.arraycopy(seen, sourceOf[i] * tokens, result, i * tokens, tokens);
    }
    return result;
  }

  /**
   * The same rows for other sequences of the decoder. A source is listed once if each source has
   * equally many consecutive sequences; otherwise once for each sequence.
   *
   * @param from for each new sequence the number of the old one
   * @param batch old sequences
   */
  SourceRows select(int[] from, int batch) {
    int group = batch / sourceOf.length;
    int[] sources = Arrays.stream(from).map(row -> sourceOf[row / group]).toArray();
    int[] starts =
        IntStream.range(0, sources.length)
            .filter(i -> i == 0 || sources[i] != sources[i - 1])
            .toArray();
    int size = sources.length / starts.length;
    boolean even =
        sources.length % starts.length == 0
            && IntStream.range(0, starts.length).allMatch(i -> starts[i] == i * size);
    int[] next = even ? Arrays.stream(starts).map(start -> sources[start]).toArray() : sources;
    return new SourceRows(blocks, tokens, next, seen);
  }
}
