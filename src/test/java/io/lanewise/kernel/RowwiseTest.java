package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.lanewise.kernel.Sample.Layout;
import io.lanewise.kernel.scalar.LoopRowwise;
import io.lanewise.kernel.scalar.ScalarRowwise;
import io.lanewise.kernel.vector.VectorFunctions;
import io.lanewise.kernel.vector.VectorRowwise;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks all implementations of the row operations, with the scalar one as the oracle. */
@Tag("every-vector-width")
class RowwiseTest {
  private static final int[] SIZES = {1, 3, 7, 8, 13, 16, 31, 64, 103, 207, 257, 768};

  private final Region region = Region.open();
  private final Workers two = new Workers(2);
  private final Rowwise scalar = new ScalarRowwise(two);
  private final Rowwise vector = new VectorRowwise(two);

  @AfterEach
  void free() {
    two.close();
    region.close();
  }

  /** An operation on x, with y as the second operand or the result. */
  private enum Operation {
    LAYER_NORM,
    LAYER_NORM_IN_PLACE,
    ADD_LAYER_NORM,
    ADD_LAYER_NORM_INTO_RESIDUAL,
    RMS_NORM,
    SOFTMAX,
    GATE,
    ROTATE_HALVES,
    ROTATE_ADJACENT,
    GELU,
    TANH,
    ADD,
    GATHER,
    ADD_GATHERED;

    /** Applies it; the result is in y. */
    void apply(Rowwise rowwise, Matrix x, Matrix y, MemorySegment gain, MemorySegment bias) {
      switch (this) {
        case LAYER_NORM -> rowwise.layerNorm(x, gain, bias, 1e-12f, y);
        case LAYER_NORM_IN_PLACE -> rowwise.layerNorm(y, gain, bias, 1e-5f, y);
        case ADD_LAYER_NORM -> {
          var sum = y.toArray();
          var other = Matrix.of(MemorySegment.ofArray(sum), y.rows(), y.columns());
          rowwise.addLayerNorm(x, other, gain, bias, 1e-5f, y);
        }
        case ADD_LAYER_NORM_INTO_RESIDUAL -> rowwise.addLayerNorm(x, y, gain, bias, 1e-5f, y);
        case RMS_NORM -> rowwise.rmsNorm(x, gain, 1e-5f, y);
        case SOFTMAX -> rowwise.softmax(y);
        case GATE -> rowwise.gate(Activation.GELU, x, y);
        case ROTATE_HALVES -> rotate(rowwise, RotaryTable.Layout.HALVES, x, y);
        case ROTATE_ADJACENT -> rotate(rowwise, RotaryTable.Layout.ADJACENT, x, y);
        case GELU -> rowwise.activate(Activation.GELU, y);
        case TANH -> rowwise.activate(Activation.TANH, y);
        case ADD -> rowwise.add(x, y);
        case GATHER -> rowwise.gather(x, ids(x.rows(), y.rows()), y);
        case ADD_GATHERED -> rowwise.addGathered(x, ids(x.rows(), y.rows()), y);
      }
    }

    /** Two heads where that is possible, of which an odd last number stays. */
    private static void rotate(Rowwise rowwise, RotaryTable.Layout layout, Matrix x, Matrix y) {
      int size = y.columns() % 2 == 0 ? y.columns() / 2 : y.columns();
      var cosines = x.columns(0, size / 2);
      var sines = x.columns(size / 2, size / 2);
      var table = new RotaryTable(size, layout, cosines, sines);
      rowwise.rotate(y, table, ids(x.rows(), y.rows()));
    }

    /** Whether a row of the result hangs on that row of x alone. */
    boolean isByRow() {
      return switch (this) {
        case GATHER, ADD_GATHERED, ROTATE_HALVES, ROTATE_ADJACENT -> false;
        default -> true;
      };
    }

