package io.lanewise.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.memory.Region;
import io.lanewise.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyValueCacheTest {
  @Test
  void itGrowsAndNothingMoves() {
    try (var cache = KeyValueCache.growing(1, 1, 1);
        var region = Region.open()) {
      var row = region.matrix(2, 1);
      cache.reserve(2, 1);
      row.set(0, 0, 0);
      row.set(1, 0, 0);
      cache.append(0, row, row);
      cache.commit();
      var first = cache.keys(0).sequence(1, 2, 1).row(0).data().address();
      for (int i = 1; i < 1000; i++) {
        cache.reserve(2, 1);
        row.set(0, 0, i);
        row.set(1, 0, -i);
        cache.append(0, row, row);
        cache.commit();
        assertThat(cache.keys(0).sequence(1, 2, i + 1).row(0).data().address()).isEqualTo(first);
      }
      assertThat(cache.bytes()).isEqualTo(2016 * 2 * Float.BYTES); // 63 blocks of 32 rows
      var keys = CachedTensors.own(cache, 0).key();
      for (int i = 0; i < 1000; i++) {
        assertThat(keys.at(0, 0, i, 0)).isEqualTo(i);
        assertThat(keys.at(1, 0, i, 0)).isEqualTo(-i);
      }
    }
  }

  /**
   * Beams share the rows of their common tokens: selecting beams takes no memory, and each
   * continues independently.
   */
  @Test
  void sequencesAreChosenWithoutCopying() {
    try (var cache = KeyValueCache.growing(1, 1, 1);
        var region = Region.open()) {
      append(cache, region, 1, 2); // one sequence of two tokens
      long bytes = cache.bytes();
      cache.select(new int[] {0, 0, 0});
      append(cache, region, 10, 20, 30);
      cache.select(new int[] {2, 0, 2});
      append(cache, region, 100, 200, 300);
      cache.select(new int[] {1, 2});
      assertThat(cache.bytes()).isEqualTo(bytes);
      var keys = CachedTensors.own(cache, 0).key();
      assertThat(keys.row(0, 0, 0)).containsExactly(1);
      assertThat(keys.floats()).containsExactly(1, 2, 10, 200, 1, 2, 30, 300);
    }
  }

  private static void append(KeyValueCache cache, Region region, float... values) {
    int batch = Math.max(1, cache.batch());
    cache.reserve(batch, values.length / batch);
    var rows = region.matrix(values.length, 1);
    rows.copyFrom(values, 0);
    cache.append(0, rows, rows);
    cache.commit();
  }

  @Test
  void slotsAreChosenToo() {
    try (var cache = KeyValueCache.slots(1, 1, 1, 2, 3);
        var region = Region.open()) {
      append(cache, region, 1, 2);
      cache.select(new int[] {1, 1});
      append(cache, region, 3, 4);
      assertThat(CachedTensors.slots(cache, 0).key().floats()).containsExactly(2, 3, 0, 2, 4, 0);
    }
  }

  @Test
  void aCallThatFailsLeavesNoTrace() {
    try (var cache = KeyValueCache.growing(1, 1, 1);
        var region = Region.open()) {
      var row = region.matrix(1, 1);
      cache.reserve(1, 1);
      cache.reserveSource(1, 3, null);
      row.set(0, 0, 7);
      cache.append(0, row, row);
      // The call ends here without a commit.
      assertThat(cache.tokens()).isZero();
      assertThat(cache.hasSource()).isFalse();
      cache.reserve(3, 1); // and another may have another batch
      assertThat(cache.batch()).isEqualTo(3);
    }
  }

  /** The beams of an input share the rows of its source, also after another input is removed. */
  @Test
  void sourcesAreSharedAndNeverCopied() {
    try (var cache = KeyValueCache.growing(1, 1, 1)) {
      cache.reserve(3, 1);
      cache.reserveSource(3, 2, new float[] {1, 1, 1, 0, 1, 1});
      for (int i = 0; i < 6; i++) {
        cache.sourceRows(0).set(i, 0, i);
      }
      cache.commit();
      cache.select(new int[] {0, 0, 1, 1, 2, 2}); // two beams each
      assertThat(cache.sourceBatch()).isEqualTo(3);
      cache.select(new int[] {1, 0, 3, 3, 5, 4}); // they change places
      assertThat(cache.sourceBatch()).isEqualTo(3);
      cache.select(new int[] {2, 2, 5, 4}); // the first input is done
      assertThat(cache.sourceBatch()).isEqualTo(2);
      assertThat(cache.sourceSeen()).containsExactly(1, 0, 1, 1);
      assertThat(cache.source(0).sequence(0, 2, 2).toArray(0, 1)).containsExactly(2, 3);
      assertThat(cache.source(0).sequence(1, 2, 2).toArray(0, 1)).containsExactly(4, 5);
      long bytes = cache.bytes();
      cache.select(
          new int[] {0, 1, 2}); // unequal numbers of beams: each sequence has its own source
      assertThat(cache.sourceBatch()).isEqualTo(3);
      assertThat(cache.sourceSeen()).containsExactly(1, 0, 1, 0, 1, 1);
      assertThat(cache.bytes()).isEqualTo(bytes);
    }
  }

  @Test
  void anotherBatchIsRefused() {
    try (var cache = KeyValueCache.growing(1, 1, 1)) {
      cache.reserve(2, 1);
      cache.commit();
      assertThatThrownBy(() -> cache.reserve(3, 1))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("past_key_values")
          .hasMessageContaining("2")
          .hasMessageContaining("3");
    }
  }

  @Test
  void fullSlotsAreRefused() {
    try (var cache = KeyValueCache.slots(1, 1, 1, 1, 4)) {
      cache.reserve(1, 3);
      cache.commit();
      assertThatThrownBy(() -> cache.reserve(1, 2))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("3 of 4 slots");
      cache.reserve(1, 1);
    }
  }

  @Test
  void aClosedCacheIsRefused() {
    var cache = KeyValueCache.growing(1, 1, 1);
    cache.reserve(1, 1);
    cache.close();
    cache.close();
    assertThatThrownBy(() -> cache.reserve(1, 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tensorsThatDoNotFitAreRefused() {
    var good = Tensor.of(new float[12], 1, 2, 3, 2);
    var bad = Tensor.of(new float[12], 1, 3, 2, 2);
    var layer = new CachedTensors(good, good);
    CachedTensors.restore(2, 2, List.of(layer, layer), List.of()).close();
    for (var wrong :
        List.of(
            List.of(layer, new CachedTensors(bad, bad)),
            List.of(new CachedTensors(good, bad)),
            List.of(new CachedTensors(bad, bad)))) {
      assertThatThrownBy(() -> CachedTensors.restore(2, 2, wrong, List.of()))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("[1, 3, 2, 2]");
    }
    assertThatThrownBy(() -> CachedTensors.restoreSlots(2, 2, List.of(layer), 1))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("[1, 2, 3, 2]");
    var slots = new CachedTensors(Tensor.of(new float[12], 1, 3, 2, 2), bad);
    assertThatThrownBy(() -> CachedTensors.restoreSlots(2, 2, List.of(slots), 4))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("cache_index");
  }
}
