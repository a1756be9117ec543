package io.lanewise.checkpoint.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.TensorInfo;
import io.lanewise.checkpoint.format.PickleValue.Dict;
import io.lanewise.checkpoint.format.PickleValue.Items;
import io.lanewise.checkpoint.format.PickleValue.Pickled;
import io.lanewise.checkpoint.format.PickleValue.Storage;
import io.lanewise.checkpoint.format.PickleValue.Text;
import io.lanewise.checkpoint.format.PickleValue.Truth;
import io.lanewise.checkpoint.format.PickleValue.Whole;
import io.lanewise.checkpoint.format.ZipDirectory.Span;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a state dict written by {@code torch.save}: a pickle with names, shapes and strides, and
 * storages with the numbers. The file is a zip archive (PyTorch 1.6 and later) or a sequence of
 * pickles and storages (before).
 *
 * <p>The numbers are mapped or copied like those of any other file; {@link Unpickler} reads the
 * pickle, and creates no other objects.
 */
final class TorchPickle {
  private static final BigInteger LEGACY_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final int LEGACY_PROTOCOL = 1001;
  private static final String PICKLE = "/data.pkl";
  private static final int ZIP = 0x04034b50;
  private static final int PROTO = 0x80;

  private final WeightFile file;

  private final Map<String, DType> types = new HashMap<>();

  /** The place of each storage in the file. */
  private final Map<String, Span> places = new HashMap<>();

  private TorchPickle(WeightFile file) {
    this.file = file;
  }

  /**
   * Lists the tensors of the state dict.
   *
   * @throws CheckpointException if the file is broken or contains anything but tensors
   */
  static List<StoredTensor> read(WeightFile file) {
    return new TorchPickle(file).read();
  }

  private List<StoredTensor> read() {
    var beginning = file.read(0, (int) Math.min(4, file.size()));
    if (beginning.length == 4
        && ByteBuffer.wrap(beginning).order(ByteOrder.LITTLE_ENDIAN).getInt() == ZIP) {
      return tensors(zipped());
    }
    if (beginning.length == 4 && (beginning[0] & 0xff) == PROTO) {
      return tensors(legacy());
    }
    throw new CheckpointException(
        file.path()
            + FileKind.of(file)
                .map(kind -> " " + kind)
                .orElse(": this is not how torch.save begins a file"));
  }

  private PickleValue zipped() {
    var entries = ZipDirectory.read(file);
    var roots = entries.keySet().stream().filter(name -> name.endsWith(PICKLE)).toList();
    if (roots.size() != 1) {
      throw wrong(
          "it has "
              + roots.size()
              + " entries called data.pkl, not one: torch.save wrote no such file");
    }
    var root = roots.getFirst().substring(0, roots.getFirst().length() - PICKLE.length() + 1);
    if (entries.containsKey(root + "constants.pkl")) {
      throw wrong("it is a TorchScript program: a state dict is needed");
    }
    var order = entries.get(root + "byteorder");
    if (order != null
        && !(order.size() == 6
            && new String(file.read(order.offset(), 6), UTF_8).equals("little"))) {
      throw wrong("its numbers are big-endian: save it again on another machine");
    }
    entries.forEach(
        (name, span) -> {
          if (name.startsWith(root + "data/")) {
            places.put(name.substring(root.length() + "data/".length()), span);
          }
        });
    var pickle = entries.get(roots.getFirst());
    return Unpickler.read(
        new PickleInput(file, pickle.offset(), pickle.offset() + pickle.size()), types);
  }

  /**
   * Reads the old format: magic number, version, system, state dict, storage keys; then for each
   * storage its size and its numbers.
   */
  private PickleValue legacy() {
    var input = new PickleInput(file, 0, file.size());
    if (!(Unpickler.read(input, types) instanceof Whole(var magic))
        || !magic.equals(LEGACY_MAGIC)) {
      throw wrong("it is a pickle, but not one that torch.save wrote");
    }
    if (!(Unpickler.read(input, types) instanceof Whole(var version))
        || version.bitLength() > 31
        || version.intValue() != LEGACY_PROTOCOL) {
      throw wrong("it has an unknown version of PyTorch's old format");
    }
    if (!(Unpickler.read(input, types) instanceof Dict(var system))
        || !(system.get("little_endian") instanceof Truth(var little))
        || !little) {
      throw wrong("its numbers are big-endian: save it again on another machine");
    }
    var state = Unpickler.read(input, types);
    if (!(Unpickler.read(input, types) instanceof Items(var keys))) {
      throw wrong("its list of storages is missing");
    }
    long at = input.position();
    for (var key : keys) {
      at = legacyStorage(key, at);
    }
    return state;
  }

