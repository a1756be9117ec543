package io.lanewise.kernel.packing;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.internal.vm.annotation.ForceInline;

/** Converts the numbers that share a lane of {@link NarrowPanels} to vectors of floats. */
public final class Widening {
  /**
   * The bits of 2²³. With a whole number below 2²³ in the lower bits they are 2²³ plus that number.
   */
  private static final int MAGIC = 0x4B000000;

  private static final float MAGIC_ZERO = (1 << 23) + NarrowPanels.BIAS;

  private Widening() {}

  /** The first of two bf16. */
  @ForceInline
  public static FloatVector lower(IntVector words) {
    return words.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
  }

  /** The second of two bf16. */
  @ForceInline
  public static FloatVector upper(IntVector words) {
    return words.and(0xffff0000).reinterpretAsFloats();
  }

  /**
   * A mask of the lowest eight bits of each lane. A kernel loads this and the next two constants
   * before its loop.
   */
  @ForceInline
  public static IntVector mask() {
    return IntVector.broadcast(IntVector.SPECIES_PREFERRED, 0xff);
  }

  /** The bits that make a float of a whole number. */
  @ForceInline
  public static IntVector magic() {
    return IntVector.broadcast(IntVector.SPECIES_PREFERRED, MAGIC);
  }

  /** The float that an int8 of zero has become, to be subtracted. */
  @ForceInline
  public static FloatVector zero() {
    return FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, MAGIC_ZERO);
  }

  /** The first of four int8, not yet scaled. */
  @ForceInline
  public static FloatVector first(
      IntVector words, IntVector mask, IntVector magic, FloatVector zero) {
    return words.and(mask).or(magic).reinterpretAsFloats().sub(zero);
  }

  /** The second of four int8. */
  @ForceInline
  public static FloatVector second(
      IntVector words, IntVector mask, IntVector magic, FloatVector zero) {
    return first(words.lanewise(VectorOperators.LSHR, 8), mask, magic, zero);
  }

  /** The third of four int8. */
  @ForceInline
  public static FloatVector third(
      IntVector words, IntVector mask, IntVector magic, FloatVector zero) {
    return first(words.lanewise(VectorOperators.LSHR, 16), mask, magic, zero);
  }

  /** The last of four int8. */
  @ForceInline
  public static FloatVector fourth(IntVector words, IntVector magic, FloatVector zero) {
    return words.lanewise(VectorOperators.LSHR, 24).or(magic).reinterpretAsFloats().sub(zero);
  }
}
