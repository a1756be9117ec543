package io.lanewise.checkpoint.format;

import io.lanewise.CheckpointException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The formats of weight files, in the order of preference: safetensors first, pickles last. The
 * first format in a folder is read.
 */
public enum WeightFormat {
  SAFETENSORS("model.safetensors", null),
  FLAX("flax_model.msgpack", "org.msgpack:msgpack-core"),
  TENSORFLOW("tf_model.h5", "io.jhdf:jhdf"),
  /** Last, because a pickle is a program; {@link TorchPickle} reads it without running it. */
  PYTORCH("pytorch_model.bin", null);

  private static final String INDEX = ".index.json";

  private final String single;
  private final String library;

  WeightFormat(String single, String library) {
    this.single = single;
    this.library = library;
  }

  /** The format of a file with this name, or of the files of an index with this name. */
  public static Optional<WeightFormat> of(String name) {
    var file = isIndex(name) ? name.substring(0, name.length() - INDEX.length()) : name;
    return Arrays.stream(values())
        .filter(format -> format.endings().stream().anyMatch(file::endsWith))
        .findFirst();
  }

  private List<String> endings() {
    return switch (this) {
      case SAFETENSORS -> List.of(".safetensors");
      case FLAX -> List.of(".msgpack");
      case TENSORFLOW -> List.of(".h5", ".hdf5");
      case PYTORCH -> List.of(".bin", ".pt", ".pth");
    };
  }

  /** Whether a file with this name is an index. */
  public static boolean isIndex(String name) {
    return name.endsWith(INDEX);
  }

  /** The name of a single weight file. */
  public String single() {
    return single;
  }

  /** The name of the index of several files. */
  public String index() {
    return single + INDEX;
  }

  /** Whether an index has PyTorch's names of tensors. */
  boolean hasPyTorchNames() {
    return this == SAFETENSORS || this == PYTORCH;
  }

  /** Maven coordinates of the library for this format, if it is missing. */
  public Optional<String> missingLibrary() {
    return isAvailable() ? Optional.empty() : Optional.of(library);
  }

  /** Checked here, because a reader cannot be linked if its library is missing. */
  private boolean isAvailable() {
    try {
      return switch (this) {
        case SAFETENSORS, PYTORCH -> true;
        case FLAX -> FlaxMsgpack.isAvailable();
        case TENSORFLOW -> TensorFlowH5.isAvailable();
      };
    } catch (NoClassDefFoundError e) {
      return false;
    }
  }

  /**
   * Lists the tensors of an opened file.
   *
   * @throws CheckpointException if the file is broken
   */
  public List<StoredTensor> tensors(WeightFile file) {
    missingLibrary()
        .ifPresent(
            missing -> {
              throw new CheckpointException(
                  file.path() + " can be read when " + missing + " is on the class path");
            });
    try {
      return switch (this) {
        case SAFETENSORS -> SafetensorsHeader.read(file).tensors();
        case FLAX -> FlaxMsgpack.read(file);
        case TENSORFLOW -> TensorFlowH5.read(file);
        case PYTORCH -> TorchPickle.read(file);
      };
    } catch (OutOfMemoryError e) {
      throw new CheckpointException(
          file.path() + ": the list of its tensors does not fit the Java heap: raise -Xmx", e);
    }
  }
}
