package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Config;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A folder with a cross-encoder, as versions of sentence-transformers before and after 5.4 have
 * left it.
 */
public record CrossEncoderFolder(TransformerSettings transformer, EmbeddingSettings settings) {
  private static final String TODAY = "activation_fn";
  private static final String BEFORE = "sbert_ce_default_activation_function";

  /**
   * Reads all but the model.
   *
   * @throws io.lanewise.CheckpointException if one of its files is broken, or it holds what does
   *     not run here
   */
  public static CrossEncoderFolder read(Path folder) {
    var settings = EmbeddingSettings.read(folder);
    if (!settings.prompt().isEmpty()) {
      throw settings.config().wrong("default_prompt_name", "a prompt of pairs does not run here");
    }
    return new CrossEncoderFolder(transformer(folder), settings);
  }

  private static TransformerSettings transformer(Path folder) {
    if (!FolderModule.areIn(folder)) {
      return new TransformerSettings(folder, EmbeddingSettings.NONE, 0, false);
    }
    var listed = FolderModule.list(folder);
    for (var module : listed) {
      if (!module.isTransformer() || listed.size() > 1) {
        throw module.wrong("a cross-encoder is one Transformer and nothing more here");
      }
    }
    return TransformerSettings.read(listed.getFirst().path())
        .checkGives(TransformerSettings.LABELS, TransformerSettings.STATES);
  }

  /**
   * What makes a score of the model's only output: what the folder's own file says, else what the
   * model's says under its key of today or that of versions before 4, else the sigmoid ({@code
   * CrossEncoder.get_default_activation_fn}).
   *
   * @param config the model's
   */
  public TorchFunction function(Config config) {
    var inner = TransformerSettings.child(config, "sentence_transformers");
    return named(settings.config(), TODAY)
        .or(() -> inner.flatMap(each -> named(each, TODAY)))
        .or(() -> named(config, BEFORE))
        .orElse(TorchFunction.SIGMOID);
  }

  private static Optional<TorchFunction> named(Config config, String key) {
    return config
        .text(key)
        .map(
            name -> {
              var function = TorchFunction.named(config, key, name);
              if (function.isOfVectors()) {
                throw config.wrong(
                    key,
                    function.title() + " of a single output is the same for all: take Sigmoid");
              }
              if (function == TorchFunction.RRELU) {
                throw config.wrong(key, "RReLU draws its scores at random: take LeakyReLU");
              }
              return function;
            });
  }
}
