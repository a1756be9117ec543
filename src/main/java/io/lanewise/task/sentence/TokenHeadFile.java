package io.lanewise.task.sentence;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.memory.Region;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A linear layer in a file of its own, as BGE-M3 has them beside its model: {@code weight} and
 * {@code bias}.
 */
enum TokenHeadFile {
  /** One number a token: its weight as a word. */
  SPARSE("sparse_linear.pt"),
  /** A vector a token. */
  VECTORS("colbert_linear.pt");

  private final String file;

  TokenHeadFile(String file) {
    this.file = file;
  }

  /** Whether the folder has it. */
  boolean isIn(Path folder) {
    return Files.exists(folder.resolve(file));
  }

  /**
   * The layer.
   *
   * @param hidden size of a token's state
   * @throws CheckpointException if the file is missing or broken, or takes another size
   */
  LinearLayer load(Path folder, int hidden) {
    try (var region = Region.open();
        var opened = OpenedFolder.open(folder, Config.of(Map.of()), file, Loading.COPY, region)) {
      int outputs = this == SPARSE ? 1 : LinearLayer.outputs(opened, "weight");
      return LinearLayer.of(opened.weights(), outputs, hidden, true);
    }
  }
}
