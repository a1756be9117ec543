package io.lanewise.kernel.image;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Rowwise;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.openblas.BlasGemm;
import io.lanewise.kernel.openblas.OpenBlasLibrary;
import io.lanewise.kernel.packing.MappedWeights;
import io.lanewise.kernel.packing.PanelPacking;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link Gemm} for native images: vector kernels, and OpenBLAS where it is clearly faster.
 *
 * <p>In a native image the vector kernels may be slower than on the JVM, while OpenBLAS is not. If
 * OpenBLAS is clearly faster ({@link ProductRace}), large weights stay in unpacked rows, in place,
 * and products of many rows run on OpenBLAS. It copies the weights at every call, which is too slow
 * for few rows: those run on the vector kernels, with panels that are packed when a layer has few
 * rows for the second time.
 *
 * <p>Small layers, layers of mostly few rows, and all layers if OpenBLAS is missing or not faster,
 * use the vector kernels only. OpenBLAS is loaded with the first large layer.
 */
public final class ImageGemm implements Gemm {
  /** The fewest inputs and outputs of a large layer. */
  private static final int LARGE = 256;

  /** The fewest rows for OpenBLAS. */
  private static final int MANY = 32;

  private final Workers workers;
  private final Rowwise rowwise;
  private final BooleanSupplier blasIsFaster;
  private final VectorGemm vector;
  private volatile BlasGemm blas;

  /**
   * Loads nothing yet.
   *
   * @param rowwise applies activations to the results of OpenBLAS
   */
  public ImageGemm(Workers workers, Rowwise rowwise) {
    this(workers, rowwise, ProductRace::isWonByOpenBlas);
  }

  /**
   * The same with another rule.
   *
   * @param blasIsFaster evaluated if OpenBLAS could be loaded
   */
  ImageGemm(Workers workers, Rowwise rowwise, BooleanSupplier blasIsFaster) {
    this.blasIsFaster = blasIsFaster;
    this.workers = workers;
    this.rowwise = rowwise;
    this.vector = new VectorGemm(workers);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Large weights of a mapped file are used where they are, so the file has to stay mapped as
   * long as the region lives.
   */
  @Override
  public Packed pack(List<Matrix> weights, List<MemorySegment> biases, Region region) {
    var rows = StackedRows.of(weights);
    boolean large = Math.min(rows.size(), rows.columns()) >= LARGE;
    if (!large || OpenBlasLibrary.find().isEmpty() || !blasIsFaster.getAsBoolean()) {
      return vector.pack(weights, biases, region);
    }
    if (blas == null) {
      blas = new BlasGemm(workers, rowwise);
    }
    var kept = new ArrayList<Matrix>();
    for (var matrix : weights) {
      kept.add(staysAsItIs(matrix) ? matrix : copy(matrix, region));
    }
    return new Packed(
        rows.size(),
        rows.columns(),
        new Layout.InFile(
            new MappedWeights(StackedRows.of(kept), biases, region, PanelPacking::pack)),
        MemorySegment.NULL,
        MemorySegment.NULL,
        MemorySegment.NULL);
  }

  private static boolean staysAsItIs(Matrix matrix) {
    return matrix.data().isMapped() && matrix.isContiguous();
  }

  private static Matrix copy(Matrix matrix, Region region) {
    var copy = region.matrix(matrix.rows(), matrix.columns());
    copy.copyFrom(matrix);
    return copy;
  }

  @Override
  public Gemm forFewRows() {
    return vector;
  }

  @Override
  public @Nullable Packed part(Packed packed, int from, int outputs) {
    return packed.layout() instanceof Layout.InFile ? null : vector.part(packed, from, outputs);
  }

  @Override
  public @Nullable Packed panels(Packed packed) {
    return packed.layout() instanceof Layout.InFile(var plain)
        ? plain.packed()
        : vector.panels(packed);
  }

  @Override
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    if (!(packed.layout() instanceof Layout.InFile(var plain))) {
      vector.apply(x, packed, activation, y);
      return;
    }
    packed.check(x, y, packed.layout());
    var panels = x.rows() < MANY ? plain.packedFromSecondUse(workers) : null;
    if (panels == null) {
      blas.apply(x, plain.rows(), plain.biases(), activation, y);
    } else {
      vector.apply(x, panels, activation, y);
    }
  }
}
