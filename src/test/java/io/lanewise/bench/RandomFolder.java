package io.lanewise.bench;

import io.lanewise.model.Model;
import io.lanewise.model.Options;
import java.nio.file.Path;

/**
 * Saves a model with random weights: {@code RandomFolder CONFIG_JSON FOLDER}, for measuring what
 * begins with files.
 */
public final class RandomFolder {
  private RandomFolder() {}

  /** Writes the folder, which is empty or not there. */
  public static void main(String[] arguments) {
    try (var model = Model.random(Path.of(arguments[0]), Options.DEFAULT)) {
      model.save(Path.of(arguments[1]));
    }
  }
}