  private long legacyStorage(PickleValue key, long at) {
    if (!(key instanceof Text(var name)) || !types.containsKey(name)) {
      throw wrong("its list of storages names one that no tensor uses");
    }
    if (at > file.size() - Long.BYTES) {
      throw wrong("it has been cut before storage " + FileExcerpt.of(name));
    }
    long count =
        ByteBuffer.wrap(file.read(at, Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long from = at + Long.BYTES;
    int width = types.get(name).bytes();
    if (count < 0 || count > (file.size() - from) / width) {
      throw wrong(
          "it has been cut: storage "
              + FileExcerpt.of(name)
              + " would have "
              + count
              + " numbers, "
              + (file.size() - from)
              + " bytes are left");
    }
    places.put(name, new Span(from, count * width));
    return from + count * width;
  }

  private List<StoredTensor> tensors(PickleValue state) {
    var tensors = new ArrayList<StoredTensor>();
    tensorsOf(state).forEach((name, tensor) -> tensors.add(stored(name, tensor)));
    return tensors;
  }

  /** The tensors of a state dict; other values, such as a step count, are skipped. */
  private Map<String, Pickled> tensorsOf(PickleValue state) {
    if (!(state instanceof Dict(var entries))) {
      throw wrong("it holds no dict from names to tensors");
    }
    var tensors = new LinkedHashMap<String, Pickled>();
    entries.forEach(
        (name, value) -> {
          if (value instanceof Pickled tensor) {
            tensors.put(name, tensor);
          }
        });
    if (tensors.isEmpty()) {
      var others = String.join(", ", entries.keySet());
      throw wrong(
          "it holds no tensors"
              + (others.isEmpty() ? "" : ", only " + FileExcerpt.of(others))
              + ": a state dict is needed");
    }
    return tensors;
  }

  private StoredTensor stored(String name, Pickled tensor) {
    var storage = tensor.storage();
    var span = places.get(storage.key());
    if (span == null) {
      throw wrong(
          name, "lies in storage " + FileExcerpt.quoted(storage.key()) + ", which is missing");
    }
    int width = storage.dtype().bytes();
    if (storage.count() > Long.MAX_VALUE / width || storage.count() * width != span.size()) {
      throw wrong(
          name,
          "lies in a storage of "
              + storage.count()
              + " "
              + storage.dtype()
              + ", which has "
              + span.size()
              + " bytes");
    }
    try {
      var shape = Shape.of(tensor.dims());
      long reach = reach(tensor, shape);
      if (shape.count() > storage.length() || reach > storage.length()) {
        throw wrong(
            name,
            "has shape "
                + shape
                + ", strides "
                + Arrays.toString(tensor.strides())
                + " and offset "
                + tensor.offset()
                + " in a storage of "
                + storage.length());
      }
      return stored(name, tensor, shape, span, reach);
    } catch (ArithmeticException e) {
      throw wrong(name, "has the impossible shape " + Arrays.toString(tensor.dims()));
    }
  }

  /** The end of the part of the storage that the tensor uses. */
  private static long reach(Pickled tensor, Shape shape) {
    if (shape.count() == 0) {
      return 0;
    }
    long reach = Math.addExact(tensor.offset(), 1);
    for (int i = 0; i < tensor.dims().length; i++) {
      reach = Math.addExact(reach, Math.multiplyExact(tensor.dims()[i] - 1, tensor.strides()[i]));
    }
    return reach;
  }

  private StoredTensor stored(String name, Pickled tensor, Shape shape, Span span, long reach) {
    Storage storage = tensor.storage();
    int width = storage.dtype().bytes();
    if (shape.count() == 0) {
      return StoredTensor.run(file, name, storage.dtype(), shape, span.offset());
    }
    long from = span.offset() + (storage.from() + tensor.offset()) * width;
    if (isRowMajor(tensor)) {
      return StoredTensor.run(file, name, storage.dtype(), shape, from);
    }
    long count = reach - tensor.offset();
    var base = new TensorBytes.Run(file, from, count * width);
    var info = new TensorInfo(name, storage.dtype(), shape, file.name(), shape.count() * width);
    return new StoredTensor(info, new StridedBytes(base, count, tensor.dims(), tensor.strides()));
  }

  /**
   * Whether the elements are consecutive, row after row; the stride of a dimension of 1 does not
   * matter.
   */
  private static boolean isRowMajor(Pickled tensor) {
    long stride = 1;
    for (int i = tensor.dims().length - 1; i >= 0; i--) {
      if (tensor.dims()[i] != 1 && tensor.strides()[i] != stride) {
        return false;
      }
      stride *= tensor.dims()[i];
    }
    return true;
  }

  private CheckpointException wrong(String what) {
    return new CheckpointException(file.path() + ": " + what);
  }

  private CheckpointException wrong(String tensor, String what) {
    return wrong("tensor " + FileExcerpt.of(tensor) + " " + what);
  }
}
