package io.lanewise.kernel;

import io.lanewise.BackendException;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernels that one model runs on, and why these.
 *
 * @param reasons one line a decision, for the log and for whoever asks
 */
public record Backend(
    Gemm gemm,
    Rowwise rowwise,
    Attention attention,
    WindowedAttention windowed,
    Workers workers,
    List<String> reasons)
    implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.lanewise.kernel");

  /** Which kernels to use. */
  public enum Choice {
    /**
     * The fastest that is known to work here: the Vector API where its module is present, scalar
     * otherwise.
     */
    AUTO,
    /** Vector API kernels. */
    VECTOR,
    /** Matrix products by OpenBLAS, the rest as {@link #AUTO}. */
    OPENBLAS,
    /** Plain Java, sums in double precision. Slow; the specification. */
    SCALAR
  }

  /** Chooses, for weights of 32 bits. */
  public static Backend of(Choice choice, int threads) {
    return of(choice, threads, Precision.FLOAT32);
  }

  /**
   * Chooses.
   *
   * @param threads threads for one call, the caller's included; at least 1
   * @param precision of the weights of matrix products
   * @throws BackendException if the demanded kernels cannot work here
   */
  public static Backend of(Choice choice, int threads, Precision precision) {
    var reasons = new ArrayList<String>();
    boolean vector = usesVectors(choice, reasons);
    boolean blas = usesOpenBlas(choice, precision, reasons);
    if (precision != Precision.FLOAT32) {
      reasons.add("weights held in " + precision.label() + ", computed in fp32");
    }
    reasons.add(threads == 1 ? "one thread, the caller's" : threads + " threads a call");
    reasons.forEach(reason -> LOG.log(System.Logger.Level.DEBUG, reason));
    var workers = new Workers(threads);
    var rowwise = vector ? new VectorRowwise(workers) : new ScalarRowwise(workers);
    var gemm =
        blas
            ? new BlasGemm(workers, rowwise)
            : vector ? new VectorGemm(workers, precision) : new ScalarGemm(workers, precision);
    var attention = vector ? new VectorAttention(workers) : new ScalarAttention(workers);
    var windowed =
        vector ? new VectorWindowedAttention(workers) : new ScalarWindowedAttention(workers);
    return new Backend(gemm, rowwise, attention, windowed, workers, List.copyOf(reasons));
  }

  private static boolean usesOpenBlas(Choice choice, Precision precision, List<String> reasons) {
    if (choice != Choice.OPENBLAS) {
      return false;
    }
    if (precision != Precision.FLOAT32) {
      throw new BackendException(
          "OpenBLAS multiplies weights of fp32, not of "
              + precision.label()
              + ": let auto choose the kernels, or keep the weights in fp32");
    }
    var library = OpenBlasLibrary.load();
    reasons.add(
        "matrix products by OpenBLAS ("
            + library.core()
            + " kernels): demanded, "
            + library.file());
    return true;
  }

  private static boolean usesVectors(Choice choice, List<String> reasons) {
    if (choice == Choice.SCALAR) {
      reasons.add("scalar kernels: demanded");
      return false;
    }
    var refusal = VectorUnit.refusal();
    if (refusal.isPresent()) {
      if (choice == Choice.VECTOR) {
        throw new BackendException("no vector kernels: " + refusal.get());
      }
      reasons.add("scalar kernels, slow: " + refusal.get());
      return false;
    }
    var why = choice == Choice.VECTOR ? "demanded" : "the Vector API is here";
    reasons.add("vector kernels of " + VectorUnit.bits() + " bits: " + why);
    return true;
  }

  @Override
  public void close() {
    workers.close();
  }
}
