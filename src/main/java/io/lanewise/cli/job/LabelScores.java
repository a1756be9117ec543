package io.lanewise.cli.job;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.cli.output.Column;
import io.lanewise.task.LabelScore;
import java.io.IOException;
import java.util.List;

/** How labels and their scores are written. */
public final class LabelScores {
  public static final List<Column> COLUMNS = List.of(Column.number("score"), Column.text("label"));

  private LabelScores() {}

  public static List<List<Object>> rows(List<LabelScore> labels) {
    return labels.stream().map(each -> List.<Object>of(each.score(), each.label())).toList();
  }

  public static void write(JsonGenerator out, LabelScore label) throws IOException {
    out.writeStartObject();
    out.writeStringField("label", label.label());
    out.writeNumberField("score", label.score());
    out.writeEndObject();
  }

  public static void write(JsonGenerator out, List<LabelScore> labels) throws IOException {
    out.writeStartArray();
    for (var label : labels) {
      write(out, label);
    }
    out.writeEndArray();
  }
}
