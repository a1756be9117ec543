package io.lanewise.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.SavedFolder;
import io.lanewise.checkpoint.weights.SavedTensors;
import io.lanewise.checkpoint.weights.WeightChange;
import io.lanewise.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to save a model; start from {@link #DEFAULT} and change what differs.
 *
 * @param dtype that the weights are rounded or widened to: F32, F16 or BF16; null for that which
 *     they have in the checkpoint, or after an edit
 * @param shardBytes where a file of weights ends and the next begins; a tensor that is larger has a
 *     file for itself
 * @param overwrite whether the folder may hold files, of which those of the same names and earlier
 *     weights make room
 */
public record Saving(@Nullable DType dtype, long shardBytes, boolean overwrite) {
  /** Types as they are, files of 5 GB as in transformers 4, and no files there before. */
  public static final Saving DEFAULT = new Saving(null, SavedFolder.SHARD_BYTES, false);

  private static final String GENERATION = "generation_config.json";

  public Saving {
    WeightChange.NONE.rounding(dtype); // refuses types that weights cannot have
    if (shardBytes < 1) {
      throw new IllegalArgumentException("files of " + shardBytes + " bytes");
    }
  }

  public Saving withDtype(@Nullable DType newDtype) {
    return new Saving(newDtype, shardBytes, overwrite);
  }

  public Saving withShardBytes(long newShardBytes) {
    return new Saving(dtype, newShardBytes, overwrite);
  }

  public Saving withOverwrite(boolean newOverwrite) {
    return new Saving(dtype, shardBytes, newOverwrite);
  }

  /** Writes the folder; {@code origin} is where the model came from. */
  void write(Path folder, Architecture model, Config config, SavedTensors contents, Path origin) {
    var typed = contents.as(dtype);
    var generation = origin.resolve(GENERATION);
    var copied = Files.isRegularFile(generation) ? List.of(generation) : List.<Path>of();
    var saved = settings(model, config, typed.dtype());
    SavedFolder.write(folder, saved, typed, shardBytes, overwrite, copied);
  }

  /** The settings that say what is in the files. */
  private static Config settings(Architecture model, Config config, String dtype) {
    var saved =
        labelled(model.head(), config)
            .with("architectures", List.of(model.type(config).className(model.head())))
            .with("model_type", model.family());
    return SavedFolder.withInt8(SavedFolder.withDtype(saved, dtype), false);
  }

  /**
   * Hugging Face saves {@code id2label} and {@code label2id} for {@code num_labels}. Its heads for
   * answers have as many outputs as labels, and that must be two.
   */
  private static Config labelled(Head head, Config config) {
    if (!config.has("num_labels") && !config.has("id2label")) {
      return config;
    }
    var labels = config.labels();
    boolean answers = head == Head.QUESTION_ANSWERING && labels.size() != 2;
    var ids = JsonNodeFactory.instance.objectNode();
    var names = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < labels.size(); i++) {
      ids.put(String.valueOf(i), labels.get(i));
      names.put(labels.get(i), i);
    }
    return config
        .with("num_labels", null)
        .with("id2label", answers ? null : ids)
        .with("label2id", answers ? null : names);
  }
}
