package io.lanewise.kernel.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Here;
import io.lanewise.kernel.Sample;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.openblas.BlasGemm;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.kernel.vector.VectorRowwise;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.NativeImage;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which implementation computes which products in a native image. */
class ImageGemmTest {
  private static final int INPUTS = 300;
  private static final int OUTPUTS = 260;

  @TempDir private Path folder;
  private final Region region = Region.open();
  private final Workers two = new Workers(2);
  private final VectorRowwise rowwise = new VectorRowwise(two);
  private final VectorGemm vector = new VectorGemm(two);
  private final ImageGemm gemm = new ImageGemm(two, rowwise, () -> true);
  private Matrix weights;
  private MemorySegment bias;
  private BlasGemm blas;

  @BeforeEach
  void prepare() throws Exception {
    Here.needsOpenBlas();
    Here.needsVectors();
    blas = new BlasGemm(two, rowwise);
    weights = mapped(OUTPUTS);
    bias = Sample.normal(region, 2, 1, OUTPUTS, Sample.Layout.ALIGNED).matrix().data();
  }

  @AfterEach
  void free() {
    two.close();
    region.close();
  }

  @Test
  void manyRowsGoToOpenBlasWithWeightsThatStayInTheFile() {
    long before = region.allocatedBytes();
    var packed = gemm.pack(List.of(weights), List.of(bias), region);
    assertThat(packed.layout()).isInstanceOf(Gemm.Layout.InFile.class);
    assertThat(region.allocatedBytes() - before).isLessThan(2L * OUTPUTS * Float.BYTES);
    for (int times = 0; times < 2; times++) {
      assertSame(packed, 32, blas, List.of(weights));
      assertSame(packed, 77, blas, List.of(weights));
    }
  }

  @Test
  void aFewRowsGoToTheVectorKernelsFromTheSecondTimeOn() {
    var packed = gemm.pack(List.of(weights), List.of(bias), region);
    assertSame(packed, 16, blas, List.of(weights));
    assertSame(packed, 16, vector, List.of(weights));
    assertSame(packed, 1, vector, List.of(weights));
    assertSame(packed, 31, vector, List.of(weights));
    assertSame(packed, 32, blas, List.of(weights));
  }

  @Test
  void weightsThatAreNotMappedAreCopied() {
    var copy = region.matrix(OUTPUTS, INPUTS);
    copy.copyFrom(weights);
    var packed = gemm.pack(List.of(copy), List.of(bias), region);
    for (int i = 0; i < OUTPUTS; i++) {
      copy.set(i, 7, 0); // the given biases are not needed any more
    }
    assertSame(packed, 40, blas, List.of(weights));
  }

  @Test
  void smallLayersAndThoseForFewRowsAreTheVectorKernels() throws Exception {
    assertThat(gemm.forFewRows()).isInstanceOf(VectorGemm.class);
    var small = mapped(255);
    var packed = gemm.pack(List.of(small), List.of(), region);
    assertThat(packed.layout()).isInstanceOf(Gemm.Layout.InPanels.class);
    var few = gemm.forFewRows().pack(List.of(weights), List.of(bias), region);
    assertSame(few, 50, vector, List.of(weights));
  }

  @Test
  void whereOpenBlasIsNotFasterAllIsTheVectorKernels() {
    var other = new ImageGemm(two, rowwise, () -> false);
    var packed = other.pack(List.of(weights), List.of(bias), region);
    assertThat(packed.layout()).isInstanceOf(Gemm.Layout.InPanels.class);
    assertSame(packed, 77, vector, List.of(weights));
  }

  @Test
  void theRaceIsHeldOnce() {
    boolean won = ProductRace.isWonByOpenBlas();
    for (int i = 0; i < 3; i++) {
      assertThat(ProductRace.isWonByOpenBlas()).isEqualTo(won);
    }
  }

  @Test
  void itIsTheChoiceInAnImageOnly() {
    try (var backend = Backend.of(Backend.Choice.AUTO, 1)) {
      assertThat(backend.gemm() instanceof ImageGemm).isEqualTo(NativeImage.isHere());
      assertThat(backend.reasons().toString().contains("clearly faster than the vector kernels"))
          .isEqualTo(NativeImage.isHere());
    }
    try (var backend = Backend.of(Backend.Choice.VECTOR, 1)) {
      assertThat(backend.gemm()).isInstanceOf(VectorGemm.class);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    var packed = gemm.pack(List.of(weights), List.of(bias), region);
    var x = region.matrix(2, INPUTS);
    var y = region.matrix(2, OUTPUTS - 1);
    assertThatThrownBy(() -> gemm.apply(x, packed, Activation.IDENTITY, y))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Fails unless the bits are those of another implementation. */
  private void assertSame(Gemm.Packed packed, int rows, Gemm other, List<Matrix> plain) {
    try (var scratch = Region.open()) {
      var x = Sample.normal(scratch, 5, rows, INPUTS, Sample.Layout.STRIDED).matrix();
      var expected = scratch.matrix(rows, OUTPUTS);
      other.apply(x, other.pack(plain, List.of(bias), scratch), Activation.GELU, expected);
      var y = scratch.matrix(rows, OUTPUTS);
      gemm.apply(x, packed, Activation.GELU, y);
      Sample.assertSameBits(y, expected);
    }
  }

  private Matrix mapped(int rows) throws Exception {
    var file = Files.createTempFile(folder, "weights", "");
    var numbers = Sample.normal(region, rows, rows, INPUTS, Sample.Layout.ALIGNED).matrix();
    var bytes = numbers.data().asSlice(0, (long) rows * INPUTS * Float.BYTES);
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.write(bytes.asByteBuffer());
      return Matrix.of(region.map(channel, 0, bytes.byteSize()), rows, INPUTS);
    }
  }
}
