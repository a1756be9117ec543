package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.lanewise.kernel.Sample.Layout;
import io.lanewise.kernel.onednn.OneDnnGemm;
import io.lanewise.kernel.openblas.BlasGemm;
import io.lanewise.kernel.scalar.ScalarGemm;
import io.lanewise.kernel.scalar.ScalarRowwise;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.memory.BrainFloat;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.NativeImage;
import io.lanewise.memory.Region;
import io.lanewise.memory.SymmetricInt8;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks all implementations of the matrix product. */
@Tag("every-vector-width")
class GemmTest {
  /** The implementations, each with the precisions that it supports. */
  enum Twin {
    SCALAR(Precision.FLOAT32),
    SCALAR_BFLOAT16(Precision.BFLOAT16),
    SCALAR_INT8(Precision.INT8),
    VECTOR(Precision.FLOAT32),
    VECTOR_BFLOAT16(Precision.BFLOAT16),
    VECTOR_INT8(Precision.INT8),
    OPENBLAS(Precision.FLOAT32),
    ONEDNN(Precision.FLOAT32),
    ONEDNN_BFLOAT16(Precision.BFLOAT16),
    ONEDNN_INT8(Precision.INT8);

    private final Precision precision;

    Twin(Precision precision) {
      this.precision = precision;
    }

    Gemm over(Workers workers) {
      return switch (this) {
        case SCALAR, SCALAR_BFLOAT16, SCALAR_INT8 -> new ScalarGemm(workers, precision);
        case VECTOR, VECTOR_BFLOAT16, VECTOR_INT8 -> new VectorGemm(workers, precision);
        case OPENBLAS -> new BlasGemm(workers, new ScalarRowwise(workers));
        case ONEDNN, ONEDNN_BFLOAT16, ONEDNN_INT8 -> new OneDnnGemm(workers, precision);
      };
    }

    Backend.Choice choice() {
      return switch (this) {
        case SCALAR, SCALAR_BFLOAT16, SCALAR_INT8 -> Backend.Choice.SCALAR;
        case VECTOR, VECTOR_BFLOAT16, VECTOR_INT8 -> Backend.Choice.VECTOR;
        case OPENBLAS -> Backend.Choice.OPENBLAS;
        case ONEDNN, ONEDNN_BFLOAT16, ONEDNN_INT8 -> Backend.Choice.ONEDNN;
      };
    }

    boolean isHere() {
      return Backends.hereOrAuto(choice(), precision) == choice();
    }

    /** Whether the inputs are rounded as the weights are. */
    boolean narrowsInputs() {
      return this == ONEDNN_BFLOAT16 || this == ONEDNN_INT8;
    }
  }

  private static final int[] SIZES = {1, 3, 7, 8, 13, 16, 31, 64, 103, 207, 257, 768};

  private final Region region = Region.open();
  private final Workers one = new Workers(1);

  /** Those that run here; {@link #runsHereOrIsRefusedWithAReason} checks all. */
  static Stream<Twin> here() {
    return Stream.of(Twin.values()).filter(Twin::isHere);
  }

  static Stream<Twin> withFixedBits() {
    return here().filter(twin -> twin != Twin.OPENBLAS); // see its Javadoc
  }

  @AfterEach
  void free() {
    region.close();
  }

  @ParameterizedTest
  @EnumSource
  void runsHereOrIsRefusedWithAReason(Twin twin) {
    if (twin.isHere()) {
      assertThat(twin.over(one)).isNotNull();
    } else {
      assertThat(Backends.refusal(twin.choice(), twin.precision))
          .containsAnyOf(
              "the processor has no instructions for",
              "oneDNN is not used for",
              "jdk.incubator.vector",
              "fused multiply-add",
              "on the class path");
    }
  }

