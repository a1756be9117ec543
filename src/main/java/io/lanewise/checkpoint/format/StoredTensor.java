package io.lanewise.checkpoint.format;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.TensorInfo;
import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Optional;

/** A tensor of an opened weight file: name, type, shape, and access to its elements. */
public record StoredTensor(TensorInfo info, TensorBytes bytes) {
  private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  /** Elements in one run of the file, row after row, little-endian. */
  static StoredTensor run(WeightFile file, String name, DType dtype, Shape shape, long offset) {
    long size = size(dtype, shape);
    return new StoredTensor(
        new TensorInfo(name, dtype, shape, file.name(), size),
        new TensorBytes.Run(file, offset, size));
  }

  /** The transposed matrix; tensors with other ranks are unchanged. */
  StoredTensor transposed() {
    if (shape().rank() != 2) {
      return this;
    }
    long[] dims = {shape().dim(1), shape().dim(0)};
    var turned = new TensorInfo(name(), dtype(), Shape.of(dims), info.file(), info.bytes());
    return new StoredTensor(
        turned, new StridedBytes(bytes, shape().count(), dims, new long[] {1, dims[0]}));
  }

  private static long size(DType dtype, Shape shape) {
    return Math.multiplyExact(shape.count(), dtype.bits()) / 8;
  }

  public String name() {
    return info.name();
  }

  public DType dtype() {
    return info.dtype();
  }

  public Shape shape() {
    return info.shape();
  }

  /** The mapped bytes of the file, if they can be used as floats of this machine. */
  public Optional<MemorySegment> mappedFloats() {
    return dtype() == DType.F32 && LITTLE_ENDIAN ? bytes.mapped() : Optional.empty();
  }

  /**
   * Writes all elements, widened to 32-bit floats, to {@code target}.
   *
   * @throws CheckpointException if the elements are not floats, or the file cannot be read
   */
  public void floatsTo(MemorySegment target) {
    if (!dtype().isFloat()) {
      throw new CheckpointException(
          "tensor "
              + FileExcerpt.of(name())
              + " in "
              + info.file()
              + " holds "
              + dtype()
              + ": F32, F16, BF16 or F64 is needed");
    }
    bytes.floatsTo(dtype(), target);
  }

  /** All elements, little-endian, row after row, in memory of {@code region}. */
  public MemorySegment rawIn(Region region) {
    var target = region.allocate(size(dtype(), shape()));
    bytes.copyTo(dtype().bytes(), target);
    return target;
  }
}
