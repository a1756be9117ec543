package io.lanewise.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.lanewise.task.LabelScore;
import java.io.IOException;
import java.util.List;

/** How labels and their scores are written. */
final class LabelScores {
  static final List<Column> COLUMNS = List.of(Column.number("score"), Column.text("label"));

  private LabelScores() {}

  static List<List<Object>> rows(List<LabelScore> labels) {
    return labels.stream().map(each -> List.<Object>of(each.score(), each.label())).toList();
  }

  static void write(JsonGenerator out, LabelScore label) throws IOException {
    out.writeStartObject();
    out.writeStringField("label", label.label());
    out.writeNumberField("score", label.score());
    out.writeEndObject();
  }

  static void write(JsonGenerator out, List<LabelScore> labels) throws IOException {
    out.writeStartArray();
    for (var label : labels) {
      write(out, label);
    }
    out.writeEndArray();
  }
}
