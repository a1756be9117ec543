package io.lanewise.checkpoint.format;

import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * Elements that lie in no file: they are computed, from a seed or from another tensor, whenever
 * they are asked for. The same numbers come every time, so nothing need be kept to save them.
 *
 * @param dtype that the numbers are rounded to
 * @param count of them
 * @param numbers writes them as 32-bit floats
 */
public record ComputedBytes(DType dtype, long count, Numbers numbers) implements TensorBytes {
  /** What computes the numbers. */
  @FunctionalInterface
  public interface Numbers {
    /** Writes all of them, row after row, to the start of {@code target}, which holds zeros. */
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
