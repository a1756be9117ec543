package io.lanewise.kernel;

import io.lanewise.BackendException;
import io.lanewise.Deadline;
import io.lanewise.Remedy;
import io.lanewise.kernel.coldstart.ColdStart;
import io.lanewise.kernel.coldstart.ColdStartAttention;
import io.lanewise.kernel.coldstart.ColdStartGemm;
import io.lanewise.kernel.coldstart.ColdStartRowwise;
import io.lanewise.kernel.coldstart.LaterProducts;
import io.lanewise.kernel.image.ImageGemm;
import io.lanewise.kernel.onednn.OneDnnAttention;
import io.lanewise.kernel.onednn.OneDnnGemm;
import io.lanewise.kernel.onednn.OneDnnLibrary;
import io.lanewise.kernel.openblas.BlasGemm;
import io.lanewise.kernel.openblas.OpenBlasLibrary;
import io.lanewise.kernel.scalar.ScalarAttention;
import io.lanewise.kernel.scalar.ScalarGemm;
import io.lanewise.kernel.scalar.ScalarRowwise;
import io.lanewise.kernel.scalar.ScalarWindowedAttention;
import io.lanewise.kernel.vector.VectorAttention;
import io.lanewise.kernel.vector.VectorGemm;
import io.lanewise.kernel.vector.VectorRowwise;
import io.lanewise.kernel.vector.VectorWarmUp;
import io.lanewise.kernel.vector.VectorWindowedAttention;
import io.lanewise.memory.NativeImage;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernels that one model runs on, with the reasons for the choice.
 *
 * @param reasons one line for each decision, for the log and for {@code doctor}
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
     * otherwise; for matrix products oneDNN, if it is there and the processor has instructions for
     * their precision ({@link FastestProducts}). If a model has large mapped fp32 weights and
     * OpenBLAS is available, the first calls of a process run on OpenBLAS until the vector kernels
     * are compiled; their results differ from later ones in the last bits. In a native image, the
     * vector kernels multiply in fp32, or OpenBLAS, for many rows with large weights, where it is
     * clearly faster.
     */
    AUTO,
    /** Vector API kernels, from the first call on: the same bits every time. */
    VECTOR,
    /** Matrix products by OpenBLAS, the rest as {@link #AUTO}. */
    OPENBLAS,
    /** Matrix products by oneDNN, the rest as {@link #AUTO}. */
    ONEDNN,
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
    var products = products(choice, precision, vector, reasons);
    boolean startsByBlas = choice == Choice.AUTO && vector && precision == Precision.FLOAT32;
    boolean startsCold = startsByBlas && !NativeImage.isHere();
    boolean staysByBlas = startsByBlas && NativeImage.isHere();
    if (staysByBlas) {
      reasons.add(
          "products of many rows with large weights by OpenBLAS, if it is here and clearly faster"
              + " than the vector kernels of this image");
    }
    if (startsCold) {
      reasons.add(
          "first calls by OpenBLAS if it is here, where large weights are mapped: until the vector"
              + " kernels are compiled and the weights are packed");
    }
    boolean narrowAttention =
        products == Choice.ONEDNN
            && precision != Precision.FLOAT32
            && !NativeImage.isHere() // many small calls: OpenBLAS costs more than it saves
            && OneDnnLibrary.refusal(Precision.BFLOAT16).isEmpty();
    if (products == Choice.ONEDNN && precision != Precision.FLOAT32) {
      reasons.add(
          "steps of an encoder-decoder from weights held in "
              + precision.label()
              + ", computed in fp32");
    }
    if (narrowAttention) {
      reasons.add("products of attention in bf16 by oneDNN");
    }
    reasons.add(threads == 1 ? "one thread, the caller's" : threads + " threads a call");
    reasons.forEach(reason -> LOG.log(System.Logger.Level.DEBUG, reason));
    var workers = new Workers(threads);
    if (startsCold) {
      return startingCold(workers, products, List.copyOf(reasons));
    }
    var rowwise = vector ? new VectorRowwise(workers) : new ScalarRowwise(workers);
    var gemm =
        switch (products) {
          case OPENBLAS -> new BlasGemm(workers, rowwise);
          case ONEDNN -> new OneDnnGemm(workers, precision);
          case VECTOR ->
              staysByBlas ? new ImageGemm(workers, rowwise) : new VectorGemm(workers, precision);
          case SCALAR, AUTO -> new ScalarGemm(workers, precision);
        };
    var attention =
        narrowAttention
            ? new OneDnnAttention(workers)
            : vector ? new VectorAttention(workers) : new ScalarAttention(workers);
    var windowed =
        vector ? new VectorWindowedAttention(workers) : new ScalarWindowedAttention(workers);
    return new Backend(gemm, rowwise, attention, windowed, workers, List.copyOf(reasons));
  }

  /** Whether matrix products are computed in bf16 or int8, not only stored in it. */
  public boolean isNarrow() {
    return gemm instanceof OneDnnGemm products && products.precision() != Precision.FLOAT32;
  }

  /**
   * Compiles the vector kernels and waits for it: a second or two of work, once in a JVM.
   * Afterwards no call runs on the kernels of the first calls ({@link
   * io.lanewise.kernel.coldstart.ColdStart}).
   *
   * @throws io.lanewise.CancelledException if the thread is interrupted meanwhile, or its deadline
   *     passes
   */
  public void warmUp() {
    boolean vector = rowwise instanceof VectorRowwise || rowwise instanceof ColdStartRowwise;
    if (!vector || NativeImage.isHere() || (gemm instanceof ColdStartGemm g && g.finish())) {
      return;
    }
    VectorWarmUp.run(() -> Thread.currentThread().isInterrupted() || Deadline.nanosLeft() == 0);
    Deadline.check();
  }

  /** Kernels that are replaced by others during the first calls. */
  private static Backend startingCold(Workers workers, Choice products, List<String> reasons) {
    var start = new ColdStart(workers);
    return new Backend(
        new ColdStartGemm(
            start,
            products == Choice.ONEDNN
                ? LaterProducts.byOneDnn(workers)
                : LaterProducts.byVectors(workers)),
        new ColdStartRowwise(start, new VectorRowwise(workers)),
        new ColdStartAttention(start, new VectorAttention(workers)),
        new VectorWindowedAttention(workers),
        workers,
        reasons);
  }

  /** Which library or kernel computes the matrix products. */
  private static Choice products(
      Choice choice, Precision precision, boolean vector, List<String> reasons) {
    if (choice == Choice.OPENBLAS) {
      demandOpenBlas(precision, reasons);
      return choice;
    }
    if (choice == Choice.ONEDNN) {
      demandOneDnn(precision, vector, reasons);
      return choice;
    }
    if (choice == Choice.AUTO && vector) {
      var fastest = FastestProducts.of(precision, reasons);
      if (fastest == Choice.ONEDNN) {
        return fastest;
      }
    }
    if (precision != Precision.FLOAT32) {
      reasons.add("weights held in " + precision.label() + ", computed in fp32");
    }
    return vector ? Choice.VECTOR : Choice.SCALAR;
  }

  private static void demandOpenBlas(Precision precision, List<String> reasons) {
    if (precision != Precision.FLOAT32) {
      throw new BackendException(
          "OpenBLAS multiplies weights of fp32, not of "
              + precision.label()
              + ": let auto choose the kernels, or keep the weights in fp32",
          Remedy.BACKEND);
    }
    var library = OpenBlasLibrary.load();
    reasons.add(
        "matrix products by OpenBLAS ("
            + library.core()
            + " kernels): demanded, "
            + library.file());
  }

  private static void demandOneDnn(Precision precision, boolean vector, List<String> reasons) {
    var library = OneDnnLibrary.load();
    if (!vector) {
      throw new BackendException(
          "oneDNN is used together with the Vector API only: add --add-modules"
              + " jdk.incubator.vector");
    }
    OneDnnLibrary.refusal(precision)
        .ifPresent(
            refusal -> {
              throw new BackendException("no matrix products by oneDNN: " + refusal);
            });
    reasons.add(library.describe(precision) + ": demanded, " + library.file());
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
    if (gemm instanceof ColdStartGemm first) {
      first.close();
    }
    workers.close();
  }
}
