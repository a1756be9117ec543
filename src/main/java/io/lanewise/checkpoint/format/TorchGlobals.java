package io.lanewise.checkpoint.format;

import io.lanewise.checkpoint.format.PickleValue.Dict;
import io.lanewise.checkpoint.format.PickleValue.Global;
import io.lanewise.checkpoint.format.PickleValue.Items;
import io.lanewise.checkpoint.format.PickleValue.Nothing;
import io.lanewise.checkpoint.format.PickleValue.Pickled;
import io.lanewise.checkpoint.format.PickleValue.Storage;
import io.lanewise.checkpoint.format.PickleValue.StorageType;
import io.lanewise.checkpoint.format.PickleValue.Text;
import io.lanewise.checkpoint.format.PickleValue.Tuple;
import io.lanewise.checkpoint.format.PickleValue.Whole;
import io.lanewise.tensor.DType;
import java.util.LinkedHashMap;
import java.util.List;

/** The classes and functions that a pickle of tensors may use; all others are refused. */
final class TorchGlobals {
  private static final int MOST_DIMENSIONS = 16;

  private TorchGlobals() {}

  /** The class or function with this name. */
  static PickleValue find(PickleInput input, String module, String name) {
    return switch (module + "." + name) {
      case "collections.OrderedDict" -> Global.ORDERED_DICT;
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" ->
          Global.REBUILD_TENSOR;
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" ->
          Global.REBUILD_PARAMETER;
      case "torch.DoubleStorage" -> new StorageType(DType.F64);
      case "torch.FloatStorage" -> new StorageType(DType.F32);
      case "torch.HalfStorage" -> new StorageType(DType.F16);
      case "torch.BFloat16Storage" -> new StorageType(DType.BF16);
      case "torch.LongStorage" -> new StorageType(DType.I64);
      case "torch.IntStorage" -> new StorageType(DType.I32);
      case "torch.ShortStorage" -> new StorageType(DType.I16);
      case "torch.CharStorage" -> new StorageType(DType.I8);
      case "torch.ByteStorage" -> new StorageType(DType.U8);
      case "torch.BoolStorage" -> new StorageType(DType.BOOL);
      default -> throw input.refused("asks for " + FileExcerpt.of(module + "." + name));
    };
  }

  /**
   * A storage by its persistent id: {@code ("storage", class, key, device, count)}, in old files
   * with {@code None} or {@code (key of the view, first, length)} as a sixth.
   */
  static Storage storage(PickleInput input, PickleValue id) {
    if (!(id instanceof Tuple(var parts))
        || parts.size() < 5
        || parts.size() > 6
        || !(parts.get(0) instanceof Text(var kind))
        || !kind.equals("storage")
        || !(parts.get(1) instanceof StorageType(var dtype))
        || !(parts.get(2) instanceof Text(var key))) {
      throw input.wrong("a storage is described in an unknown way");
    }
    long count = size(input, parts.get(4));
    if (parts.size() == 6 && parts.get(5) instanceof Tuple(var view) && view.size() == 3) {
      long from = size(input, view.get(1));
      long length = size(input, view.get(2));
      if (from > count - length) {
        throw input.wrong("a view leaves its storage");
      }
      return new Storage(dtype, key, count, from, length);
    }
    if (parts.size() == 6 && !(parts.get(5) instanceof Nothing)) {
      throw input.wrong("a view of a storage is described in an unknown way");
    }
    return new Storage(dtype, key, count, 0, count);
  }

  /** The result of a call. */
  static PickleValue call(PickleInput input, PickleValue function, List<PickleValue> arguments) {
    return switch (function) {
      case Global.ORDERED_DICT -> orderedDict(input, arguments);
      case Global.REBUILD_TENSOR -> tensor(input, arguments);
      case Global.REBUILD_PARAMETER -> {
        if (arguments.isEmpty() || !(arguments.getFirst() instanceof Pickled tensor)) {
          throw input.wrong("a parameter has no tensor");
        }
        yield tensor;
      }
      default -> throw input.refused("calls something that is no function of tensors");
    };
  }

  private static Dict orderedDict(PickleInput input, List<PickleValue> arguments) {
    var dict = new Dict(new LinkedHashMap<>());
    if (arguments.isEmpty()) {
      return dict;
    }
    if (arguments.size() != 1 || !(arguments.getFirst() instanceof Items(var pairs))) {
      throw input.wrong("an OrderedDict is made of something that is no list");
    }
    for (var pair : pairs) {
      var two =
          switch (pair) {
            case Tuple(var items) -> items;
            case Items(var items) -> items;
            default -> List.<PickleValue>of();
          };
      if (two.size() != 2 || !(two.getFirst() instanceof Text(var key))) {
        throw input.wrong("an OrderedDict is made of something that is no pair");
      }
      dict.entries().put(key, two.getLast());
    }
    return dict;
  }

  private static Pickled tensor(PickleInput input, List<PickleValue> arguments) {
    if (arguments.size() < 4
        || !(arguments.get(0) instanceof Storage storage)
        || !(arguments.get(2) instanceof Tuple(var dims))
        || !(arguments.get(3) instanceof Tuple(var strides))
        || dims.size() != strides.size()
        || dims.size() > MOST_DIMENSIONS) {
      throw input.wrong("a tensor is described in an unknown way");
    }
    return new Pickled(
        storage, size(input, arguments.get(1)), sizes(input, dims), sizes(input, strides));
  }

  private static long[] sizes(PickleInput input, List<PickleValue> values) {
    return values.stream().mapToLong(value -> size(input, value)).toArray();
  }

  private static long size(PickleInput input, PickleValue value) {
    if (!(value instanceof Whole(var number)) || number.signum() < 0 || number.bitLength() > 62) {
      throw input.wrong("a size is no number from 0 on");
    }
    return number.longValue();
  }
}
