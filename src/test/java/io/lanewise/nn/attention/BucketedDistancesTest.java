package io.lanewise.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Region;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketedDistancesTest {
  /** Worked by transformers 4.57.6. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-7, 7",
    "-8, 8",
    "-16, 10",
    "-32, 12",
    "-128, 15",
    "-5000, 15",
    "1, 17",
    "8, 24",
    "11, 24",
    "12, 25",
    "64, 30",
    "91, 31",
    "5000, 31"
  })
  void bucketsAreThoseOfHuggingFace(int distance, int bucket) {
    assertThat(BucketedDistances.bucket(distance)).isEqualTo(bucket);
  }

  @Test
  void fewRowsAreEnoughForFewTokens() {
    assertThat(BucketedDistances.longest(1)).isEqualTo(1);
    assertThat(BucketedDistances.longest(21)).isEqualTo(5);
    assertThat(BucketedDistances.longest(31)).isEqualTo(91);
    assertThat(BucketedDistances.longest(32)).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void keepsTheNumbersOfTheHeadsThatAreLeft() {
    try (var region = Region.open()) {
      var all = BucketedDistances.load(32, 3, Weights.random(1, 1, region).at("table"));
      var left = all.of(KeptHeads.without(3, List.of(), List.of(1)));
      assertThat(left.biases()[0]).containsExactly(all.biases()[0]);
      assertThat(left.biases()[1]).containsExactly(all.biases()[2]);
      assertThat(left.biases()).hasDimensions(2, 257);
    }
  }
}
