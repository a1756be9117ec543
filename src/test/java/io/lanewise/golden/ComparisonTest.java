package io.lanewise.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A comparison that cannot fail proves nothing. */
class ComparisonTest {
  private static final float NAN = Float.NaN;
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private static String fault(Tensor validRows, Tensor expected, Tensor actual) {
    return fault(validRows, Map.of("logits", expected), Map.of("logits", actual));
  }

  private static String fault(
      Tensor validRows, Map<String, Tensor> expected, Map<String, Tensor> actual) {
    var golden =
        new GoldenCase(
            Path.of("x"),
            "x",
            "",
            "",
            "",
            Map.of(),
            1e-3,
            1e-2,
            Set.of("pooler"),
            null,
            Set.of(),
            Set.of());
    var comparison = new Comparison(golden, validRows);
    comparison.compare(expected, actual);
    return comparison.fault();
  }

  private static Tensor floats(float... values) {
    return Tensor.of(values, values.length);
  }

  @Test
  void allowsTheToleranceAndNoMore() {
    assertThat(fault(null, floats(0, 100), floats(0.0009f, 100.9f))).isNull();
    assertThat(fault(null, floats(0, 100), floats(0.0011f, 100)))
        .startsWith("logits[0] is 0.0011, expected 0.0")
        .contains("largest difference 1.10e-03, mean 5.50e-04");
    assertThat(fault(null, floats(0, 100), floats(0, 101.1f))).startsWith("logits[1]");
  }

  @Test
  void nanEqualsNanAlone() {
    assertThat(fault(null, floats(NAN, INFINITY), floats(NAN, INFINITY))).isNull();
    assertThat(fault(null, floats(NAN), floats(1))).isNotNull();
    assertThat(fault(null, floats(1), floats(NAN))).isNotNull();
    assertThat(fault(null, floats(INFINITY), floats(1))).isNotNull();
    assertThat(fault(null, floats(INFINITY), floats(-INFINITY))).isNotNull();
    assertThat(fault(null, floats(0f), floats(-0f))).isNull();
  }

  @Test
  void seesShapesMissingAndUninvitedTensors() {
    assertThat(fault(null, floats(1), Tensor.of(new float[] {1}, 1, 1))).contains("shape [1, 1]");
    assertThat(fault(null, Map.of("a", floats(1)), Map.of()))
        .isEqualTo("a is missing (largest difference 0.00e+00, mean 0.00e+00)");
    assertThat(fault(null, Map.of(), Map.of("a", floats(1)))).contains("nobody asked");
    assertThat(fault(null, Map.of(), Map.of("pooler", floats(1)))).isNull();
  }

  @Test
  void integersAreEqual() {
    assertThat(fault(null, Tensor.of(new long[] {7}, 1), Tensor.of(new long[] {7}, 1))).isNull();
    assertThat(fault(null, Tensor.of(new long[] {7}, 1), Tensor.of(new long[] {8}, 1))).isNotNull();
  }

  @Test
  void leavesOutRowsThatAreNotValid() {
    var rows = Tensor.of(new long[] {1, 0}, 1, 2);
    var expected = Tensor.of(new float[] {1, 2, 3, 4}, 1, 2, 2);
    assertThat(fault(rows, expected, Tensor.of(new float[] {1, 2, 9, 9}, 1, 2, 2))).isNull();
    assertThat(fault(rows, expected, Tensor.of(new float[] {1, 9, 3, 4}, 1, 2, 2))).isNotNull();
  }
}
