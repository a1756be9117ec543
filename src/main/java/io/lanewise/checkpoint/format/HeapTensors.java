package io.lanewise.checkpoint.format;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.lanewise.CheckpointException;
import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Collection;

/** Copies stored tensors to the Java heap: floats as F32, integers and booleans as I64. */
public final class HeapTensors {
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private HeapTensors() {}

  /**
   * Checks that these tensors fit the heap before anything is allocated.
   *
   * @throws CheckpointException if they do not fit, or a type is neither float nor integer
   */
  public static void check(Collection<StoredTensor> tensors) {
    long bytes = 0;
    for (var tensor : tensors) {
      long count = tensor.shape().count();
      if (count > LONGEST_ARRAY) {
        throw new CheckpointException(
            "tensor " + tensor.info() + " has too many elements for a Java array");
      }
      bytes = Math.addExact(bytes, count * width(tensor));
    }
    if (bytes > Runtime.getRuntime().maxMemory() / 2) {
      throw new CheckpointException(
          tensors.iterator().next().info().file()
              + " needs "
              + bytes
              + " bytes of the Java heap, more than half of the "
              + Runtime.getRuntime().maxMemory()
              + " that it may grow to: raise -Xmx");
    }
  }

  private static int width(StoredTensor tensor) {
    return switch (tensor.dtype()) {
      case F32, F16, BF16, F64 -> Float.BYTES;
      case BOOL, U8, I8, U16, I16, U32, I32, U64, I64 -> Long.BYTES;
      case F4, F6_E2M3, F6_E3M2, F8_E4M3, F8_E5M2, F8_E8M0, C64 ->
          throw new CheckpointException(
              "tensor " + tensor.info() + ": elements of this type cannot be read");
    };
  }

  /** The tensor, copied to the heap. */
  public static Tensor of(StoredTensor tensor) {
    int count = Math.toIntExact(tensor.shape().count());
    var dims = tensor.shape().dims();
    try (var scratch = Region.scratch()) {
      if (tensor.dtype().isFloat()) {
        var values = scratch.floats(count);
        tensor.floatsTo(values);
        return Tensor.of(values.toArray(JAVA_FLOAT), dims);
      }
      return Tensor.of(integers(tensor, tensor.rawIn(scratch), count), dims);
    }
  }

  private static long[] integers(StoredTensor tensor, MemorySegment raw, int count) {
    var values = new long[count];
    var dtype = tensor.dtype();
    switch (dtype) {
      case BOOL, U8, I8 -> {
        for (int i = 0; i < count; i++) {
          byte value = raw.get(JAVA_BYTE, i);
          values[i] = dtype == DType.I8 ? value : value & 0xff;
        }
      }
      case U16, I16 -> {
        var layout = JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
          short value = raw.getAtIndex(layout, i);
          values[i] = dtype == DType.I16 ? value : value & 0xffff;
        }
      }
      case U32, I32 -> {
        var layout = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
          int value = raw.getAtIndex(layout, i);
          values[i] = dtype == DType.I32 ? value : value & 0xffffffffL;
        }
      }
      case U64, I64 ->
          MemorySegment.copy(
              raw, JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN), 0, values, 0, count);
      default -> throw new IllegalStateException(dtype + " was let through");
    }
    check(tensor, values);
    return values;
  }

  private static void check(StoredTensor tensor, long[] values) {
    var dtype = tensor.dtype();
    if (dtype != DType.BOOL && dtype != DType.U64) {
      return;
    }
    for (long value : values) {
      if (value < 0 || (dtype == DType.BOOL && value > 1)) {
        throw new CheckpointException(
            "tensor "
                + tensor.info()
                + " holds "
                + Long.toUnsignedString(value)
                + (dtype == DType.BOOL ? ", which is no boolean" : ", more than an I64 can be"));
      }
    }
  }
}
