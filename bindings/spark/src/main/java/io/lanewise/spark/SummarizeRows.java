package io.lanewise.spark;

import io.lanewise.generate.GenerationOptions;
import io.lanewise.model.FolderSettings;
import io.lanewise.task.GeneratedText;
import io.lanewise.task.Summarizer;
import io.lanewise.task.TaskOptions;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Texts to summaries.
 *
 * @param longest {@code max_length} of a summary; 0 for as the folder says
 * @param shortest {@code min_length}; -1 for as the folder says
 * @param beams {@code num_beams}; 0 for as the folder says
 */
record SummarizeRows(int longest, int shortest, int beams)
    implements TaskRows<Summarizer, String, List<GeneratedText>> {
  private static final long serialVersionUID = 1L;

  @Override
  public Summarizer load(FolderSettings folder, TaskOptions options) {
    return Summarizer.load(folder, options);
  }

  @Override
  public Summarizer configured(Summarizer loaded) {
    var options = GenerationOptions.DEFAULT;
    options = longest == 0 ? options : options.withMaxLength(longest);
    options = shortest < 0 ? options : options.withMinLength(shortest);
    return loaded.with(beams == 0 ? options : options.withBeams(beams));
  }

  @Override
  public String input(Object[] cells) {
    return Cells.text(cells[0]);
  }

  /** A summary takes long, so that a kill is heard before each token. */
  @Override
  public List<List<GeneratedText>> answers(Summarizer task, List<String> inputs) {
    var answers = task.predictAll(inputs, Interruption::isKilled);
    Interruption.check(); // what was written until then is no answer
    return answers;
  }

  @Override
  public Object cell(List<GeneratedText> answer) {
    return answer.getFirst().text();
  }

  @Override
  public DataType type() {
    return DataTypes.StringType;
  }
}
