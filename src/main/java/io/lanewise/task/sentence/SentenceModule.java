package io.lanewise.task.sentence;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.memory.Region;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * What a folder of sentence-transformers does with a vector: that of a text after the pooling, or
 * that of each token before it.
 */
public sealed interface SentenceModule permits Dense, LayerNorm, Normalize, SparseAutoEncoder {
  /** What {@code module_input_name} calls the vector of a text. */
  String TEXT = "sentence_embedding";

  /** What {@code module_input_name} calls the vectors of the tokens. */
  String TOKENS = "token_embeddings";

  /** The vector afterwards. */
  float[] apply(float[] vector);

  /**
   * Its size for vectors of this size.
   *
   * @throws CheckpointException if it takes vectors of another size
   */
  int size(int before);

  /** The size that several modules, one after the other, make of vectors of this size. */
  static int size(List<SentenceModule> modules, int before) {
    int size = before;
    for (var module : modules) {
      size = module.size(size);
    }
    return size;
  }

  /** What several modules, one after the other, make of a vector. */
  static float[] apply(List<SentenceModule> modules, float[] vector) {
    var result = vector;
    for (var module : modules) {
      result = module.apply(result);
    }
    return result;
  }

  /**
   * Refuses a module that works on something else.
   *
   * @param place {@link #TEXT} or {@link #TOKENS}
   * @param unlessNamed the place of a file that names none
   */
  static void checkPlace(Config config, String place, String unlessNamed) {
    for (var key : List.of("module_input_name", "module_output_name")) {
      var named = config.text(key, key.equals("module_input_name") ? unlessNamed : place);
      if (!named.equals(place)) {
        throw config.wrong(key, "\"%s\" was found, \"%s\" is needed here".formatted(named, place));
      }
    }
  }

  /** Reads the weights of a module, which are copied. */
  static <T> T read(Path folder, Config config, Function<Weights, T> read) {
    try (var region = Region.open();
        var checkpoint = OpenedFolder.open(folder, config, Loading.COPY, region)) {
      return read.apply(checkpoint.weights());
    }
  }

  /** A vector of the weights. */
  static float[] vector(Weights at, String name, int size) {
    return at.vector(name, size, Weights.Init.ZEROS).toArray(ValueLayout.JAVA_FLOAT);
  }

  /** Refuses vectors of another size than a module takes. */
  static void checkSize(String where, String key, int wanted, int given) {
    if (wanted != given) {
      throw new CheckpointException(
          "%s: %s is %d, what comes before it gives %d numbers"
              .formatted(where, key, wanted, given));
    }
  }
}
