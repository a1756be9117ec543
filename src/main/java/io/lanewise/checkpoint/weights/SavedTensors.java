package io.lanewise.checkpoint.weights;

import io.lanewise.checkpoint.format.SafetensorsWriter;
import io.lanewise.checkpoint.format.StoredTensor;
import io.lanewise.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tensors to be saved, by name. Their numbers are read from the checkpoint's files, or computed,
 * one tensor after the other when they are written.
 */
public final class SavedTensors {
  private final SequencedMap<String, StoredTensor> tensors;

  SavedTensors(SequencedMap<String, StoredTensor> tensors) {
    this.tensors = tensors;
  }

  /** The same tensors, with floats rounded or widened to this type; null for no change. */
  public SavedTensors as(@Nullable DType dtype) {
    if (dtype == null) {
      return this;
    }
    var change = WeightChange.NONE.rounding(dtype);
    var changed = new LinkedHashMap<String, StoredTensor>();
    tensors.forEach(
        (name, tensor) ->
            changed.put(name, tensor.dtype().isFloat() ? change.apply(tensor) : tensor));
    return new SavedTensors(changed);
  }

  /**
   * The same tensors, these matrices among them in 8 bits with a scale for each row; {@link
   * io.lanewise.checkpoint.folder.SavedFolder#withInt8} says so in the config.
   *
   * @param products see {@link Weights#products}
   */
  public SavedTensors inInt8(Set<String> products) {
    return new SavedTensors(Int8Weights.of(tensors, products));
  }

  /** The names. */
  public Set<String> names() {
    return Set.copyOf(tensors.keySet());
  }

  /**
   * PyTorch's name of the floats' type, such as {@code bfloat16}; {@code float32} if there are
   * several types.
   */
  public String dtype() {
    var types = new LinkedHashSet<DType>();
    tensors.values().stream().map(StoredTensor::dtype).filter(DType::isFloat).forEach(types::add);
    return torchName(types.size() == 1 ? types.getFirst() : DType.F32);
  }

  private static String torchName(DType dtype) {
    return switch (dtype) {
      case F16 -> "float16";
      case BF16 -> "bfloat16";
      case F64 -> "float64";
      default -> "float32";
    };
  }

  /** The tensors of one file. */
  public record Shard(List<SafetensorsWriter.Item> items, long bytes) {}

  /**
   * Divides the tensors among files, in their order: a file ends before it would exceed the limit,
   * and a tensor larger than the limit has a file of its own.
   */
  public List<Shard> shards(long mostBytes) {
    var shards = new ArrayList<Shard>();
    var items = new ArrayList<SafetensorsWriter.Item>();
    long bytes = 0;
    for (var tensor : tensors.entrySet()) {
      var item = SafetensorsWriter.Item.of(tensor.getKey(), tensor.getValue());
      if (!items.isEmpty() && item.bytes() > mostBytes - bytes) {
        shards.add(new Shard(List.copyOf(items), bytes));
        items.clear();
        bytes = 0;
      }
      items.add(item);
      bytes = Math.addExact(bytes, item.bytes());
    }
    shards.add(new Shard(List.copyOf(items), bytes));
    return shards;
  }
}
