package io.lanewise.checkpoint;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.format.HeapTensors;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.checkpoint.format.SafetensorsHeader;
import io.lanewise.checkpoint.format.SafetensorsWriter;
import io.lanewise.checkpoint.format.WeightFile;
import io.lanewise.checkpoint.format.WeightFormat;
import io.lanewise.memory.Region;
import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The safetensors format: whole files of named tensors, such as the inputs and results of a forward
 * pass. The weights of a model are read through {@link Checkpoint}, which leaves them off the heap.
 *
 * <pre>{@code
 * var tensors = Safetensors.read(folder.resolve("inputs.safetensors"));
 * tensors.put("labels", Tensor.of(new long[] {1, 0}, 2));
 * Safetensors.write(folder.resolve("more.safetensors"), tensors);
 * }</pre>
 */
public final class Safetensors {
  private Safetensors() {}

  /**
   * Reads a whole file to the heap, in the order of its header: floats of any width as F32,
   * integers and booleans as I64.
   *
   * @throws CheckpointException if the file cannot be read, breaks a rule of the format, holds
   *     elements of another type (complex or narrower than 16-bit floats), or does not fit the heap
   */
  public static SequencedMap<String, Tensor> read(Path file) {
    try (var region = Region.scratch();
        var opened =
            WeightFile.open(file, String.valueOf(file.getFileName()), Loading.COPY, region)) {
      var stored = WeightFormat.SAFETENSORS.tensors(opened);
      HeapTensors.check(stored);
      var tensors = new LinkedHashMap<String, Tensor>();
      for (var tensor : stored) {
        tensors.put(tensor.name(), HeapTensors.of(tensor));
      }
      return tensors;
    }
  }

  /**
   * Reads the texts that a file carries under {@code __metadata__}.
   *
   * @throws CheckpointException if the file cannot be read or breaks a rule of the format
   */
  public static Map<String, String> metadata(Path file) {
    try (var region = Region.scratch();
        var opened =
            WeightFile.open(file, String.valueOf(file.getFileName()), Loading.COPY, region)) {
      return SafetensorsHeader.read(opened).metadata();
    }
  }

  /**
   * Writes tensors in the given order, F32 and I64; replaces the file whole or not at all.
   *
   * <p>Hugging Face reads the file, also as the weights of a model: it carries {@code "format":
   * "pt"}.
   *
   * @throws CheckpointException if the file cannot be written
   * @throws IllegalArgumentException if a tensor is called {@code __metadata__}
   */
  public static void write(Path file, SequencedMap<String, Tensor> tensors) {
    SafetensorsWriter.write(
        file,
        tensors.entrySet().stream()
            .map(entry -> SafetensorsWriter.Item.of(entry.getKey(), entry.getValue()))
            .toList());
  }
}
