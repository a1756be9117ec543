package io.lanewise.kernel.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Comparison;
import io.lanewise.kernel.RotaryTable;
import io.lanewise.kernel.Rowwise;
import io.lanewise.kernel.Sample;
import io.lanewise.kernel.Sample.Layout;
import io.lanewise.kernel.Workers;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The row operations of the first calls, the scalar ones as the oracle. */
class LoopRowwiseTest {
  private static final int[] SIZES = {1, 3, 7, 8, 13, 16, 31, 64, 103, 207, 257, 768};

  private final Region region = Region.open();
  private final Workers two = new Workers(2);
  private final Rowwise scalar = new ScalarRowwise(two);
  private final Rowwise plain = new LoopRowwise(two);

  @AfterEach
  void free() {
    two.close();
    region.close();
  }

  /** What is applied to an operand and a place for the result. */
  private interface Operation {
    void apply(Rowwise rowwise, Matrix x, Matrix y);
  }

  @Test
  void agreesWithTheScalarTwinAtUglySizes() {
    for (int columns : SIZES) {
      var gain = Sample.normal(region, 1, 1, columns, Layout.SHIFTED).matrix().data();
      var bias = Sample.normal(region, 2, 1, columns, Layout.SHIFTED).matrix().data();
      compare(columns, (rowwise, x, y) -> rowwise.layerNorm(x, gain, bias, 1e-12f, y));
      compare(columns, (rowwise, _, y) -> rowwise.layerNorm(y, gain, bias, 1e-5f, y));
      compare(columns, (rowwise, x, y) -> rowwise.addLayerNorm(x, y, gain, bias, 1e-5f, y));
      compare(columns, (rowwise, x, y) -> rowwise.rmsNorm(x, gain, 1e-5f, y));
      compare(columns, (rowwise, _, y) -> rowwise.softmax(y));
      compare(columns, (rowwise, x, y) -> rowwise.gate(Activation.SILU, x, y));
      compare(columns, (rowwise, x, y) -> rowwise.add(x, y));
      var ids = new SplittableRandom(3).ints(31, 0, 31).toArray();
      compare(columns, (rowwise, x, y) -> rowwise.gather(x, ids, y));
      compare(columns, (rowwise, x, y) -> rowwise.addGathered(x, ids, y));
      for (var layout : RotaryTable.Layout.values()) {
        int half = columns / 2;
        compare(
            columns,
            (rowwise, x, y) -> {
              var cosines = x.columns(0, half);
              rowwise.rotate(
                  y, new RotaryTable(columns, layout, cosines, x.columns(half, half)), ids);
            });
      }
      for (var activation : Activation.values()) {
        compare(columns, (rowwise, _, y) -> rowwise.activate(activation, y));
      }
    }
  }

  private void compare(int columns, Operation operation) {
    for (var layout : Layout.values()) {
      var x = Sample.normal(region, 4, 31, columns, layout);
      var y = Sample.normal(region, 5, 31, columns, layout);
      var expected = y.copy(region, Layout.ALIGNED);
      operation.apply(scalar, x.matrix(), expected.matrix());
      operation.apply(plain, x.matrix(), y.matrix());
      new Comparison(2e-6).check(y.matrix(), expected.matrix());
      x.assertNothingElseWritten();
      y.assertNothingElseWritten();
    }
  }

  @Test
  void everyActivationIsCloseToItsDefinitionOverItsWholeRange() {
    for (var activation : Activation.values()) {
      for (int j = -12_000; j <= 12_000; j++) {
        float x = j * 0.00125f;
        double expected = ScalarRowwise.activate(activation, x);
        double difference = Math.abs(activated(activation, x) - expected);
        if (!(difference < 1.4e-6 * Math.max(1, Math.abs(expected)))) {
          fail("%s of %s is off by %s from %s", activation, x, difference, expected);
        }
      }
    }
  }

  @Test
  void activationsOfExtremeNumbersAreTheirLimits() {
    for (var activation : Activation.values()) {
      for (float size : new float[] {50, 1e4f, 1e20f, Float.MAX_VALUE, 1e-30f, 0}) {
        for (float x : new float[] {size, -size}) {
          assertThat((double) activated(activation, x))
              .as("%s of %s", activation, x)
              .isEqualTo(
                  ScalarRowwise.activate(activation, x),
                  org.assertj.core.data.Offset.offset(1e-20));
        }
      }
      assertThat(activated(activation, Float.NaN)).as("%s", activation).isNaN();
    }
  }

  @Test
  void softmaxOfExtremeRows() {
    float most = Float.MAX_VALUE;
    assertThat(softmax(-most, -most)).containsExactly(0.5f, 0.5f);
    assertThat(softmax(0, -most, 0)).containsExactly(0.5f, 0, 0.5f);
    assertThat(softmax(Float.NEGATIVE_INFINITY, 1, 1)).containsExactly(0, 0.5f, 0.5f);
    assertThat(softmax(1000, -1000)).containsExactly(1, 0);
    assertThat(softmax(1, Float.NaN, 1)).containsExactly(Float.NaN, Float.NaN, Float.NaN);
  }

  @Test
  void operandsThatDoNotFitAreRefused() {
    var wide = region.matrix(3, 8);
    var narrow = region.matrix(3, 7);
    var data = wide.data();
    refused(() -> plain.layerNorm(wide, data, data, 1e-5f, narrow));
    refused(() -> plain.addLayerNorm(wide, narrow, data, data, 1e-5f, wide));
    refused(() -> plain.add(narrow, wide));
    refused(() -> plain.gather(wide, new int[3], narrow));
    refused(() -> plain.gather(wide, new int[] {0, 1, 3}, wide));
    refused(() -> plain.addGathered(wide, new int[] {0, -1, 2}, wide));
  }

  private static void refused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfAny(IllegalArgumentException.class, IndexOutOfBoundsException.class);
  }

  private static float activated(Activation activation, float x) {
    float[] one = {x};
    LoopFunctions.apply(activation, one, 1);
    return one[0];
  }

  private float[] softmax(float... row) {
    var matrix = Matrix.of(region.copyOf(row), 1, row.length);
    plain.softmax(matrix);
    return matrix.toArray();
  }
}
