package io.lanewise.spark;

import io.lanewise.model.FolderSettings;
import io.lanewise.task.Embedder;
import io.lanewise.task.Embedding;
import io.lanewise.task.TaskOptions;
import java.nio.file.Path;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Texts to vectors.
 *
 * @param prompt what every text begins with; null for the folder's
 * @param promptName which of the folder's prompts; null for none
 * @param normalise whether vectors have length 1; null for as the folder says
 * @param dimensions how many numbers are kept; 0 for all
 */
record EmbedRows(String prompt, String promptName, Boolean normalise, int dimensions)
    implements TaskRows<Embedder, String, Embedding> {
  private static final long serialVersionUID = 1L;

  @Override
  public Path modelFolder(Path folder) {
    return Embedder.modelFolder(folder);
  }

  @Override
  public Embedder load(FolderSettings folder, TaskOptions options) {
    return Embedder.load(folder, options);
  }

  @Override
  public Embedder configured(Embedder loaded) {
    var embedder = loaded;
    if (promptName != null) {
      embedder = embedder.withPromptNamed(promptName);
    }
    if (prompt != null) {
      embedder = embedder.withPrompt(prompt);
    }
    if (normalise != null) {
      embedder = embedder.withNormalisation(normalise);
    }
    return dimensions == 0 ? embedder : embedder.withDimensions(dimensions);
  }

  @Override
  public String input(Object[] cells) {
    return Cells.text(cells[0]);
  }

  @Override
  public Object cell(Embedding answer) {
    return answer.values();
  }

  /** {@code ARRAY<FLOAT>}: Spark's own vector functions take nothing else. */
  @Override
  public DataType type() {
    return DataTypes.createArrayType(DataTypes.FloatType, false);
  }
}
