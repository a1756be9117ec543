package io.lanewise.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against numbers that Hugging Face's {@code make_log_bucket_position} gives. */
class DistanceBucketsTest {
  @Test
  void longDistancesShareBucketsByTheLogarithm() {
    var buckets = new DistanceBuckets(8, 8, 41);
    assertThat(rows(buckets, 0, 1, 4, 5, 8, 9, 18, 19, 40))
        .containsExactly(8, 9, 12, 13, 13, 14, 14, 15, 15);
    assertThat(rows(buckets, -1, -4, -5, -8, -9, -18, -19, -40))
        .containsExactly(7, 4, 3, 3, 2, 2, 1, 1);
  }

  @Test
  void deBertaV3HasAVectorForEachDistanceUpToHalfOfItsBuckets() {
    var buckets = new DistanceBuckets(256, 256, 512);
    var distances = new int[] {128, 129, 131, 140, 160, 256, 400, 511, 512, 40_000};
    var expected = new int[] {128, 129, 131, 137, 149, 192, 233, 255, 255, 255};
    for (int i = 0; i < distances.length; i++) {
      assertThat(buckets.row(distances[i])).isEqualTo(256 + expected[i]);
    }
    assertThat(buckets.row(-511)).isEqualTo(1);
    assertThat(buckets.row(-512)).isZero();
    assertThat(buckets.row(-40_000)).isZero();
  }

  @Test
  void withoutBucketsDistancesEndAtTheSpan() {
    var buckets = DistanceBuckets.each(3);
    assertThat(rows(buckets, -9, -3, -2, 0, 2, 3, 9)).containsExactly(0, 0, 1, 3, 5, 5, 5);
  }

  @Test
  void rowsNeverFall() {
    for (int count : new int[] {0, 2, 3, 8, 17}) {
      int[] rows = new DistanceBuckets(Math.max(count, 5), count, 30).rowsWithin(200);
      assertThat(rows).isSorted().hasSize(401);
    }
  }

  @Test
  void aSpanIsNeeded() {
    assertThatThrownBy(() -> new DistanceBuckets(0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int[] rows(DistanceBuckets buckets, int... distances) {
    return IntStream.of(distances).map(buckets::row).toArray();
  }
}
