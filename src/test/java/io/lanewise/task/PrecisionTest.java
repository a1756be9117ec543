package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import io.lanewise.model.Backends;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.model.Precision;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What 16 and 8 bits cost the checkpoints that ship, whoever multiplies. */
@Tag("every-vector-width")
class PrecisionTest {
  private static final Path WEIGHTS = Path.of("weights");
  private static final Path MASKED = WEIGHTS.resolve("albert-tiny-demo");
  private static final Path SENTIMENT = WEIGHTS.resolve("albert-tiny-sentiment");
  private static final JsonNode EXPECTED = Json.read(WEIGHTS.resolve("expected.json"));

  private static Options options(KernelChoice backend, Precision precision) {
    var here = Backends.hereOrAuto(backend, precision);
    return Options.DEFAULT.withBackend(here).withPrecision(precision).withThreads(2);
  }

  private static List<String> texts() {
    var texts = new ArrayList<String>();
    EXPECTED.get("fill_mask").forEach(line -> texts.add(line.get("text").textValue()));
    EXPECTED.get("sentiment").forEach(line -> texts.add(line.get("text").textValue()));
    return texts;
  }

  @ParameterizedTest
  @CsvSource({
    "ONEDNN, BFLOAT16, 0.9995",
    "ONEDNN, INT8, 0.999",
    "VECTOR, BFLOAT16, 0.9995",
    "VECTOR, INT8, 0.999"
  })
  void theFinalStatesPointTheSameWay(KernelChoice backend, Precision precision, double least) {
    for (var folder : List.of(MASKED, SENTIMENT)) {
      var tokenizer = Tokenizer.load(folder);
      var plain = options(KernelChoice.SCALAR, Precision.FLOAT32).withHead(Head.MODEL);
      var narrow = options(backend, precision).withHead(Head.MODEL);
      try (var first = Model.load(folder, plain);
          var second = Model.load(folder, narrow)) {
        for (var text : texts()) {
          var inputs = Inputs.ids(new int[][] {tokenizer.encode(text).ids()});
          var expected = ((Output.Base) first.forward(inputs)).lastHiddenState();
          var actual = ((Output.Base) second.forward(inputs)).lastHiddenState();
          for (int token = 0; token < expected.shape().size(1); token++) {
            assertThat((double) cosine(expected.row(0, token), actual.row(0, token)))
                .as("%s, token %d", text, token)
                .isGreaterThanOrEqualTo(least);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"ONEDNN, BFLOAT16", "ONEDNN, INT8", "VECTOR, BFLOAT16", "VECTOR, INT8"})
  void everySentenceKeepsItsLabel(KernelChoice backend, Precision precision) {
    try (var classifier = TextClassifier.load(SENTIMENT, options(backend, precision))) {
      for (var line : EXPECTED.get("sentiment")) {
        var best = classifier.predict(line.get("text").textValue()).getFirst();
        assertThat(best.label()).isEqualTo(line.get("label").textValue());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"ONEDNN, FLOAT32", "ONEDNN, BFLOAT16", "ONEDNN, INT8"})
  void theNumberOfThreadsAndTheOtherTextsChangeNoBit(KernelChoice backend, Precision precision) {
    var texts = texts();
    var options = options(backend, precision);
    try (var one = TextClassifier.load(SENTIMENT, options.withThreads(1));
        var three = TextClassifier.load(SENTIMENT, options.withThreads(3))) {
      var together = three.predictAll(texts.stream().map(TextPair::of).toList());
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i)).isEqualTo(one.predict(texts.get(i)));
      }
    }
  }

  private static float cosine(float[] a, float[] b) {
    return new Embedding(a).cosine(new Embedding(b));
  }
}
