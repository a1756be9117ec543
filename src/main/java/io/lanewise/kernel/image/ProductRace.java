package io.lanewise.kernel.image;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.openblas.BlasGemm;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.kernel.vector.VectorRowwise;
import io.lanewise.memory.Region;
import java.util.List;

/**
 * Measures whether the vector kernels or OpenBLAS multiply many rows faster in this native image.
 * The same kernel, compiled by the image's compiler, reaches the peak of one processor, but with
 * the 16 registers of shorter vectors less than half the speed of OpenBLAS. The measurement takes a
 * few milliseconds.
 */
final class ProductRace {
  private static final int ROWS = 64;
  private static final int INPUTS = 512;
  private static final int OUTPUTS = 384;
  private static final int ROUNDS = 5;

  /**
   * The factor by which OpenBLAS has to be faster; otherwise the results keep the bits of the
   * vector kernels.
   */
  private static final double CLEARLY = 1.15;

  private ProductRace() {}

  /** Initialised at the first use, by one thread. */
  private static final class Once {
    static final boolean OPENBLAS_WINS = openBlasWins();
  }

  /**
   * Whether OpenBLAS is clearly faster. The result never changes within a process.
   *
   * @throws io.lanewise.BackendException if OpenBLAS cannot be found or loaded
   */
  static boolean isWonByOpenBlas() {
    return Once.OPENBLAS_WINS;
  }

  private static boolean openBlasWins() {
    try (var region = Region.scratch();
        var alone = new Workers(1)) {
      var weights = region.matrix(OUTPUTS, INPUTS);
      var x = region.matrix(ROWS, INPUTS);
      weights.data().fill((byte) 0x3d); // no zeros, and results of bounded size
      x.data().fill((byte) 0x3d);
      var y = region.matrix(ROWS, OUTPUTS);
      var vector = new VectorGemm(alone);
      var panels = vector.pack(List.of(weights), List.of(), region);
      var blas = new BlasGemm(alone, new VectorRowwise(alone));
      var rows = StackedRows.of(List.of(weights));
      long byVectors = Long.MAX_VALUE;
      long byOpenBlas = Long.MAX_VALUE;
      for (int round = 0; round < ROUNDS; round++) {
        long start = System.nanoTime();
        vector.apply(x, panels, Activation.IDENTITY, y);
        long between = System.nanoTime();
        blas.apply(x, rows, List.of(), Activation.IDENTITY, y);
        byVectors = Math.min(byVectors, between - start);
        byOpenBlas = Math.min(byOpenBlas, System.nanoTime() - between);
      }
      return byVectors > CLEARLY * byOpenBlas;
    }
  }
}
