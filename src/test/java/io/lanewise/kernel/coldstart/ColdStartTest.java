package io.lanewise.kernel.coldstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Comparison;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Here;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Sample;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.onednn.OneDnnGemm;
import io.lanewise.kernel.scalar.LoopRowwise;
import io.lanewise.kernel.scalar.ScalarGemm;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first calls of a process, and the change to the vector kernels. */
class ColdStartTest {
  private static final int INPUTS = 512;
  private static final long NEVER = Long.MAX_VALUE;

  @TempDir private Path folder;
  private final Region region = Region.open();
  private final Workers two = new Workers(2);
  private final VectorGemm vector = new VectorGemm(two);

  @BeforeEach
  void needsBoth() {
    Here.needsOpenBlas();
    Here.needsVectors();
  }

  @AfterEach
  void free() {
    two.close();
    region.close();
  }

  @Test
  void largeMappedLayersGoFromOpenBlasToTheBitsOfTheVectorKernels() throws Exception {
    try (var start = new ColdStart(two, 0);
        var gemm = new ColdStartGemm(start, LaterProducts.byVectors(two))) {
      var layer = layer(gemm, 520, true);
      var fused = fused(gemm);
      assertThat(layer.packed.layout()).isInstanceOf(Gemm.Layout.InFile.class);
      assertThat(start.rowwise()).isInstanceOf(LoopRowwise.class);
      assertThat(start.attention()).isNotNull();
      layer.check(gemm, 13, Activation.GELU);
      fused.check(gemm, 1, Activation.IDENTITY);
      long end = System.nanoTime() + 60_000_000_000L;
      while (!start.isOver() && System.nanoTime() < end) {
        layer.check(gemm, 7, Activation.TANH);
      }
      assertThat(start.isOver()).isTrue();
      assertThat(start.rowwise()).isNull();
      assertThat(start.attention()).isNull();
      layer.checkBits(gemm, 13);
      fused.checkBits(gemm, 128);
    }
  }

  @Test
  void layersOfFewRowsAndSmallOnesGoToTheVectorKernelsAllOthersToOneDnn() throws Exception {
    Here.needsOneDnn();
    try (var start = new ColdStart(two, 0);
        var gemm = new ColdStartGemm(start, LaterProducts.byOneDnn(two))) {
      var few = gemm.forFewRows();
      var layer = layer(gemm, 520, true);
      var small = layer(gemm, 100, true);
      var step = layer(few, 520, true);
      layer.check(gemm, 13, Activation.GELU);
      step.check(few, 1, Activation.GELU);
      assertThat(gemm.finish()).isTrue();
      assertThat(layout(layer)).isInstanceOf(Gemm.Layout.InSlices.class);
      assertThat(layout(small)).isInstanceOf(Gemm.Layout.InPanels.class);
      assertThat(layout(step)).isInstanceOf(Gemm.Layout.InPanels.class);
      assertThat(gemm.panels(layer.packed)).isNull();
      assertThat(few.panels(step.packed)).isNotNull();
      layer.checkBits(gemm, 13, new OneDnnGemm(two, Precision.FLOAT32));
      small.checkBits(gemm, 1);
      step.checkBits(few, 1);
      step.checkBits(gemm, 13);
      var copied = layer(gemm, 520, false);
      assertThat(copied.packed.layout()).isInstanceOf(Gemm.Layout.InSlices.class);
      copied.checkBits(gemm, 13, new OneDnnGemm(two, Precision.FLOAT32));
    }
  }

  private static Gemm.Layout layout(Layer layer) {
    return ((Gemm.Layout.InFile) layer.packed.layout()).weights().packed().layout();
  }

  @Test
  void smallLayersWaitForNobodyAndLayersThatAreNotMappedAreVectorsFromTheFirstCallOn()
      throws Exception {
    try (var start = new ColdStart(two, 0);
        var gemm = new ColdStartGemm(start, LaterProducts.byVectors(two))) {
      var small = layer(gemm, 100, true);
      var copied = layer(gemm, 520, false);
      small.checkBits(gemm, 13);
      copied.checkBits(gemm, 13);
      assertThat(start.isOver()).isTrue();
      assertThat(start.rowwise()).isNull();
    }
  }

  @Test
  void aSmallLayerBesideALargeOneDoesNotRunOnColdVectors() throws Exception {
    try (var start = new ColdStart(two, NEVER);
        var gemm = new ColdStartGemm(start, LaterProducts.byVectors(two))) {
      var small = layer(gemm, 100, true);
      layer(gemm, 520, true);
      var weights = ((Gemm.Layout.InFile) small.packed.layout()).weights();
      assertThat(start.gemm(weights)).isNotNull();
      small.check(gemm, 13, Activation.SILU);
    }
  }

  @Test
  void theBiasesMayBeFreedAfterPacking() throws Exception {
    try (var start = new ColdStart(two, NEVER);
        var gemm = new ColdStartGemm(start, LaterProducts.byVectors(two))) {
      Gemm.Packed packed;
      try (var scratch = Region.open()) {
        packed = gemm.pack(List.of(mapped(520, 1)), List.of(scratch.floats(520)), region);
      }
      gemm.apply(region.matrix(2, INPUTS), packed, Activation.IDENTITY, region.matrix(2, 520));
    }
  }

