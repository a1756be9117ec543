package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.format.ModelFolder;
import io.lanewise.task.Embedding;
import java.nio.file.Files;
import java.nio.file.Path;

/** Length 1. */
record Normalize() implements SentenceModule {
  /**
   * That of a folder, which versions before 5.4 left empty.
   *
   * @param place what it must work on
   */
  static Normalize load(Path folder, String place) {
    var file = folder.resolve(ModelFolder.CONFIG);
    // Without a path, it is the model's config.json that lies there.
    if (Files.exists(file) && !Files.exists(folder.resolve(FolderModule.LIST))) {
      SentenceModule.checkPlace(Config.read(file), place, TEXT);
    }
    return new Normalize();
  }

  @Override
  public float[] apply(float[] vector) {
    return new Embedding(vector).normalised().values();
  }

  @Override
  public int size(int before) {
    return before;
  }
}
