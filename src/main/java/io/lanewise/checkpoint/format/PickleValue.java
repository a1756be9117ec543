package io.lanewise.checkpoint.format;

import io.lanewise.tensor.DType;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * What a pickle of tensors can hold. Nothing here does anything: objects of other classes are
 * refused before they would exist.
 */
sealed interface PickleValue {
  record Text(String value) implements PickleValue {}

  record Whole(BigInteger value) implements PickleValue {}

  record Real(double value) implements PickleValue {}

  record Truth(boolean value) implements PickleValue {}

  record Nothing() implements PickleValue {}

  record Tuple(List<PickleValue> items) implements PickleValue {}

  /** A list that the pickle may still add to. */
  record Items(List<PickleValue> items) implements PickleValue {}

  /** A dict or OrderedDict that the pickle may still add to; keys are texts. */
  record Dict(Map<String, PickleValue> entries) implements PickleValue {}

  /** A function or class that a pickle of tensors may name. */
  enum Global implements PickleValue {
    ORDERED_DICT,
    REBUILD_TENSOR,
    REBUILD_PARAMETER
  }

  /** The class of a storage, such as {@code torch.FloatStorage}. */
  record StorageType(DType dtype) implements PickleValue {}

  /**
   * The numbers behind one or more tensors.
   *
   * @param key its name in the file
   * @param count how many numbers the storage of that name has
   * @param from the first of them that counts, for storages that are views of another
   * @param length how many from there on
   */
  record Storage(DType dtype, String key, long count, long from, long length)
      implements PickleValue {}

  /** A tensor: element (i, j, …) is number {@code offset + i * strides[0] + …} of the storage. */
  record Pickled(Storage storage, long offset, long[] dims, long[] strides)
      implements PickleValue {}
}
