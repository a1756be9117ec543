package io.lanewise.model;

/** Which choices of kernels the tests can run here. */
public final class Backends {
  private Backends() {}

  /**
   * The choice if it can run here, otherwise the one that the engine takes where nobody chooses.
   */
  public static KernelChoice hereOrAuto(KernelChoice choice, Precision precision) {
    return KernelChoice.valueOf(
        io.lanewise.kernel.Backends.hereOrAuto(choice.internal(), precision.internal()).name());
  }

  /** The same for weights of 32 bits. */
  public static KernelChoice hereOrAuto(KernelChoice choice) {
    return hereOrAuto(choice, Precision.FLOAT32);
  }

  /** Whether this choice can run here. */
  public static boolean isHere(KernelChoice choice) {
    return hereOrAuto(choice) == choice;
  }

  /** Why this choice cannot run here; null if it can. */
  public static String refusal(KernelChoice choice, Precision precision) {
    return io.lanewise.kernel.Backends.refusal(choice.internal(), precision.internal());
  }
}
