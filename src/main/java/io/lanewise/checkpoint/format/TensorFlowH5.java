package io.lanewise.checkpoint.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.lanewise.CheckpointException;
import io.lanewise.file.HeapRoom;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a TensorFlow checkpoint, saved by Keras 2: an HDF5 file with a group for each layer, which
 * has a data set for each weight, with the weight's full name.
 *
 * <p>jHDF finds the data sets; their elements are mapped or copied like those of any other file.
 * {@link ForeignNames#tensorFlow} converts the names to PyTorch's.
 */
final class TensorFlowH5 {
  private static final int DEEPEST = 32;
  private static final int MOST_NODES = 1_000_000;

  /** Heap memory of a group or data set here and in jHDF, without its name, in bytes. */
  private static final int NODE = 2000;

  private final WeightFile file;
  private final HeapRoom room;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private int nodes;

  private TensorFlowH5(WeightFile file) {
    this.file = file;
    this.room = HeapRoom.of(file.path().toString());
  }

  /** Whether jHDF is on the class path. */
  static boolean isAvailable() {
    try {
      return HdfFile.class.getName() != null;
    } catch (NoClassDefFoundError e) {
      return false;
    }
  }

  /**
   * Lists the tensors under PyTorch's names.
   *
   * @throws CheckpointException if the file is broken, or its weights are compressed
   */
  static List<StoredTensor> read(WeightFile file) {
    return new TensorFlowH5(file).read();
  }

  private List<StoredTensor> read() {
    if (file.size() < 4 || !new String(file.read(1, 3), ISO_8859_1).equals("HDF")) {
      throw new CheckpointException(
          file.path() + FileKind.of(file).map(kind -> " " + kind).orElse(": it is no HDF5 file"));
    }
    try (var hdf = new HdfFile(file.path())) {
      for (var top : hdf.getChildren().values()) {
        visit(top, isLayer(top) ? "" : sharded(top.getName()), hdf.getUserBlockSize(), 0);
      }
    } catch (CheckpointException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      // any exception of the library for a broken file
      throw new CheckpointException(
          file.path() + ": its HDF5 is broken: " + FileExcerpt.of(String.valueOf(e.getMessage())),
          e);
    }
    if (tensors.isEmpty()) {
      throw wrong("it holds no weights as Keras saves them");
    }
    return List.copyOf(tensors.values());
  }

  /** A link is never followed, not even to list its target. */
  private static boolean isLayer(Node node) {
    return !node.isLink()
        && (node.getAttribute("weight_names") != null
            || node.getAttribute("weight_names0") != null);
  }

  /**
   * In the files of a sharded checkpoint there are no layers, and names lack the model's scope
   * unless they begin with {@code model.} (load_tf_sharded_weights in Hugging Face's
   * modeling_tf_utils.py).
   */
  private static String sharded(String name) {
    return name.startsWith("model.") ? name : "model/" + name;
  }

  private void visit(Node node, String path, long base, int depth) {
    if (depth > DEEPEST) {
      throw wrong("its groups lie deeper than " + DEEPEST);
    }
    if (++nodes > MOST_NODES) {
      throw wrong("it has more than " + MOST_NODES + " groups and data sets");
    }
    room.take(NODE + path.length());
    if (node.isLink()) {
      throw wrong(path, "is a link: only what is in the file is read");
    }
    switch (node) {
      case Group group -> {
        for (var child : group.getChildren().values()) {
          var name = path.isEmpty() ? child.getName() : path + "/" + child.getName();
          visit(child, name, base, depth + 1);
        }
      }
      case Dataset weight -> add(path, weight, base);
      default -> {} // a named type is not a weight
    }
  }

  /** Adds a weight; one that is listed under several layers, such as a tied one, is added once. */
  private void add(String path, Dataset weight, long base) {
    var dims = Arrays.stream(weight.getDimensions()).asLongStream().toArray();
    var dtype = dtype(path, weight);
    if (!(weight instanceof ContiguousDataset contiguous)) {
      throw wrong(path, "is stored in chunks: save it again without compression");
    }
    var name = ForeignNames.tensorFlow(path);
    var shape = Shape.of(dims);
    long size = Math.multiplyExact(shape.count(), dtype.bytes());
    long offset = size == 0 ? 0 : Math.addExact(contiguous.getDataAddress(), base);
    if (offset < 0 || offset > file.size() - size) {
      throw wrong(path, "is not inside the file");
    }
    var tensor = StoredTensor.run(file, name, dtype, shape, offset);
    var stored = ForeignNames.isKernel(path) ? tensor.transposed() : tensor;
    var before = tensors.putIfAbsent(name, stored);
    if (before != null && !before.shape().equals(stored.shape())) {
      throw wrong(path, "is there twice, as " + before.shape() + " and as " + stored.shape());
    }
  }

  private DType dtype(String path, Dataset weight) {
    var type = weight.getDataType();
    boolean little =
        switch (type) {
          case FloatingPoint number -> number.getByteOrder() == ByteOrder.LITTLE_ENDIAN;
          case FixedPoint number -> number.getByteOrder() == ByteOrder.LITTLE_ENDIAN;
          default -> false;
        };
    var known =
        switch (type) {
          case FloatingPoint number when number.getSize() == 8 && number.getExponentSize() == 11 ->
              DType.F64;
          case FloatingPoint number when number.getSize() == 4 && number.getExponentSize() == 8 ->
              DType.F32;
          case FloatingPoint number when number.getSize() == 2 && number.getExponentSize() == 5 ->
              DType.F16;
          case FloatingPoint number when number.getSize() == 2 && number.getExponentSize() == 8 ->
              DType.BF16;
          case FixedPoint number when number.getSize() == 8 ->
              number.isSigned() ? DType.I64 : DType.U64;
          case FixedPoint number when number.getSize() == 4 ->
              number.isSigned() ? DType.I32 : DType.U32;
          case FixedPoint number when number.getSize() == 2 ->
              number.isSigned() ? DType.I16 : DType.U16;
          case FixedPoint number when number.getSize() == 1 ->
              number.isSigned() ? DType.I8 : DType.U8;
          default -> null;
        };
    if (known == null || (!little && known.bytes() > 1)) {
      throw wrong(path, "has numbers of an unknown kind: little-endian floats are needed");
    }
    return known;
  }

  private CheckpointException wrong(String what) {
    return new CheckpointException(file.path() + ": " + what);
  }

  private CheckpointException wrong(String weight, String what) {
    return wrong("weight " + FileExcerpt.of(weight) + " " + what);
  }
}
