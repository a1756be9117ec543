package io.lanewise.checkpoint.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.TensorInfo;
import io.lanewise.file.HeapRoom;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ValueType;

/**
 * Reads a Flax checkpoint: nested maps in MessagePack with arrays at the leaves, as written by
 * {@code flax.serialization}. The arrays are mapped or copied like those of any other file.
 *
 * <p>An array is an extension of type 1 with (shape, name of the type, bytes in C order). An array
 * of more than 2³⁰ bytes is a map with its shape and its pieces. {@link ForeignNames#flax} converts
 * the names to PyTorch's.
 */
final class FlaxMsgpack {
  private static final byte ARRAY = 1;
  private static final byte SCALAR = 3;
  private static final String CHUNKED = "__msgpack_chunked_array__";
  private static final int DEEPEST = 32;
  private static final int LONGEST_NAME = 1000;
  private static final int MOST_DIMENSIONS = 16;
  private static final int MOST_ENTRIES = 1_000_000;

  /** Heap memory of a tensor here and in the maps that contain it, without its name, in bytes. */
  private static final int TENSOR = 600;

  /** An array, or a piece of one, with its place in the file. */
  private record Leaf(DType dtype, long[] dims, long offset, long size) {}

  private final WeightFile file;
  private final HeapRoom room;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private MessageUnpacker unpacker;
  private long start;
  private int entries;

  private FlaxMsgpack(WeightFile file) {
    this.file = file;
    this.room = HeapRoom.of(file.path().toString());
  }

  /** Whether msgpack-core is on the class path. */
  static boolean isAvailable() {
    try {
      return MessagePack.class.getName() != null;
    } catch (NoClassDefFoundError e) {
      return false;
    }
  }

  /**
   * Lists the tensors under PyTorch's names.
   *
   * @throws CheckpointException if the file is broken
   */
  static List<StoredTensor> read(WeightFile file) {
    return new FlaxMsgpack(file).read();
  }

  private List<StoredTensor> read() {
    FileKind.of(file)
        .ifPresent(
            kind -> {
              throw new CheckpointException(file.path() + " " + kind);
            });
    try {
      goTo(0);
      if (unpacker.getNextFormat().getValueType() != ValueType.MAP) {
        throw wrong("it is no MessagePack map");
      }
      map("", 0);
      if (position() != file.size()) {
        throw wrong((file.size() - position()) + " bytes follow its map");
      }
    } catch (IOException | MessagePackException e) {
      throw new CheckpointException(
          file.path() + ": its MessagePack is broken at byte " + position(), e);
    }
    return List.copyOf(tensors.values());
  }

  /** Continues at a byte of the file; the bytes of arrays are skipped, not read. */
  private void goTo(long at) {
    start = at;
    unpacker = MessagePack.newDefaultUnpacker(file.stream(at, file.size()));
  }

  private long position() {
    return start + unpacker.getTotalReadBytes();
  }

