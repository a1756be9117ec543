package io.lanewise.cli.option;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.Embedder;
import io.lanewise.task.PoolingMode;
import io.lanewise.task.SparseEmbedder;
import io.lanewise.task.TaskOptions;
import java.util.List;
import picocli.CommandLine.Option;

/** How texts become vectors; not said, as the folder's sentence-transformers files say. */
public final class EmbedderOptions {
  @Option(
      names = "--pooling",
      paramLabel = "HOW",
      split = ",",
      description =
          "From tokens to a vector: ${COMPLETION-CANDIDATES}; default: as the model's files say,"
              + " mean where they are silent.")
  private List<PoolingMode> pooling = List.of();

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What every text begins with, such as \"query: \".")
  private String prompt;

  @Option(
      names = "--prompt-name",
      paramLabel = "NAME",
      description = "The same, by its name in the model's files.")
  private String promptName;

  @Option(
      names = "--normalise",
      negatable = true,
      description = "Bring vectors to length 1; default: as the model's files say.")
  private Boolean normalise;

  @Option(
      names = "--dimensions",
      paramLabel = "N",
      description = "Keep the first numbers of each vector only.")
  private Integer dimensions;

  /** Whether an option is given that a sparse vector has no use for. */
  boolean shapesVectors() {
    return !pooling.isEmpty() || normalise != null || dimensions != null;
  }

  /** The same with the prompt that is asked for. */
  SparseEmbedder withPrompt(SparseEmbedder embedder) {
    var named = promptName == null ? embedder : embedder.withPromptNamed(promptName);
    return prompt == null ? named : named.withPrompt(prompt);
  }

  /** Loads the folder. */
  public Embedder load(FolderSettings folder, TaskOptions options) {
    var embedder = Embedder.load(folder, options);
    try {
      return with(embedder);
    } catch (RuntimeException e) {
      embedder.close();
      throw e;
    }
  }

  private Embedder with(Embedder embedder) {
    var changed = embedder;
    if (!pooling.isEmpty()) {
      changed = changed.withPooling(pooling.toArray(PoolingMode[]::new));
    }
    if (promptName != null) {
      changed = changed.withPromptNamed(promptName);
    }
    if (prompt != null) {
      changed = changed.withPrompt(prompt);
    }
    if (dimensions != null) {
      changed = changed.withDimensions(dimensions);
    }
    return normalise == null ? changed : changed.withNormalisation(normalise);
  }
}
