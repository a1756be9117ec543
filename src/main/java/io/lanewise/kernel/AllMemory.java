package io.lanewise.kernel;

import java.lang.foreign.MemorySegment;

/**
 * All memory of the process as one segment; its offsets are addresses.
 *
 * <p>Kernels in a native image load from it and store to it ({@link Lanes#base}). The segment is a
 * constant, so the image's compiler can prove that it is off-heap. For any other segment the
 * compiler may assume heap memory: its code for a vector load then uses the address as an offset in
 * the heap, which ends in a segmentation fault (GraalVM issue 14255), or it tests the kind of the
 * segment before each load, which takes four times as long.
 *
 * <p>This class is initialised when the image is built ({@code native-image.properties}); otherwise
 * the segment would not be a constant.
 */
final class AllMemory {
  static final MemorySegment SEGMENT = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private AllMemory() {}
}