  private void map(String path, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw wrong("its maps lie deeper than " + DEEPEST);
    }
    int count = unpacker.unpackMapHeader();
    for (int i = 0; i < count; i++) {
      if (++entries > MOST_ENTRIES) {
        throw wrong("it has more than " + MOST_ENTRIES + " entries");
      }
      var key = text();
      if (key.equals(CHUNKED)) {
        unpacker.skipValue();
        chunked(path, count - i - 1);
        return;
      }
      var name = path.isEmpty() ? key : path + "." + key;
      room.take(TENSOR + 2L * name.length()); // its name in PyTorch has the same length
      switch (unpacker.getNextFormat().getValueType()) {
        case MAP -> map(name, depth + 1);
        case EXTENSION -> add(name, leaf(name));
        default -> unpacker.skipValue(); // a number beside the arrays is not a weight
      }
    }
  }

  private String text() throws IOException {
    int length = unpacker.unpackRawStringHeader();
    if (length > LONGEST_NAME) {
      throw wrong("a name in it has " + length + " bytes");
    }
    return new String(unpacker.readPayload(length), UTF_8);
  }

  private Leaf leaf(String name) throws IOException {
    ExtensionTypeHeader header = unpacker.unpackExtensionTypeHeader();
    long end = position() + header.getLength();
    if (header.getType() != ARRAY && header.getType() != SCALAR) {
      throw wrong(name, "has the unknown extension type " + header.getType());
    }
    if (header.getLength() < 0 || end > file.size()) {
      throw wrong(name, "is cut: it would end at byte " + end + " of " + file.size());
    }
    if (unpacker.unpackArrayHeader() != 3) {
      throw wrong(name, "is no array of shape, type and bytes");
    }
    var dims = dims(name);
    var type = text();
    int size = unpacker.unpackBinaryHeader();
    long offset = position();
    if (size < 0 || offset + size != end) {
      throw wrong(name, "has " + size + " bytes, which do not end where it ends");
    }
    goTo(end);
    return new Leaf(dtype(name, type), dims, offset, size);
  }

  private long[] dims(String name) throws IOException {
    int rank = unpacker.unpackArrayHeader();
    if (rank > MOST_DIMENSIONS) {
      throw wrong(name, "has " + rank + " dimensions");
    }
    var dims = new long[rank];
    for (int i = 0; i < rank; i++) {
      dims[i] = unpacker.unpackLong();
    }
    return dims;
  }

  private DType dtype(String name, String type) {
    return switch (type) {
      case "float64" -> DType.F64;
      case "float32" -> DType.F32;
      case "float16" -> DType.F16;
      case "bfloat16" -> DType.BF16;
      case "int64" -> DType.I64;
      case "int32" -> DType.I32;
      case "int16" -> DType.I16;
      case "int8" -> DType.I8;
      case "uint64" -> DType.U64;
      case "uint32" -> DType.U32;
      case "uint16" -> DType.U16;
      case "uint8" -> DType.U8;
      case "bool" -> DType.BOOL;
      default -> throw wrong(name, "has the unknown type " + FileExcerpt.quoted(type));
    };
  }

  /** Reads a map of {@code shape} and {@code chunks}, both with the keys 0, 1, …. */
  private void chunked(String path, int left) throws IOException {
    var shape = new TreeMap<Integer, Long>();
    var chunks = new TreeMap<Integer, Leaf>();
    for (int i = 0; i < left; i++) {
      var key = text();
      int count = unpacker.unpackMapHeader();
      for (int j = 0; j < count; j++) {
        if (++entries > MOST_ENTRIES) {
          throw wrong("it has more than " + MOST_ENTRIES + " entries");
        }
        room.take(HeapRoom.ENTRY + 2L * HeapRoom.CONTAINER);
        int number = number(path, text());
        switch (key) {
          case "shape" -> shape.put(number, unpacker.unpackLong());
          case "chunks" -> chunks.put(number, leaf(path));
          default -> throw wrong(path, "is in pieces and has " + FileExcerpt.quoted(key));
        }
      }
    }
    if (chunks.isEmpty()
        || chunks.lastKey() != chunks.size() - 1
        || (!shape.isEmpty() && shape.lastKey() != shape.size() - 1)
        || shape.size() > MOST_DIMENSIONS) {
      throw wrong(path, "is in pieces, and not all are there");
    }
    join(path, shape.values().stream().mapToLong(Long::longValue).toArray(), chunks);
  }

  private int number(String path, String key) {
    try {
      return Integer.parseUnsignedInt(key);
    } catch (NumberFormatException e) {
      throw wrong(path, "is in pieces, one of them called " + FileExcerpt.quoted(key));
    }
  }

  private void join(String path, long[] dims, Map<Integer, Leaf> chunks) {
    var runs = new ArrayList<TensorBytes.Run>();
    long size = 0;
    DType dtype = null;
    for (var chunk : chunks.values()) {
      if (dtype != null && chunk.dtype != dtype) {
        throw wrong(path, "is in pieces of " + dtype + " and of " + chunk.dtype);
      }
      if (chunk.size % chunk.dtype.bytes() != 0) {
        throw wrong(path, "has a piece of " + chunk.size + " bytes of " + chunk.dtype);
      }
      dtype = chunk.dtype;
      runs.add(new TensorBytes.Run(file, chunk.offset, chunk.size));
      size += chunk.size;
    }
    add(path, new Leaf(dtype, dims, 0, size), new JoinedBytes(runs));
  }

  private void add(String path, Leaf leaf) {
    add(path, leaf, new TensorBytes.Run(file, leaf.offset, leaf.size));
  }

  private void add(String path, Leaf leaf, TensorBytes bytes) {
    try {
      var shape = Shape.of(leaf.dims);
      if (Math.multiplyExact(shape.count(), leaf.dtype.bytes()) != leaf.size) {
        throw wrong(path, "is " + leaf.dtype + shape + ", but has " + leaf.size + " bytes");
      }
      var info = new TensorInfo(ForeignNames.flax(path), leaf.dtype, shape, file.name(), leaf.size);
      var tensor = new StoredTensor(info, bytes);
      var stored = ForeignNames.isKernel(path) ? tensor.transposed() : tensor;
      if (tensors.putIfAbsent(stored.name(), stored) != null) {
        throw wrong(path, "is there twice");
      }
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw wrong(path, "has the impossible shape " + Arrays.toString(leaf.dims));
    }
  }

  private CheckpointException wrong(String what) {
    return new CheckpointException(file.path() + ": " + what);
  }

  private CheckpointException wrong(String tensor, String what) {
    return wrong("array " + FileExcerpt.of(tensor) + " " + what);
  }
}
