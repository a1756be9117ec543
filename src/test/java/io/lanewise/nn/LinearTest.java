package io.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Backends;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("every-vector-width")
class LinearTest {
  private static Matrix random(Region region, int rows, int columns) {
    var random = new Random(rows);
    var matrix = region.matrix(rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(i, j, random.nextFloat() - 0.5f);
      }
    }
    return matrix;
  }

  /**
   * With 70,001 outputs a block has 64 rows: tests less than one block, one block, and one block
   * and a rest.
   */
  @ParameterizedTest
  @CsvSource({
    "SCALAR, 1, 5",
    "SCALAR, 66, 70001",
    "VECTOR, 1, 5",
    "VECTOR, 63, 70001",
    "VECTOR, 64, 70001",
    "VECTOR, 66, 70001",
    "OPENBLAS, 1, 5",
    "OPENBLAS, 66, 70001"
  })
  void theHeapGetsTheSameBits(Backend.Choice choice, int rows, int outputs) {
    try (var region = Region.open();
        var slab = new Slab();
        var backend = Backend.of(Backends.hereOrAuto(choice), 2);
        var _ = slab.frame()) {
      var pass = new Pass(backend, slab);
      var packing = new Packing(backend.gemm(), region);
      var bias = random(region, 1, outputs).data();
      var linear = Linear.of(packing, random(region, outputs, 3), bias);
      var x = random(region, rows, 3);
      var y = pass.matrix(rows, outputs);
      linear.apply(pass, x, Activation.IDENTITY, y);
      assertThat(linear.toHeap(pass, x)).isEqualTo(y.toArray());
    }
  }
}
