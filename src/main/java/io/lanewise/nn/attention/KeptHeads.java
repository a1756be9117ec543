package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.WeightChange;
import io.lanewise.checkpoint.weights.Weights;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The remaining heads of an attention after pruning (Michel et al. 2019; {@code prune_heads} in
 * Hugging Face's modeling_bert.py), by their original numbers.
 *
 * @param count heads before pruning
 * @param stored heads in the checkpoint, ascending
 * @param kept heads of the model, ascending; all of them are stored
 */
public record KeptHeads(int count, List<Integer> stored, List<Integer> kept) {
  public KeptHeads {
    stored = List.copyOf(stored);
    kept = List.copyOf(kept);
    if (kept.isEmpty() || !stored.containsAll(kept)) {
      throw new IllegalArgumentException("heads " + kept + " of " + stored);
    }
  }

  /** All heads: none is pruned. */
  public static KeptHeads all(int count) {
    var all = IntStream.range(0, count).boxed().toList();
    return new KeptHeads(count, all, all);
  }

  /**
   * All heads but the pruned ones; the checkpoint may already lack some of these.
   *
   * @throws IllegalArgumentException if none is left
   */
  public static KeptHeads without(
      int count, Collection<Integer> missing, Collection<Integer> pruned) {
    var stored = IntStream.range(0, count).boxed().filter(i -> !missing.contains(i)).toList();
    var kept = stored.stream().filter(i -> !pruned.contains(i)).toList();
    return new KeptHeads(count, stored, kept);
  }

  /** Number of remaining heads. */
  public int size() {
    return kept.size();
  }

  /** The weights of a projection to the heads, with only the rows of the kept heads. */
  Weights rows(Weights projection, int headSize) {
    return isWhole() ? projection : projection.with(change(projection, headSize, true));
  }

  /** The weights of a projection from the heads, with only the columns of the kept heads. */
  Weights columns(Weights projection, int headSize) {
    return isWhole() ? projection : projection.with(change(projection, headSize, false));
  }

  private WeightChange change(Weights projection, int headSize, boolean rows) {
    int[] places =
        kept.stream()
            .flatMapToInt(
                head -> {
                  int first = stored.indexOf(head) * headSize;
                  return IntStream.range(first, first + headSize);
                })
            .toArray();
    int all = Math.multiplyExact(stored.size(), headSize);
    return rows
        ? projection.change().pickingRows(places, all)
        : projection.change().pickingColumns(places, all);
  }

  private boolean isWhole() {
    return kept.size() == stored.size();
  }

  /**
   * The factors of the kept heads, from the factors of all original heads.
   *
   * @param headMask [count]; null for none
   */
  public float[] of(float @Nullable [] headMask) {
    if (headMask == null || size() == count) {
      return headMask;
    }
    var factors = new float[size()];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = headMask[kept.get(i)];
    }
    return factors;
  }
}
