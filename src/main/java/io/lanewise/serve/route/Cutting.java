package io.lanewise.serve.route;

import io.lanewise.serve.batch.RequestPasses.Cut;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.model.ServedModel;
import java.util.List;

/** The fields {@code truncate} and {@code truncation_direction} of text-embeddings-inference. */
final class Cutting {
  private static final List<String> SIDES = List.of("Right", "right", "Left", "left");

  private Cutting() {}

  /** What a request says. */
  static Cut of(Fields fields, ServedModel model) {
    boolean cuts = fields.optionalFlag("truncate").orElse(model.limits().cutsUnasked());
    boolean left = fields.choice("truncation_direction", "Right", SIDES).equalsIgnoreCase("left");
    return !cuts ? Cut.NEVER : left ? Cut.BEGINNING : Cut.END;
  }

  /** What holds where a request says nothing. */
  static Cut unasked(ServedModel model) {
    return model.limits().cutsUnasked() ? Cut.END : Cut.NEVER;
  }
}
