package io.lanewise.cli.command;

import io.lanewise.InputException;
import io.lanewise.cli.job.InputRecord;
import io.lanewise.cli.job.TaskCommand;
import io.lanewise.cli.output.AnswerFormat;
import io.lanewise.cli.output.Column;
import io.lanewise.cli.output.Printer;
import io.lanewise.cli.output.VectorFile;
import io.lanewise.task.SparseEmbedder;
import io.lanewise.task.SparseEmbedder.SparseVector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Texts as sparse vectors: what {@code embed --sparse} writes. */
record SparseTexts(SparseEmbedder task) implements TaskCommand<String, SparseVector> {
  /** A number of a vector, and what it stands for. */
  private record Weight(String token, float weight, int index) {}

  @Override
  public String input(InputRecord given) {
    return given.text("text");
  }

  @Override
  public List<SparseVector> answer(List<String> inputs) {
    return task.predictAll(inputs);
  }

  @Override
  public AnswerFormat<SparseVector> format() {
    List<Column<Weight>> columns =
        List.of(
            Column.<Weight>number("weight", Weight::weight).asFirst(),
            Column.text("token", Weight::token),
            Column.notInTable("index", Weight::index));
    return AnswerFormat.list(columns).of(this::weights).withJsonValue(this::byToken);
  }

  @Override
  public Optional<Printer<SparseVector>> printer(Path file) {
    if (VectorFile.Format.of(file).isPresent()) {
      throw new InputException(
          file + ": sparse vectors are no array: give them another name, and --jsonl or --csv");
    }
    return Optional.empty();
  }

  /** The largest weight first. */
  private List<Weight> weights(SparseVector vector) {
    var weights = new ArrayList<Weight>(vector.size());
    for (int place : vector.byWeight()) {
      int index = vector.indices()[place];
      weights.add(new Weight(task.token(index), vector.weights()[place], index));
    }
    return weights;
  }

  private LinkedHashMap<String, Object> byToken(SparseVector vector) {
    var weights = new LinkedHashMap<String, Object>();
    weights(vector).forEach(each -> weights.put(each.token, each.weight));
    return weights;
  }
}
