package io.lanewise.kernel.image;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Rowwise;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.openblas.BlasGemm;
import io.lanewise.kernel.openblas.OpenBlasLibrary;
import io.lanewise.kernel.packing.MappedWeights;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products in a native image, where the vector kernels may reach only a part of their speed
 * and OpenBLAS reaches all of its own. Where it is clearly faster ({@link ProductRace}), large
 * weights stay in plain rows, where they lie, and meet many rows by OpenBLAS. It copies the weights
 * at every call, which a few rows are not worth: those go to the vector kernels, over panels that
 * are packed when a layer meets a few rows for the second time.
 *
 * <p>Small layers, those that mostly meet a few rows, and all where OpenBLAS is missing or not
 * faster, belong to the vector kernels alone. OpenBLAS is loaded with the first large layer.
 */
public final class ImageGemm implements Gemm {
  /** Layers with as many inputs and outputs are large. */
  private static final int LARGE = 256;

  /** So many rows are worth a call of OpenBLAS. */
  private static final int MANY = 32;

  private final Workers workers;
  private final Rowwise rowwise;
  private final BooleanSupplier blasIsFaster;
  private final VectorGemm vector;
  private volatile BlasGemm blas;

  /**
   * Nothing is loaded yet.
   *
   * @param rowwise applies activations to what OpenBLAS multiplied
   */
  public ImageGemm(Workers workers, Rowwise rowwise) {
    this(workers, rowwise, ProductRace::isWonByOpenBlas);
  }

  /**
   * The same with another rule.
   *
   * @param blasIsFaster is asked where OpenBLAS could be loaded
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
   * <p>Large weights in a mapped file stay there: the file has to be mapped as long as the region
   * lives.
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
        new Layout.InFile(new MappedWeights(StackedRows.of(kept), biases, region)),
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
  public void apply(Matrix x, Packed packed, Activation activation, Matrix y) {
    if (!(packed.layout() instanceof Layout.InFile(var plain))) {
      vector.apply(x, packed, activation, y);
      return;
    }
    packed.check(x, y, packed.layout());
    var panels = x.rows() < MANY ? plain.panelsFromSecondUse(workers) : null;
    if (panels == null) {
      blas.apply(x, plain.rows(), plain.biases(), activation, y);
    } else {
      vector.apply(x, panels, activation, y);
    }
  }
}
