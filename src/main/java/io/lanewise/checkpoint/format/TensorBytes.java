package io.lanewise.checkpoint.format;

import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** The elements of one tensor in a file. All offsets and sizes have been checked. */
public sealed interface TensorBytes
    permits TensorBytes.Run, JoinedBytes, StridedBytes, ComputedBytes {
  /** Row after row in one run of the file. */
  record Run(WeightFile file, long offset, long size) implements TensorBytes {
    private static final long WINDOW = 1L << 20;

    @Override
    public Optional<MemorySegment> mapped() {
      return file.mapped(offset, size);
    }

    @Override
    public void checkUnchanged() {
      file.checkUnchanged();
    }

    @Override
    public void copyTo(int width, MemorySegment target) {
      file.read(offset, target.asSlice(0, size));
      file.checkUnchanged();
      file.forget(offset, size);
    }

    @Override
    public void floatsTo(DType dtype, MemorySegment target) {
      var mapped = mapped();
      if (mapped.isPresent()) {
        Floats.widen(dtype, mapped.get(), target);
        file.checkUnchanged();
        file.forget(offset, size);
      } else if (dtype == DType.F32) {
        file.read(offset, target.asSlice(0, size));
        Floats.fromLittleEndian(target.asSlice(0, size));
      } else {
        readWidened(dtype, target);
      }
    }

    private void readWidened(DType dtype, MemorySegment target) {
      try (var scratch = Region.scratch()) {
        var window = scratch.allocate(Math.min(WINDOW, size));
        for (long at = 0; at < size; at += WINDOW) {
          var part = window.asSlice(0, Math.min(WINDOW, size - at));
          file.read(offset + at, part);
          Floats.widen(dtype, part, target.asSlice(at / dtype.bytes() * Float.BYTES));
        }
      }
    }
  }

  /** The bytes of the file themselves, if they are mapped and in order. */
  Optional<MemorySegment> mapped();

  /**
   * Checks mapped bytes after they have been read to be saved.
   *
   * @throws io.lanewise.CheckpointException if the file was overwritten since it was loaded
   */
  default void checkUnchanged() {}

  /** Copies the elements, {@code width} bytes each, row after row. */
  void copyTo(int width, MemorySegment target);

  /** Writes the elements, which are of this type, as 32-bit floats, row after row. */
  void floatsTo(DType dtype, MemorySegment target);
}