  @ParameterizedTest
  @MethodSource("here")
  void agreesWithDoublePrecisionAtUglySizes(Twin twin) {
    try (var workers = new Workers(2)) {
      var gemm = twin.over(workers);
      for (int rows : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 16, 31}) {
        for (int inputs : SIZES) {
          check(twin, gemm, rows, inputs, 31, Layout.STRIDED, Activation.IDENTITY);
        }
      }
      for (int outputs : SIZES) {
        check(twin, gemm, 13, 64, outputs, Layout.SHIFTED, Activation.IDENTITY);
      }
      for (int rows : SIZES) {
        check(twin, gemm, rows, 16, 13, Layout.ALIGNED, Activation.IDENTITY);
      }
      check(twin, gemm, 103, 257, 207, Layout.STRIDED, Activation.GELU);
    }
  }

  @ParameterizedTest
  @MethodSource("here")
  void appliesEveryActivation(Twin twin) {
    for (var activation : Activation.values()) {
      check(twin, twin.over(one), 7, 31, 103, Layout.STRIDED, activation);
    }
  }

  @ParameterizedTest
  @MethodSource("withFixedBits")
  void theBitsOfARowDependOnThatRowAlone(Twin twin) {
    var gemm = twin.over(one);
    for (int inputs : new int[] {13, 103, 768}) {
      var layer = Layer.of(region, inputs, 207);
      var packed = gemm.pack(List.of(layer.weights), List.of(layer.bias), region);
      var x = Sample.normal(region, 5, 77, inputs, Layout.STRIDED).matrix();
      var y = region.matrix(77, 207);
      gemm.apply(x, packed, Activation.GELU, y);
      for (int row : new int[] {0, 1, 5, 6, 40, 71, 75, 76}) {
        var alone = region.matrix(1, 207);
        gemm.apply(x.rows(row, 1), packed, Activation.GELU, alone);
        Sample.assertSameBits(alone, y.rows(row, 1));
      }
      for (int rows = 2; rows < 30; rows++) {
        var some = region.matrix(rows, 207);
        gemm.apply(x.rows(9, rows), packed, Activation.GELU, some);
        Sample.assertSameBits(some, y.rows(9, rows));
      }
    }
  }

  /** Two of three projections that were packed as one, from the start of a panel or slice on. */
  @ParameterizedTest
  @MethodSource("here")
  void aPartHasTheBitsOfTheWhole(Twin twin) {
    int width = NativeImage.isHere() ? 768 : 256; // slices are wider in an image
    var gemm = twin.over(one);
    var layers = IntStream.range(0, 3).mapToObj(_ -> Layer.of(region, 103, width)).toList();
    var packed =
        gemm.pack(
            layers.stream().map(Layer::weights).toList(),
            layers.stream().map(Layer::bias).toList(),
            region);
    var x = Sample.normal(region, 5, 9, 103, Layout.STRIDED).matrix();
    var whole = region.matrix(9, 3 * width);
    gemm.apply(x, packed, Activation.IDENTITY, whole);
    for (int[] part :
        new int[][] {{0, width}, {width, 2 * width}, {width, width}, {0, 3 * width}}) {
      var some = gemm.part(packed, part[0], part[1]);
      assertThat(some).as(part[0] + " and " + part[1] + " more").isNotNull();
      var y = region.matrix(9, part[1]);
      gemm.apply(x, some, Activation.IDENTITY, y);
      if (twin == Twin.OPENBLAS) { // its blocks begin elsewhere, so its last bits differ
        assertThat(y.toArray())
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(whole.columns(part[0], part[1]).toArray());
      } else {
        Sample.assertSameBits(y, whole.columns(part[0], part[1]));
      }
    }
  }

  /** There is no part for outputs that share a panel or a slice with others. */
  @ParameterizedTest
  @MethodSource("here")
  void aPartBeginsAtABorder(Twin twin) {
    if (twin == Twin.OPENBLAS || twin.name().startsWith("SCALAR")) {
      return; // their outputs are separate rows
    }
    var gemm = twin.over(one);
    var layer = Layer.of(region, 16, 400);
    var packed = gemm.pack(List.of(layer.weights), List.of(layer.bias), region);
    assertThat(gemm.part(packed, 3, 256)).isNull();
    assertThat(gemm.part(packed, 0, 255)).isNull();
  }

  @ParameterizedTest
  @MethodSource("here")
  void theBitsDoNotDependOnTheNumberOfThreads(Twin twin) {
    for (int rows : new int[] {1, 16, 128, 257}) {
      var layer = Layer.of(region, 207, 257);
      var x = Sample.normal(region, 6, rows, 207, Layout.ALIGNED).matrix();
      var first = region.matrix(rows, 257);
      var gemm = twin.over(one);
      var packed = gemm.pack(List.of(layer.weights), List.of(layer.bias), region);
      gemm.apply(x, packed, Activation.TANH, first);
      for (int threads : new int[] {2, 3, 5}) {
        try (var workers = new Workers(threads)) {
          var again = region.matrix(rows, 257);
          twin.over(workers).apply(x, packed, Activation.TANH, again);
          Sample.assertSameBits(again, first);
        }
      }
    }
  }

  /** With other threads weights are packed in other slices. */
  @ParameterizedTest
  @MethodSource("here")
  void theBitsDoNotDependOnTheThreadsThatPacked(Twin twin) {
    var layer = Layer.of(region, 1100, 768);
    for (int rows : new int[] {1, 16, 19, 130}) {
      var x = Sample.normal(region, 9, rows, 1100, Layout.ALIGNED).matrix();
      var first = region.matrix(rows, 768);
      var gemm = twin.over(one);
      var alone = gemm.pack(List.of(layer.weights), List.of(layer.bias), region);
      gemm.apply(x, alone, Activation.GELU, first);
      for (int threads : new int[] {2, 3, 5}) {
        try (var workers = new Workers(threads)) {
          var other = twin.over(workers);
          var packed = other.pack(List.of(layer.weights), List.of(layer.bias), region);
          var again = region.matrix(rows, 768);
          other.apply(x, packed, Activation.GELU, again);
          Sample.assertSameBits(again, first);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("here")
  void packsSeveralLayersAsOne(Twin twin) {
    var gemm = twin.over(one);
    var a = Layer.of(region, 31, 64);
    var b = Layer.of(region, 31, 7);
    var c = Layer.of(region, 31, 103);
    var x = Sample.normal(region, 7, 13, 31, Layout.ALIGNED).matrix();
    var together = region.matrix(13, 174);
    var packed =
        gemm.pack(
            List.of(a.weights, b.weights, c.weights), List.of(a.bias, b.bias, c.bias), region);
    gemm.apply(x, packed, Activation.IDENTITY, together);
    int from = 0;
    for (var layer : List.of(a, b, c)) {
      var alone = region.matrix(13, layer.weights.rows());
      var only = gemm.pack(List.of(layer.weights), List.of(layer.bias), region);
      gemm.apply(x, only, Activation.IDENTITY, alone);
      new Comparison(1e-5).check(together.columns(from, alone.columns()), alone);
      from += alone.columns();
    }
  }

  @ParameterizedTest
  @MethodSource("here")
  void notANumberStaysInItsRowOrItsColumn(Twin twin) {
    var gemm = twin.over(one);
    var layer = Layer.of(region, 16, 31);
    layer.weights.set(30, 15, Float.NaN);
    var x = Sample.normal(region, 8, 13, 16, Layout.ALIGNED).matrix();
    x.set(12, 3, Float.NaN);
    var y = region.matrix(13, 31);
    for (var activation : Activation.values()) {
      var packed = gemm.pack(List.of(layer.weights), List.of(layer.bias), region);
      gemm.apply(x, packed, activation, y);
      for (int i = 0; i < 13; i++) {
        for (int j = 0; j < 31; j++) {
          assertThat(Float.isNaN(y.get(i, j)))
              .as("%s (%d, %d)", activation, i, j)
              .isEqualTo(i == 12 || j == 30);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("here")
  void noRowsAreNoWork(Twin twin) {
    var gemm = twin.over(one);
    var layer = Layer.of(region, 7, 13);
    var packed = gemm.pack(List.of(layer.weights), List.of(), region);
    gemm.apply(region.matrix(0, 7), packed, Activation.GELU, region.matrix(0, 13));
  }

  @ParameterizedTest
  @MethodSource("here")
  void operandsThatDoNotFitAreRefused(Twin twin) {
    var gemm = twin.over(one);
    var layer = Layer.of(region, 7, 13);
    var packed = gemm.pack(List.of(layer.weights), List.of(), region);
    assertThatThrownBy(
            () -> gemm.apply(region.matrix(3, 8), packed, Activation.GELU, region.matrix(3, 13)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[3, 8] by weights [13, 7]");
    assertThatThrownBy(
            () -> gemm.apply(region.matrix(3, 7), packed, Activation.GELU, region.matrix(2, 13)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> gemm.pack(List.of(layer.weights, region.matrix(3, 8)), List.of(), region))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> gemm.pack(List.of(layer.weights, layer.weights), List.of(layer.bias), region))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @MethodSource("here")
  void weightsForFewRowsAreAppliedToAnyNumberOfThem(Twin twin) {
    var layer = Layer.of(region, 103, 207);
    var gemm = twin.over(one);
    var packed = gemm.forFewRows().pack(List.of(layer.weights), List.of(layer.bias), region);
    var x = Sample.normal(region, 7, 13, 103, Layout.ALIGNED).matrix();
    for (int rows : new int[] {1, 3, 4, 5, 8, 13}) {
      var y = Sample.empty(region, rows, 207, Layout.ALIGNED).matrix();
      gemm.apply(x.rows(0, rows), packed, Activation.GELU, y);
      for (int row = 0; row < rows; row++) {
        var alone = Sample.empty(region, 1, 207, Layout.ALIGNED).matrix();
        gemm.forFewRows().apply(x.rows(row, 1), packed, Activation.GELU, alone);
        if (twin != Twin.OPENBLAS) { // whose bits may depend on the other rows
          assertThat(alone.toArray()).isEqualTo(y.rows(row, 1).toArray());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("here")
  void weightsPackedByAnotherImplementationAreRefused(Twin twin) {
    var layer = Layer.of(region, 7, 13);
    for (var other : here().toList()) {
      var packed = other.over(one).pack(List.of(layer.weights), List.of(), region);
      var gemm = twin.over(one);
      var ours =
          Stream.of(gemm, gemm.forFewRows())
              .map(each -> each.pack(List.of(layer.weights), List.of(), region).layout());
      if (ours.noneMatch(packed.layout()::equals)) {
        assertThatThrownBy(
                () ->
                    twin.over(one)
                        .apply(region.matrix(3, 7), packed, Activation.GELU, region.matrix(3, 13)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("weights packed as");
      } else {
        assertThat(other.precision).isEqualTo(twin.precision);
      }
    }
  }

  /** Weights and bias of a layer; the weights are unaligned, as in a checkpoint. */
  private record Layer(Matrix weights, MemorySegment bias) {
    static Layer of(Region region, int inputs, int outputs) {
      return new Layer(
          Sample.normal(region, 100 + outputs, outputs, inputs, Layout.SHIFTED).matrix(),
          Sample.normal(region, 200 + outputs, 1, outputs, Layout.SHIFTED).matrix().data());
    }
  }

  private void check(
      Twin twin,
      Gemm gemm,
      int rows,
      int inputs,
      int outputs,
      Layout layout,
      Activation activation) {
    try (var memory = Region.open()) {
      var layer = Layer.of(memory, inputs, outputs);
      var x = Sample.normal(memory, 3, rows, inputs, layout);
      var y = Sample.empty(memory, rows, outputs, layout);
      var packed = gemm.pack(List.of(layer.weights), List.of(layer.bias), memory);
      gemm.apply(x.matrix(), packed, activation, y.matrix());
      y.assertNothingElseWritten();
      var inputsOf = new double[rows][];
      for (int i = 0; i < rows; i++) {
        var row = x.matrix().rows(i, 1).toArray();
        inputsOf[i] =
            twin == Twin.ONEDNN_INT8
                ? scaled(row)
                : rounded(row, twin.narrowsInputs() ? twin.precision : Precision.FLOAT32);
      }
      for (int j = 0; j < outputs; j++) {
        var weights = rounded(layer.weights.rows(j, 1).toArray(), twin.precision);
        for (int i = 0; i < rows; i++) {
          double sum = layer.bias.getAtIndex(Comparison.FLOAT, j);
          double magnitude = Math.abs(sum);
          for (int k = 0; k < inputs; k++) {
            double product = inputsOf[i][k] * weights[k];
            sum += product;
            magnitude += Math.abs(product);
          }
          double expected =
              activation == Activation.IDENTITY
                  ? sum
                  : ScalarRowwise.activate(activation, (float) sum);
          double difference = Math.abs(y.matrix().get(i, j) - expected);
          if (!(difference <= magnitude * 0x1p-21 + 1e-6)) {
            fail(
                "%d x %d x %d (%d, %d): %s, expected %s",
                rows, inputs, outputs, i, j, y.matrix().get(i, j), expected);
          }
        }
      }
    }
  }

  /**
   * A row of inputs rounded to int8: inputs are multiplied by the inverse scale, which is faster;
   * weights are divided by the scale.
   */
  private static double[] scaled(float[] inputs) {
    var scaled = new double[inputs.length];
    float largest = 0;
    for (float input : inputs) {
      largest = Math.max(largest, Math.abs(input));
    }
    for (int k = 0; k < inputs.length; k++) {
      scaled[k] = Math.rint((double) inputs[k] * (127 / largest)) * (largest / 127);
    }
    return scaled;
  }

  /** The weights of one output, or a row of inputs, as they are stored. */
  private static double[] rounded(float[] weights, Precision precision) {
    var rounded = new double[weights.length];
    float scale = SymmetricInt8.scale(weights, 0, weights.length);
    for (int k = 0; k < weights.length; k++) {
      rounded[k] =
          switch (precision) {
            case FLOAT32 -> weights[k];
            case BFLOAT16 -> BrainFloat.widen(BrainFloat.round(weights[k]));
            case INT8 -> (double) scale * SymmetricInt8.round(weights[k], scale);
          };
    }
    return rounded;
  }
}
