package io.lanewise.model;

import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.format.ModelFolder;
import io.lanewise.checkpoint.weights.Int8Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a model folder: {@code config.json} and {@code generation_config.json}. Each file
 * is read once, when it is first asked for; tokenizer, model and task that are loaded from the same
 * value see the same settings, whatever happens to the files meanwhile.
 *
 * <pre>{@code
 * var settings = FolderSettings.of(Path.of("weights/albert-tiny-demo"));
 * if (settings.head().filter(Head.MASKED_LM::equals).isPresent()) {
 *   try (var model = Model.load(settings, Options.DEFAULT)) {
 *     System.out.println(model.family() + " of " + settings.config().positive("hidden_size", 768));
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class FolderSettings {
  private final Path folder;
  private @Nullable Config config;
  private Optional<Config> generation = Optional.empty();
  private boolean generationIsRead;

  private FolderSettings(Path folder) {
    this.folder = folder;
  }

  /** Those of this folder; nothing is read yet. */
  public static FolderSettings of(Path folder) {
    return new FolderSettings(folder);
  }

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** Whether there is a {@code config.json}, which may be broken. */
  public synchronized boolean hasConfig() {
    return config != null || Files.exists(folder.resolve(ModelFolder.CONFIG));
  }

  /**
   * The settings of {@code config.json}.
   *
   * @throws io.lanewise.CheckpointException if the folder or the file is missing or broken
   */
  public synchronized Config config() {
    if (config == null) {
      config = Checkpoint.config(folder);
    }
    return config;
  }

  /**
   * The settings of {@code generation_config.json}; empty if there is none.
   *
   * @throws io.lanewise.CheckpointException if the file is broken
   */
  public synchronized Optional<Config> generation() {
    if (!generationIsRead) {
      generation = Checkpoint.generation(folder);
      generationIsRead = true;
    }
    return generation;
  }

  /**
   * The head of the class that {@code architectures} names first; empty if it names none, or one
   * that is not known here.
   *
   * @throws io.lanewise.CheckpointException as {@link #config}
   */
  public Optional<Head> head() {
    return config().texts("architectures").stream().findFirst().flatMap(Head::named);
  }

  /**
   * Whether the weights were saved in int8.
   *
   * @throws io.lanewise.CheckpointException as {@link #config}, or if they were quantised in a way
   *     that is not known here
   */
  public boolean isInt8() {
    return Int8Weights.areNoted(config());
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