  @Test
  void itCanBeClosedAtAnyTime() throws Exception {
    for (int millis : new int[] {0, 1, 20, 300, 900}) {
      var memory = Region.open();
      var start = new ColdStart(two, 0);
      var gemm = new ColdStartGemm(start, LaterProducts.byVectors(two));
      var layer = layer(gemm, 520, true, memory);
      layer.check(gemm, 2, Activation.IDENTITY);
      Thread.sleep(millis);
      gemm.close();
      memory.close();
      gemm.close();
    }
  }

  @Test
  void manyCallersGoThroughTheChangeTogether() throws Exception {
    try (var start = new ColdStart(two, 0);
        var gemm = new ColdStartGemm(start, LaterProducts.byVectors(two));
        var callers = Executors.newFixedThreadPool(4)) {
      var layer = layer(gemm, 520, true);
      var calls = new ArrayList<Callable<Integer>>();
      for (int caller = 0; caller < 4; caller++) {
        calls.add(
            () -> {
              int count = 0;
              for (; !start.isOver() && count < 20_000; count++) {
                layer.check(gemm, 5, Activation.RELU);
              }
              return count;
            });
      }
      for (var result : callers.invokeAll(calls)) {
        assertThat(result.get()).isPositive();
      }
      layer.checkBits(gemm, 5);
    }
  }

  @Test
  void whatDoesNotFitIsRefusedInTheFirstCallsToo() throws Exception {
    try (var start = new ColdStart(two, NEVER);
        var gemm = new ColdStartGemm(start, LaterProducts.byVectors(two))) {
      var layer = layer(gemm, 520, true);
      assertThatThrownBy(
              () ->
                  gemm.apply(
                      region.matrix(2, INPUTS),
                      layer.packed,
                      Activation.IDENTITY,
                      region.matrix(2, 519)))
          .isInstanceOf(IllegalArgumentException.class);
      var weights = mapped(520, 3);
      assertThatThrownBy(
              () -> gemm.pack(List.of(weights, weights), List.of(region.floats(520)), region))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** A layer, and the same layer in the scalar implementation. */
  private final class Layer {
    final Gemm.Packed packed;
    private final Gemm scalar = new ScalarGemm(two);
    private final Gemm.Packed specified;
    private final List<Matrix> weights;
    private final List<MemorySegment> biases;

    Layer(Gemm gemm, List<Matrix> weights, List<MemorySegment> biases, Region home) {
      packed = gemm.pack(weights, biases, home);
      specified = scalar.pack(weights, biases, region);
      this.weights = weights;
      this.biases = biases;
    }

    void check(Gemm gemm, int rows, Activation activation) {
      try (var scratch = Region.open()) {
        var expected = scratch.matrix(rows, packed.outputs());
        scalar.apply(x(scratch, rows), specified, activation, expected);
        new Comparison(1e-5).check(result(gemm, packed, rows, activation, scratch), expected);
      }
    }

    void checkBits(Gemm gemm, int rows) {
      checkBits(gemm, rows, vector);
    }

    /** The bits must be those of another implementation. */
    void checkBits(Gemm gemm, int rows, Gemm later) {
      try (var scratch = Region.open()) {
        var itsOwn = later.pack(weights, biases, scratch);
        var expected = result(later, itsOwn, rows, Activation.GELU, scratch);
        Sample.assertSameBits(result(gemm, packed, rows, Activation.GELU, scratch), expected);
      }
    }

    private Matrix result(
        Gemm gemm, Gemm.Packed weights, int rows, Activation activation, Region scratch) {
      var y = scratch.matrix(rows, weights.outputs());
      gemm.apply(x(scratch, rows), weights, activation, y);
      return y;
    }

    private Matrix x(Region scratch, int rows) {
      return Sample.normal(scratch, 5, rows, INPUTS, Sample.Layout.STRIDED).matrix();
    }
  }

  private Layer layer(Gemm gemm, int outputs, boolean mapped) throws Exception {
    return layer(gemm, outputs, mapped, region);
  }

  private Layer layer(Gemm gemm, int outputs, boolean mapped, Region home) throws Exception {
    var weights = mapped(outputs, 1);
    if (!mapped) {
      var copy = region.matrix(outputs, INPUTS);
      copy.copyFrom(weights);
      weights = copy;
    }
    var bias = Sample.normal(region, 2, 1, outputs, Sample.Layout.ALIGNED).matrix().data();
    return new Layer(gemm, List.of(weights), List.of(bias), home);
  }

  /** Three matrices of different heights, without biases. */
  private Layer fused(Gemm gemm) throws Exception {
    return new Layer(
        gemm, List.of(mapped(300, 6), mapped(201, 7), mapped(1030, 8)), List.of(), region);
  }

  /** Numbers in a file, behind a header, so that they are not aligned to cache lines. */
  private Matrix mapped(int rows, int seed) throws Exception {
    var random = new SplittableRandom(seed);
    var file = Files.createTempFile(folder, "weights", "");
    long bytes = (long) rows * INPUTS * Float.BYTES;
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      try (var arena = java.lang.foreign.Arena.ofConfined()) {
        var all = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8 + bytes, arena);
        var matrix = Matrix.of(all.asSlice(8), rows, INPUTS);
        for (int i = 0; i < rows; i++) {
          for (int k = 0; k < INPUTS; k++) {
            matrix.set(i, k, (float) random.nextGaussian() / 16);
          }
        }
      }
      return Matrix.of(region.map(channel, 0, 8 + bytes).asSlice(8, bytes), rows, INPUTS);
    }
  }
}
