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
 * Tensors to be saved, by their names. They hold no numbers: those are read from the checkpoint's
 * files, or computed, one tensor after the other when they are written.
 */
public final class SavedTensors {
  private final SequencedMap<String, StoredTensor> tensors;

  SavedTensors(SequencedMap<String, StoredTensor> tensors) {
    this.tensors = tensors;
  }

  /** The same tensors, the floats among them rounded or widened to this type; null for as is. */
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
   * @param products such as {@link Weights#products} gives
   */
  public SavedTensors inInt8(Set<String> products) {
    return new SavedTensors(Int8Weights.of(tensors, products));
  }

  /** The names. */
  public Set<String> names() {
    return Set.copyOf(tensors.keySet());
  }

  /**
   * The type of the floats as PyTorch calls it, such as {@code bfloat16}; {@code float32} where
   * there are several.
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

  /** Tensors that go into one file. */
  public record Shard(List<SafetensorsWriter.Item> items, long bytes) {}

  /**
   * Tensors file by file, in their order: a file ends before it would grow beyond the limit, and a
   * larger tensor has one for itself.
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
