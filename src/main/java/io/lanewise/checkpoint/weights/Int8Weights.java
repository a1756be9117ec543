package io.lanewise.checkpoint.weights;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.CheckpointException;
import io.lanewise.Remedy;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.checkpoint.format.FileExcerpt;
import io.lanewise.checkpoint.format.StoredTensor;
import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Weights of matrix products saved in 8 bits: an I8 matrix [outputs, inputs] under the name of the
 * weight, and F32 scales [outputs] under this name with the suffix {@value #SUFFIX} ({@link
 * io.lanewise.memory.SymmetricInt8}). All other tensors are floats.
 *
 * <p>The config has the entry {@code "quantization": {"format": "lanewise-int8", "scale_suffix":
 * "_scale"}}. Weights quantised by another engine have {@code quantization_config}; they are
 * refused.
 */
public final class Int8Weights {
  static final String SUFFIX = "_scale";

  private static final String NOTE = "quantization";
  private static final String FORMAT = "lanewise-int8";
  private static final String FOREIGN = "quantization_config";

  private Int8Weights() {}

  /**
   * Whether a config has this entry.
   *
   * @throws CheckpointException if its weights are quantised in another way
   */
  public static boolean areNoted(Config config) {
    var tree = JsonConfig.tree(config);
    if (config.has(FOREIGN)) {
      var method = tree.get(FOREIGN).path("quant_method").asText("a method it does not name");
      throw new CheckpointException(
          "%s: %s says that the weights were quantised for another engine (%s), which is not read here: take the checkpoint that they were made from, and hold its weights in int8"
              .formatted(config.where(), FOREIGN, FileExcerpt.of(method)),
          Remedy.PRECISION);
    }
    if (!config.has(NOTE)) {
      return false;
    }
    var format = tree.get(NOTE).path("format").asText("");
    if (!format.equals(FORMAT)) {
      throw new CheckpointException(
          "%s: %s has the format %s, where %s is known: convert the original checkpoint"
              .formatted(config.where(), NOTE, FileExcerpt.of(format), FORMAT));
    }
    return true;
  }

  /** A config with the entry, or without it. */
  public static Config noted(Config config, boolean int8) {
    var note = JsonNodeFactory.instance.objectNode();
    note.put("format", FORMAT).put("scale_suffix", SUFFIX);
    return config.with(NOTE, int8 ? note : null);
  }

  /** The tensors, with floats instead of I8 matrices and their scales. */
  public static SequencedMap<String, StoredTensor> restored(
      SequencedMap<String, StoredTensor> tensors) {
    var floats = new LinkedHashMap<String, StoredTensor>();
    tensors.forEach(
        (name, tensor) -> {
          if (tensor.dtype() == DType.I8 && tensor.shape().rank() == 2) {
            floats.put(name, restored(tensor, scales(tensor, tensors.get(name + SUFFIX))));
          } else if (!isScaleOf(name, tensors)) {
            floats.put(name, tensor);
          }
        });
    return floats;
  }

  private static boolean isScaleOf(String name, SequencedMap<String, StoredTensor> tensors) {
    if (!name.endsWith(SUFFIX)) {
      return false;
    }
    var weight = tensors.get(name.substring(0, name.length() - SUFFIX.length()));
    return weight != null && weight.dtype() == DType.I8;
  }

  private static StoredTensor scales(StoredTensor weight, StoredTensor scales) {
    if (scales == null
        || scales.dtype() != DType.F32
        || !scales.shape().is(weight.shape().dim(0))) {
      throw new CheckpointException(
          "tensor %s has no scales: %s%s of F32[%d] is %s; convert the original checkpoint once more"
              .formatted(
                  weight.info(),
                  FileExcerpt.of(weight.name()),
                  SUFFIX,
                  weight.shape().dim(0),
                  scales == null ? "missing" : "" + scales.dtype() + scales.shape()));
    }
    return scales;
  }

  private static StoredTensor restored(StoredTensor weight, StoredTensor scales) {
    return DerivedTensors.computed(
        weight.name(),
        DType.F32,
        weight.shape(),
        weight.info().file(),
        target -> {
          try (var scratch = Region.scratch()) {
            int columns = Math.toIntExact(weight.shape().dim(1));
            var factors = scratch.floats(scales.shape().count());
            scales.floatsTo(factors);
            var q = weight.bytes().mapped().orElseGet(() -> weight.rawIn(scratch));
            var bytes = new byte[columns];
            var row = new float[columns];
            for (long i = 0; i < weight.shape().dim(0); i++) {
              MemorySegment.copy(q, ValueLayout.JAVA_BYTE, i * columns, bytes, 0, columns);
              float factor = factors.getAtIndex(JAVA_FLOAT_UNALIGNED, i);
              for (int k = 0; k < columns; k++) {
                row[k] = bytes[k] * factor;
              }
              long at = i * columns * Float.BYTES;
              MemorySegment.copy(row, 0, target, JAVA_FLOAT_UNALIGNED, at, columns);
            }
          }
        });
  }

  /**
   * The tensors, with these matrices in 8 bits, each followed by its scales.
   *
   * @param products names of matrices, here or in their file
   */
  static SequencedMap<String, StoredTensor> of(
      SequencedMap<String, StoredTensor> tensors, Set<String> products) {
    var narrow = new LinkedHashMap<String, StoredTensor>();
    tensors.forEach(
        (name, tensor) -> {
          boolean isProduct = products.contains(name) || products.contains(tensor.name());
          if (isProduct && tensor.shape().rank() == 2 && tensor.dtype().isFloat()) {
            var rounded = new Int8Matrix(tensor);
            narrow.put(name, rounded.numbers());
            narrow.put(name + SUFFIX, rounded.scales(SUFFIX));
          } else {
            narrow.put(name, tensor);
          }
        });
    return narrow;
  }
}
