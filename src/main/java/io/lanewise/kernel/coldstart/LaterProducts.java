package io.lanewise.kernel.coldstart;

import io.lanewise.BackendException;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.StackedRows;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.onednn.OneDnnGemm;
import io.lanewise.kernel.onednn.OneDnnLibrary;
import io.lanewise.kernel.packing.MappedWeights;
import io.lanewise.kernel.vector.VectorGemm;
import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * What multiplies in fp32 after the first calls: the vector kernels, or oneDNN for large layers.
 *
 * <p>oneDNN is loaded when the first large layer is packed for it, which takes a tenth of a second
 * and 50 MB; a process that computes a single answer ends before. Where it cannot be loaded, the
 * vector kernels multiply all.
 */
public final class LaterProducts {
  private static final System.Logger LOG = System.getLogger("io.lanewise.kernel");

  private final VectorGemm small;
  private final Supplier<Gemm> maker;
  private volatile Gemm large;

  private LaterProducts(VectorGemm small, Supplier<Gemm> maker) {
    this.small = small;
    this.maker = maker;
  }

  /** The vector kernels alone. */
  public static LaterProducts byVectors(Workers workers) {
    var vector = new VectorGemm(workers);
    return new LaterProducts(vector, () -> vector);
  }

  /** oneDNN for large layers, if it can be loaded. */
  public static LaterProducts byOneDnn(Workers workers) {
    var vector = new VectorGemm(workers);
    return new LaterProducts(vector, () -> oneDnnOr(vector, workers));
  }

  private static Gemm oneDnnOr(VectorGemm vector, Workers workers) {
    try {
      var oneDnn = new OneDnnGemm(workers, Precision.FLOAT32);
      var found = OneDnnLibrary.load();
      LOG.log(
          Level.DEBUG, () -> found.describe(Precision.FLOAT32) + ": large layers, " + found.file());
      return oneDnn;
    } catch (BackendException e) {
      LOG.log(Level.DEBUG, () -> "products by the vector kernels: " + e.getMessage());
      return vector;
    }
  }

  /** Packs layers that are mostly multiplied by one or a few rows. */
  MappedWeights.Packing packingOfFewRows() {
    return small::pack;
  }

  private Gemm large() {
    var made = large;
    return made != null ? made : makeLarge();
  }

  private synchronized Gemm makeLarge() {
    if (large == null) {
      large = maker.get();
    }
    return large;
  }

  /** Packs a layer. */
  MappedWeights.Packing packing(StackedRows rows) {
    if (!ColdStart.isLarge(rows)) {
      return small::pack;
    }
    return (weights, biases, region, workers) ->
        large() instanceof OneDnnGemm oneDnn
            ? oneDnn.pack(weights, biases, region, workers)
            : small.pack(weights, biases, region, workers);
  }

  /** What multiplies weights of this layout. */
  Gemm of(Gemm.Layout layout) {
    return layout instanceof Gemm.Layout.InPanels ? small : large();
  }
}
