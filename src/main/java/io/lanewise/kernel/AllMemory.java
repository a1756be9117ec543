package io.lanewise.kernel;

import java.lang.foreign.MemorySegment;

/**
 * All memory as one segment, whose offsets are addresses.
 *
 * <p>Kernels in a native image load from it and store to it ({@link Lanes#base}). Of a constant
 * segment the image's compiler knows that it is not in the heap. Of any other it may think that it
 * can be, and then its code for a vector load takes the address of memory outside the heap for an
 * offset in the heap, and ends in a segmentation fault (GraalVM issue 14255); or it asks for the
 * kind of the segment before each load, which takes four times as long.
 *
 * <p>This class is initialised when the image is built ({@code native-image.properties}), for the
 * segment is no constant otherwise.
 */
final class AllMemory {
  static final MemorySegment SEGMENT = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private AllMemory() {}
}