    private static int[] ids(int tableRows, int count) {
      return new SplittableRandom(3).ints(count, 0, tableRows).toArray();
    }
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithTheScalarTwinAtUglySizes(Operation operation) {
    for (int columns : SIZES) {
      var gain = Sample.normal(region, 1, 1, columns, Layout.SHIFTED).matrix().data();
      var bias = Sample.normal(region, 2, 1, columns, Layout.SHIFTED).matrix().data();
      for (var layout : Layout.values()) {
        for (int rows : new int[] {1, 3, 31}) {
          var x = Sample.normal(region, 4, rows, columns, layout);
          var y = Sample.normal(region, 5, rows, columns, layout);
          var expected = y.copy(region, Layout.ALIGNED);
          operation.apply(scalar, x.matrix(), expected.matrix(), gain, bias);
          operation.apply(vector, x.matrix(), y.matrix(), gain, bias);
          new Comparison(2e-6).check(y.matrix(), expected.matrix());
          x.assertNothingElseWritten();
          y.assertNothingElseWritten();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theBitsDependNeitherOnThreadsNorOnOtherRowsNorOnThePlace(Operation operation) {
    for (int columns : new int[] {13, 207, 768}) {
      var gain = Sample.normal(region, 1, 1, columns, Layout.ALIGNED).matrix().data();
      var bias = Sample.normal(region, 2, 1, columns, Layout.ALIGNED).matrix().data();
      var x = Sample.normal(region, 4, 100, columns, Layout.ALIGNED).matrix();
      var before = Sample.normal(region, 5, 100, columns, Layout.ALIGNED);
      var first = before.copy(region, Layout.ALIGNED).matrix();
      operation.apply(new VectorRowwise(new Workers(1)), x, first, gain, bias);
      for (int threads = 2; threads < 4; threads++) {
        try (var workers = new Workers(threads)) {
          var again = before.copy(region, Layout.STRIDED).matrix();
          operation.apply(new VectorRowwise(workers), x, again, gain, bias);
          Sample.assertSameBits(again, first);
        }
      }
      if (operation.isByRow()) {
        for (int row : new int[] {0, 1, 50, 99}) {
          var alone = before.copy(region, Layout.SHIFTED).matrix().rows(row, 1);
          operation.apply(vector, x.rows(row, 1), alone, gain, bias);
          Sample.assertSameBits(alone, first.rows(row, 1));
        }
      }
    }
  }

  @Test
  void everyActivationIsCloseToItsDefinitionOverItsWholeRange() {
    for (var activation : Activation.values()) {
      var x = region.matrix(1, 24_001);
      for (int j = 0; j < x.columns(); j++) {
        x.set(0, j, (j - 12_000) * 0.00125f);
      }
      var y = region.matrix(1, x.columns());
      y.copyFrom(x);
      vector.activate(activation, y);
      for (int j = 0; j < x.columns(); j++) {
        double expected = ScalarRowwise.activate(activation, x.get(0, j));
        double difference = Math.abs(y.get(0, j) - expected);
        if (!(difference < 1.4e-6 * Math.max(1, Math.abs(expected)))) {
          fail("%s of %s is %s, not %s", activation, x.get(0, j), y.get(0, j), expected);
        }
      }
    }
  }

  @Test
  void activationsOfExtremeNumbersAreTheirLimits() {
    for (var activation : Activation.values()) {
      for (float x : new float[] {50, 1e4f, 1e20f, Float.MAX_VALUE, 1e-30f, -0.0f, 0}) {
        assertThat(activated(activation, x))
            .as("%s of %s", activation, x)
            .isEqualTo(ScalarRowwise.activate(activation, x));
        assertThat((double) activated(activation, -x))
            .as("%s of %s", activation, -x)
            .isEqualTo(
                ScalarRowwise.activate(activation, -x), org.assertj.core.data.Offset.offset(1e-20));
      }
      assertThat(activated(activation, Float.NaN)).isNaN();
    }
  }

  @Test
  void theExponentialIsAccurateOverItsWholeRange() {
    for (int i = 0; i < 87_000; i++) {
      float y = i * 1e-3f;
      double expected = Math.exp(-(double) y);
      float actual = VectorFunctions.expOfNegative(Lanes.splat(y)).lane(0);
      if (!(Math.abs(actual - expected) <= expected * 3e-7)) {
        fail("exp(-%s) is %s, not %s", y, actual, expected);
      }
    }
    assertThat(VectorFunctions.expOfNegative(Lanes.splat(Float.MAX_VALUE)).lane(0)).isZero();
    assertThat(VectorFunctions.expOfNegative(Lanes.splat(0)).lane(0)).isOne();
  }

  @Test
  void theLogarithmOfASumIsAccurate() {
    var all = new Rowwise[] {scalar, vector, new LoopRowwise(two)};
    for (int size : new int[] {1, 3, 15, 16, 17, 255, 272, 1_000, 50_265}) {
      for (float spread : new float[] {0, 1e-3f, 1, 5, 40}) {
        var random = new SplittableRandom(size);
        var values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = (float) (random.nextDouble(-1, 1) * spread) - 3;
        }
        values[size / 2] = size % 2 == 0 ? Float.NEGATIVE_INFINITY : values[size / 2];
        double sum = 0;
        for (float value : values) {
          sum += Math.exp((double) value);
        }
        for (var rowwise : all) {
          assertThat(rowwise.logOfSum(values))
              .as("%d numbers, spread %s, %s", size, spread, rowwise)
              .isCloseTo(Math.log(sum), org.assertj.core.data.Offset.offset(2e-7));
        }
      }
    }
  }

  @Test
  void notANumberAndInfinityMakeTheLogarithmOfASumNotANumber() {
    float hidden = Float.NEGATIVE_INFINITY;
    for (var rowwise : new Rowwise[] {scalar, vector, new LoopRowwise(two)}) {
      for (float odd : new float[] {Float.NaN, -Float.NaN, Float.POSITIVE_INFINITY}) {
        for (int at : new int[] {0, 20, 36}) {
          var values = new float[37];
          values[at] = odd;
          assertThat(rowwise.logOfSum(values)).isNaN();
        }
      }
      assertThat(rowwise.logOfSum(new float[] {hidden, hidden})).isNaN();
      assertThat(rowwise.logOfSum(new float[] {hidden, 3, hidden})).isEqualTo(3);
    }
  }

  @Test
  void notANumberMakesTheRowNotANumber() {
    var gain = Sample.normal(region, 1, 1, 31, Layout.ALIGNED).matrix().data();
    for (float poison : new float[] {Float.NaN, Float.intBitsToFloat(0xffc00000)}) {
      for (int column : new int[] {0, 15, 30}) {
        for (float level : new float[] {-5, 5}) {
          var x = Sample.normal(region, 2, 3, 31, Layout.SHIFTED).matrix();
          for (int j = 0; j < 31; j++) {
            x.set(1, j, level);
          }
          x.set(1, column, poison);
          var softmax = region.matrix(3, 31);
          softmax.copyFrom(x);
          vector.softmax(softmax);
          var norm = region.matrix(3, 31);
          vector.layerNorm(x, gain, gain, 1e-5f, norm);
          for (int j = 0; j < 31; j++) {
            assertThat(softmax.get(0, j)).isNotNaN();
            assertThat(softmax.get(1, j)).isNaN();
            assertThat(softmax.get(2, j)).isNotNaN();
            assertThat(norm.get(0, j)).isNotNaN();
            assertThat(norm.get(1, j)).isNaN();
          }
        }
      }
    }
  }

  @Test
  void softmaxOfExtremeRows() {
    var rows = region.matrix(5, 3);
    rows.copyFrom(
        new float[] {
          -Float.MAX_VALUE,
          -Float.MAX_VALUE,
          -Float.MAX_VALUE, // all masked: uniform
          0,
          -Float.MAX_VALUE,
          0, // one masked
          1000,
          999,
          -1000, //
          Float.NEGATIVE_INFINITY,
          1,
          1, //
          -0.0f,
          0,
          -0.0f
        },
        0);
    vector.softmax(rows);
    float third = 1 / 3f;
    float e = (float) (1 / (1 + Math.exp(-1)));
    new Comparison(2e-7)
        .check(
            rows,
            Matrix.of(
                region.copyOf(
                    new float[] {
                      third, third, third, 0.5f, 0, 0.5f, e, 1 - e, 0, 0, 0.5f, 0.5f, third, third,
                      third
                    }),
                5,
                3));
    assertThat(rows.get(1, 1)).isZero();
    assertThat(rows.get(2, 2)).isZero();
  }

  @Test
  void operandsThatDoNotFitAreRefused() {
    var wide = region.matrix(3, 8);
    var narrow = region.matrix(3, 7);
    BiConsumer<Rowwise, Runnable> refused =
        (_, call) ->
            assertThatThrownBy(call::run)
                .isInstanceOfAny(IllegalArgumentException.class, IndexOutOfBoundsException.class);
    for (var rowwise : new Rowwise[] {scalar, vector}) {
      refused.accept(
          rowwise, () -> rowwise.layerNorm(wide, wide.data(), wide.data(), 1e-5f, narrow));
      refused.accept(
          rowwise, () -> rowwise.addLayerNorm(wide, narrow, wide.data(), wide.data(), 1e-5f, wide));
      refused.accept(rowwise, () -> rowwise.add(narrow, wide));
      refused.accept(rowwise, () -> rowwise.gather(wide, new int[3], narrow));
      refused.accept(rowwise, () -> rowwise.gather(wide, new int[2], wide));
      refused.accept(rowwise, () -> rowwise.gather(wide, new int[] {0, 1, 3}, wide));
      refused.accept(rowwise, () -> rowwise.addGathered(wide, new int[] {0, -1, 2}, wide));
    }
  }

  private float activated(Activation activation, float x) {
    var one = region.matrix(1, 1);
    one.set(0, 0, x);
    vector.activate(activation, one);
    return one.get(0, 0);
  }
}
