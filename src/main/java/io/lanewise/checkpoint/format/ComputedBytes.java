package io.lanewise.checkpoint.format;

import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Elements that are in no file, but computed from a seed or from another tensor at each use. The
 * numbers are the same every time, so they need not be stored in order to be saved.
 *
 * @param dtype to which the numbers are rounded
 * @param count number of elements
 * @param numbers writes them as 32-bit floats
 */
public record ComputedBytes(DType dtype, long count, Numbers numbers) implements TensorBytes {
  /** What computes the numbers. */
  @FunctionalInterface
  public interface Numbers {
    /** Writes all numbers, row after row, to the start of {@code target}, which is zero before. */
    void writeTo(MemorySegment target);
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.empty();
  }

  @Override
  public void copyTo(int width, MemorySegment target) {
    try (var scratch = Region.scratch()) {
      var floats = scratch.floats(count);
      numbers.writeTo(floats);
      Floats.narrow(dtype, floats, target);
    }
  }

  @Override
  public void floatsTo(DType ofElements, MemorySegment target) {
    numbers.writeTo(target);
    if (dtype != DType.F32) {
      try (var scratch = Region.scratch()) {
        var narrow = scratch.allocate(Math.multiplyExact(count, dtype.bytes()));
        Floats.narrow(dtype, target.asSlice(0, count * Float.BYTES), narrow);
        Floats.widen(dtype, narrow, target);
      }
    }
  }
}
