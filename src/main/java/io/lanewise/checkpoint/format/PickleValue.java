package io.lanewise.checkpoint.format;

import io.lanewise.tensor.DType;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/**
 * A value in a pickle of tensors. These values are data only: objects of other classes are refused
 * before they are created.
 */
sealed interface PickleValue {
  record Text(String value) implements PickleValue {}

  record Whole(BigInteger value) implements PickleValue {}

  record Real(double value) implements PickleValue {}

  record Truth(boolean value) implements PickleValue {}

  record Nothing() implements PickleValue {}

  record Tuple(List<PickleValue> items) implements PickleValue {}

  /** A list, to which the pickle may still append. */
  record Items(List<PickleValue> items) implements PickleValue {}

  /** A dict or OrderedDict, to which the pickle may still add; keys are texts. */
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
   * A storage: the numbers of one or more tensors.
   *
   * @param key its name in the file
   * @param count number of elements of the storage with this name
   * @param from the first element of this storage, if it is a view of another
   * @param length number of elements from there on
   */
  record Storage(DType dtype, String key, long count, long from, long length)
      implements PickleValue {}

  /** A tensor: element (i, j, …) is number {@code offset + i * strides[0] + …} of the storage. */
  record Pickled(Storage storage, long offset, long[] dims, long[] strides)
      implements PickleValue {}
}
