package io.lanewise.cli.command;

import io.lanewise.InputException;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.option.JobOptions;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.task.GeneratedText;
import io.lanewise.task.TextListener;
import io.lanewise.text.Visible;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How texts that a model has written are shown.
 *
 * @param name of a text in Hugging Face's JSON
 * @param task writes for many
 * @param stream writes for one, piece by piece
 */
public record GeneratedTexts(
    String name,
    Function<List<String>, List<List<GeneratedText>>> task,
    BiConsumer<String, TextListener> stream)
    implements TaskCommand<String, List<GeneratedText>> {
  /** Answers all inputs, or one piece by piece; returns the exit code. */
  int run(RootCommand root, JobOptions job, boolean streams) {
    if (!streams) {
      return job.run(root, this);
    }
    if (job.texts().size() != 1) {
      throw new InputException("--stream writes for one text: give one TEXT");
    }
    var output = root.results();
    stream.accept(
        job.texts().getFirst(),
        piece -> {
          output.write(visible(piece).getBytes(StandardCharsets.UTF_8));
          output.flush();
          return true;
        });
    output.line("");
    return 0;
  }

  /** A piece as a terminal may show it, in lines as it was written. */
  public static String visible(String piece) {
    return Arrays.stream(piece.split("\n", -1)).map(Visible::of).collect(Collectors.joining("\n"));
  }

  @Override
  public String input(InputRecord given) {
    return given.text("text");
  }

  @Override
  public List<List<GeneratedText>> answer(List<String> inputs) {
    return task.apply(inputs);
  }

  @Override
  public AnswerFormat<List<GeneratedText>> format() {
    return AnswerFormat.list(List.of(Column.text(name, GeneratedText::text)));
  }
}
