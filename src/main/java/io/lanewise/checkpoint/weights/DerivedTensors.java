package io.lanewise.checkpoint.weights;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.TensorInfo;
import io.lanewise.checkpoint.format.ComputedBytes;
import io.lanewise.checkpoint.format.Floats;
import io.lanewise.checkpoint.format.StoredTensor;
import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Creates tensors from a seed or from other tensors: rounded, resized, or with some of the rows.
 */
final class DerivedTensors {
  /** The name of weights given by the caller, in messages. */
  static final String GIVEN = "the weights given";

  private DerivedTensors() {}

  /** A tensor of the caller's floats. */
  static StoredTensor given(String name, Tensor tensor) {
    float[] values = tensor.floats();
    return computed(
        name,
        DType.F32,
        tensor.shape(),
        GIVEN,
        target -> MemorySegment.copy(values, 0, target, JAVA_FLOAT_UNALIGNED, 0, values.length));
  }

  /**
   * A tensor from a seed.
   *
   * @param key the numbers depend on it and on the seed
   */
  static StoredTensor made(
      String name, String key, Shape shape, Weights.Init init, TruncatedNormal normal) {
    return computed(
        name,
        DType.F32,
        shape,
        "the weights made from a seed",
        target -> fill(init, normal, key, target, shape.count()));
  }

  private static void fill(
      Weights.Init init, TruncatedNormal normal, String key, MemorySegment target, long count) {
    switch (init) {
      case NORMAL -> normal.fill(key, target, count);
      case ONES -> Floats.fill(target.asSlice(0, count * Float.BYTES), 1f);
      case ZEROS -> {} // zero, as allocated
    }
  }

  /**
   * The same tensor with elements of another type, rounded to nearest, ties to even.
   *
   * @throws CheckpointException when it is read, if a number is out of the type's range
   */
  static StoredTensor rounded(StoredTensor tensor, DType dtype) {
    if (tensor.dtype() == dtype) {
      return tensor;
    }
    return computed(
        tensor.name(), dtype, tensor.shape(), tensor.info().file(), checked(tensor, dtype));
  }

  private static ComputedBytes.Numbers checked(StoredTensor tensor, DType dtype) {
    return target -> {
      tensor.floatsTo(target);
      if (dtype == DType.F16) {
        long count = tensor.shape().count();
        float beyond = Floats.beyondHalf(target.asSlice(0, count * Float.BYTES));
        if (beyond != 0) {
          throw new CheckpointException(
              "tensor " + tensor.info() + " holds " + beyond + ", more than F16 can be: take BF16");
        }
      }
    };
  }

  /**
   * The tensor with this shape: rows are cut off, or new rows are added.
   *
   * @param shape differs in one dimension; all dimensions before it are 1
   * @param key new rows depend on it and on the seed
   */
  static StoredTensor resized(
      StoredTensor tensor, Shape shape, String key, Weights.Init init, TruncatedNormal normal) {
    long old = tensor.shape().count();
    long count = shape.count();
    return computed(
        tensor.name(),
        floating(tensor),
        shape,
        tensor.info().file(),
        target -> {
          if (old <= count) {
            tensor.floatsTo(target);
            var rest = target.asSlice(old * Float.BYTES, (count - old) * Float.BYTES);
            fill(init, normal, key, rest, count - old);
            return;
          }
          try (var scratch = Region.scratch()) {
            var all = scratch.floats(old);
            tensor.floatsTo(all);
            MemorySegment.copy(all, 0, target, 0, count * Float.BYTES);
          }
        });
  }

  /**
   * Some of the tensor's rows, or of its columns.
   *
   * @param dimension 0 for rows, 1 for columns of a matrix
   * @param picked their indexes, each in range
   */
  static StoredTensor picked(StoredTensor tensor, int dimension, int[] picked) {
    var dims = tensor.shape().dims();
    long rows = dimension == 0 ? 1 : dims[0];
    long of = dims[dimension];
    long run =
        dimension == 0 && dims.length == 2
            ? dims[1]
            : 1; // consecutive floats that are copied together
    dims[dimension] = picked.length;
    return computed(
        tensor.name(),
        floating(tensor),
        Shape.of(dims),
        tensor.info().file(),
        target -> {
          try (var scratch = Region.scratch()) {
            var all = scratch.floats(tensor.shape().count());
            tensor.floatsTo(all);
            long to = 0;
            for (long row = 0; row < rows; row++) {
              for (int place : picked) {
                long from = (row * of + place) * run;
                MemorySegment.copy(
                    all,
                    JAVA_FLOAT_UNALIGNED,
                    from * Float.BYTES,
                    target,
                    JAVA_FLOAT_UNALIGNED,
                    to * Float.BYTES,
                    run);
                to += run;
              }
            }
          }
        });
  }

  /** The type of computed tensors: 64-bit floats become 32-bit floats. */
  private static DType floating(StoredTensor tensor) {
    return tensor.dtype() == DType.F64 ? DType.F32 : tensor.dtype();
  }

  static StoredTensor computed(
      String name, DType dtype, Shape shape, String file, ComputedBytes.Numbers numbers) {
    long bytes = Math.multiplyExact(shape.count(), dtype.bytes());
    return new StoredTensor(
        new TensorInfo(name, dtype, shape, file, bytes),
        new ComputedBytes(dtype, shape.count(), numbers));
  }
}
