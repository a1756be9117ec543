package io.lanewise.kernel;

import io.lanewise.BackendException;
import io.lanewise.kernel.onednn.OneDnnLibrary;
import io.lanewise.kernel.openblas.OpenBlasLibrary;
import io.lanewise.kernel.scalar.ScalarRowwise;
import java.lang.System.Logger.Level;

/**
 * Logs that kernels are slower than the requested ones, with the remedy: one warning of the logger
 * {@code io.lanewise.kernel} for each kind, once in a process. There is no fallback from kernels
 * that were requested by name: they work, or loading fails.
 */
public final class FallbackWarning {
  private static final System.Logger LOG = System.getLogger("io.lanewise.kernel");

  private FallbackWarning() {}

  /**
   * Warns if these kernels are slower than the requested ones.
   *
   * @param backend the kernels in use
   * @param choice the requested kernels
   * @param precision of the weights of matrix products
   */
  public static void warn(Backend backend, Backend.Choice choice, Precision precision) {
    if (choice == Backend.Choice.SCALAR) {
      return;
    }
    if (backend.rowwise() instanceof ScalarRowwise) {
      Scalar.warn();
    } else if (choice == Backend.Choice.AUTO && !backend.isNarrow()) {
      switch (precision) {
        case FLOAT32 -> {} // requested by name
        case BFLOAT16 -> BrainFloats.warn();
        case INT8 -> Integers.warn();
      }
    }
  }

  /** Warns that OpenBLAS was found but cannot run the first calls. */
  public static void warnOfFirstCalls() {
    FirstCalls.warn();
  }

  // A class is initialised once in a process, so each of these warnings is logged once.

  private static final class Scalar {
    static {
      LOG.log(
          Level.WARNING,
          "plain Java runs instead of the vector kernels, about 50 times slower: "
              + VectorUnit.refusal().orElseThrow());
    }

    static void warn() {}
  }

  private static final class BrainFloats {
    static {
      logNarrow(Precision.BFLOAT16);
    }

    static void warn() {}
  }

  private static final class Integers {
    static {
      logNarrow(Precision.INT8);
    }

    static void warn() {}
  }

  private static void logNarrow(Precision precision) {
    var what = "weights of " + precision.label() + " are computed in fp32";
    var refusal = OneDnnLibrary.refusal(precision).orElseThrow();
    try {
      OneDnnLibrary.load();
      LOG.log(
          Level.WARNING,
          what
              + ": "
              + refusal
              + ". They save memory here, but no time; for speed choose fp32"
              + " (Options.withPrecision(Precision.FLOAT32), --dtype f32)");
    } catch (BackendException e) {
      LOG.log(Level.WARNING, what + ", slower: " + e.getMessage());
    }
  }

  private static final class FirstCalls {
    static {
      try {
        OpenBlasLibrary.load();
      } catch (BackendException e) {
        LOG.log(
            Level.WARNING,
            "the first calls are slow, until the vector kernels are compiled: " + e.getMessage());
      }
    }

    static void warn() {}
  }
}
