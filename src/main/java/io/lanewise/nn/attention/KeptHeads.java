package io.lanewise.nn.attention;

import io.lanewise.checkpoint.weights.WeightChange;
import io.lanewise.checkpoint.weights.Weights;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The heads of one attention that are left when others have been pruned (Michel et al. 2019), by
 * their numbers before.
 *
 * @param count heads that there were
 * @param stored those that the checkpoint holds, ascending
 * @param kept those that the model has, ascending; all of them stored
 */
public record KeptHeads(int count, List<Integer> stored, List<Integer> kept) {
  public KeptHeads {
    stored = List.copyOf(stored);
    kept = List.copyOf(kept);
    if (kept.isEmpty() || !stored.containsAll(kept)) {
      throw new IllegalArgumentException("heads " + kept + " of " + stored);
    }
  }

  /** None is pruned. */
  public static KeptHeads all(int count) {
    var all = IntStream.range(0, count).boxed().toList();
    return new KeptHeads(count, all, all);
  }

  /**
   * All but those pruned, of which the checkpoint lacks some already.
   *
   * @throws IllegalArgumentException if none is left
   */
  public static KeptHeads without(
      int count, Collection<Integer> missing, Collection<Integer> pruned) {
    var stored = IntStream.range(0, count).boxed().filter(i -> !missing.contains(i)).toList();
    var kept = stored.stream().filter(i -> !pruned.contains(i)).toList();
    return new KeptHeads(count, stored, kept);
  }

  /** How many are left. */
  public int size() {
    return kept.size();
  }

  /** A projection to the heads, of whose rows only those of the kept heads are read. */
  Weights rows(Weights projection, int headSize) {
    return isWhole() ? projection : projection.with(change(projection, headSize, true));
  }

  /** A projection from the heads, of whose columns only those of the kept heads are read. */
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
   * The factors of the kept heads, of a factor for each that there was.
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
