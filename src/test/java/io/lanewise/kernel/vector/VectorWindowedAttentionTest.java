package io.lanewise.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.WindowedAttention;
import io.lanewise.kernel.WindowedExample;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.scalar.ScalarWindowedAttention;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("every-vector-width")
class VectorWindowedAttentionTest {
  private final Workers one = new Workers(1);
  private final Workers three = new Workers(3);

  @AfterEach
  void stop() {
    one.close();
    three.close();
  }

  private void run(WindowedExample example, WindowedAttention attention) {
    attention.windowed(example.arguments(), example.probabilities(), example.out());
  }

  private void compare(WindowedExample example) {
    try (var specified = example.again()) {
      run(specified, new ScalarWindowedAttention(one));
      run(example, new VectorWindowedAttention(three));
      assertThat(
              WindowedExample.difference(
                  example.probabilities().toArray(), specified.probabilities().toArray()))
          .as("probabilities, %s", example)
          .isLessThan(2e-6);
      assertThat(WindowedExample.difference(example.out().toArray(), specified.out().toArray()))
          .as("context, %s", example)
          .isLessThan(1e-5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 8, 13, 16, 31, 64, 103, 207, 257, 768})
  void equalsTheSpecificationForEveryLength(int tokens) {
    var random = new Random(tokens);
    for (int window : new int[] {0, 4, 14, 64, 206, 512}) {
      var roles = WindowedExample.roles(random, 2, tokens);
      try (var example = WindowedExample.random(random, roles, 2, 8, window, random.nextInt(3))) {
        compare(example);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 8, 13, 16, 31, 32, 64, 80, 103, 128})
  void equalsTheSpecificationForEveryHeadSize(int headSize) {
    var random = new Random(headSize);
    var roles = WindowedExample.roles(random, 1, 50);
    try (var example = WindowedExample.random(random, roles, 3, headSize, 16, 1)) {
      compare(example);
    }
  }
}
