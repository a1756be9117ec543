package io.lanewise.golden;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.generate.Generator;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The {@code generate} mode.
 *
 * @param arguments of {@code generate}, besides the inputs
 */
record Generation(Model model, Inputs inputs, JsonNode arguments) {
  SequencedMap<String, Tensor> run() {
    var generator = Generator.of(model);
    for (var argument : arguments.properties()) {
      generator = generator.with(argument.getKey(), argument.getValue());
    }
    boolean beams = generator.config().beams().count() > 1;
    var generated = generator.with("output_logits", !beams).generate(inputs);
    var results = new LinkedHashMap<String, Tensor>();
    results.put("sequences", generated.sequences());
    if (beams) {
      results.put("sequences_scores", generated.scores());
    }
    for (int i = 0; i < generated.logits().size(); i++) {
      results.put("logits." + i, generated.logits().get(i));
    }
    return results;
  }

  /**
   * What was expected, with NaN in the rows of {@code logits.i} whose sequence had ended before
   * step i: they hold what the model makes of padding, which nobody needs to compute.
   *
   * @param end id of the end token
   */
  static SequencedMap<String, Tensor> withoutEnded(SequencedMap<String, Tensor> expected, int end) {
    var sequences = expected.get("sequences");
    int length = sequences.shape().size(1);
    int steps = (int) expected.keySet().stream().filter(name -> name.startsWith("logits.")).count();
    int prompt = length - steps;
    var results = new LinkedHashMap<>(expected);
    for (int step = 0; step < steps; step++) {
      var logits = expected.get("logits." + step);
      int vocabulary = logits.shape().size(1);
      var values = logits.floats().clone();
      for (int row = 0; row < logits.shape().size(0); row++) {
        for (int at = prompt; at < prompt + step; at++) {
          if (sequences.longs()[row * length + at] == end) {
            Arrays.fill(values, row * vocabulary, (row + 1) * vocabulary, Float.NaN);
          }
        }
      }
      results.put("logits." + step, Tensor.of(values, logits.shape().dims()));
    }
    return results;
  }
}
