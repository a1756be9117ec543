package io.lanewise.kernel;

import io.lanewise.memory.NativeImage;
import java.nio.ByteOrder;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;

/**
 * Whether the Vector API is available on this JVM, and its vector width. No class of the API is
 * linked unless its module is present, so this class works on every JVM.
 */
public final class VectorUnit {
  private static final String MODULE = "jdk.incubator.vector";

  private VectorUnit() {}

  /** Why the vector kernels cannot run here, and what to do about it; empty if they can run. */
  public static Optional<String> refusal() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Optional.of(
          "the module " + MODULE + " is missing: start Java with --add-modules " + MODULE);
    }
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return Optional.of("the vector kernels are written for little-endian processors");
    }
    if (Preferred.bits() < 128) {
      return Optional.of("vectors of " + Preferred.bits() + " bits are too short");
    }
    if (Preferred.bits() == 128 && !FusedMultiplyAdd.IS_HERE) {
      return Optional.of(
          "the processor (or -XX:UseAVX, -XX:UseFMA) lacks fused multiply-add instructions,"
              + " without which they would be slower than plain Java");
    }
    return Optional.empty();
  }

  /**
   * Whether the JVM compiles {@code Math.fma} to an instruction; otherwise it computes in big
   * decimals. All ARM processors have the instruction, and so have all x86 processors with vectors
   * of 256 bits. Only on others the JVM's flag is read, because that takes some time.
   */
  private static final class FusedMultiplyAdd {
    static final boolean IS_HERE =
        Processor.here() != Processor.X86_64
            || NativeImage.isHere()
            || JvmFlag.isOn("UseFMA").orElse(true);
  }

  /**
   * Width of a vector in bits.
   *
   * @throws IllegalStateException if the vector kernels cannot run here
   */
  public static int bits() {
    refusal()
        .ifPresent(
            reason -> {
              throw new IllegalStateException(reason);
            });
    return Preferred.bits();
  }

  /** A class of its own, so that it is linked only after the module has been found. */
  private static final class Preferred {
    static int bits() {
      return FloatVector.SPECIES_PREFERRED.vectorBitSize();
    }
  }
}
