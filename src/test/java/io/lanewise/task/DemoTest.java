package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import io.lanewise.model.Backends;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.task.span.Ranking;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checkpoints that ship answer what Hugging Face's transformers answer for them. */
@Tag("every-vector-width")
class DemoTest {
  private static final Path WEIGHTS = Path.of("weights");
  private static final Path MASKED = WEIGHTS.resolve("albert-tiny-demo");
  private static final Path SENTIMENT = WEIGHTS.resolve("albert-tiny-sentiment");
  private static final JsonNode EXPECTED = Json.read(WEIGHTS.resolve("expected.json"));
  private static final float TOLERANCE = 1e-5f;

  private static Options on(KernelChoice backend) {
    return Options.DEFAULT.withBackend(Backends.hereOrAuto(backend)).withThreads(2);
  }

  @ParameterizedTest
  @EnumSource
  void everyMaskIsFilled(KernelChoice backend) {
    var tokenizer = Tokenizer.load(MASKED);
    try (var fillMask = FillMask.load(MASKED, on(backend))) {
      for (var line : EXPECTED.get("fill_mask")) {
        var text = line.get("text").textValue();
        assertThat(tokenizer.encode(text).ids())
            .as(text)
            .isEqualTo(integers(line.get("input_ids")));
        var masks = fillMask.predict(text).masks();
        assertThat(masks).as(text).hasSize(1);
        check(text, masks.getFirst().candidates(), line.get("top"));
      }
    }
  }

  private static void check(
      String text, Iterable<FillMask.Candidate> candidates, JsonNode expected) {
    int i = 0;
    for (var candidate : candidates) {
      var top = expected.get(i++);
      assertThat(candidate.id()).as(text).isEqualTo(top.get("id").intValue());
      assertThat(candidate.token()).as(text).isEqualTo(top.get("decoded").textValue());
      assertThat(candidate.score())
          .as(text)
          .isCloseTo(top.get("score").floatValue(), within(TOLERANCE));
    }
    assertThat(i).as(text).isEqualTo(expected.size());
  }

  /** To the bit, but for OpenBLAS, whose last bits may depend on the other rows. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OPENBLAS")
  void manyTextsGiveWhatEachGivesAlone(KernelChoice backend) {
    var texts = new ArrayList<String>();
    EXPECTED.get("fill_mask").forEach(line -> texts.add(line.get("text").textValue()));
    try (var fillMask = FillMask.load(MASKED, on(backend))) {
      var together = fillMask.withTop(3).predictAll(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i)).isEqualTo(fillMask.withTop(3).predict(texts.get(i)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySentenceIsClassified(KernelChoice backend) {
    var tokenizer = Tokenizer.load(SENTIMENT);
    try (var model = Model.load(SENTIMENT, on(backend))) {
      for (var line : EXPECTED.get("sentiment")) {
        var text = line.get("text").textValue();
        var output = (Output.Logits) model.forward(ids(tokenizer, text));
        var logits = output.logits().row(0); // [labels]
        var expected = line.get("logits");
        assertThat(logits).as(text).hasSize(expected.size());
        for (int i = 0; i < logits.length; i++) {
          assertThat(logits[i]).as(text).isCloseTo(expected.get(i).floatValue(), within(TOLERANCE));
        }
        var best = Ranking.softmax(logits, 1).getFirst();
        assertThat(model.labels().get(best.index())).isEqualTo(line.get("label").textValue());
        assertThat(best.score()).isCloseTo(line.get("score").floatValue(), within(TOLERANCE));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everySentenceHasItsLabel(KernelChoice backend) {
    try (var classifier = TextClassifier.load(SENTIMENT, on(backend))) {
      for (var line : EXPECTED.get("sentiment")) {
        var best = classifier.predict(line.get("text").textValue()).getFirst();
        assertThat(best.label()).isEqualTo(line.get("label").textValue());
        assertThat(best.score()).isCloseTo(line.get("score").floatValue(), within(TOLERANCE));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLossIsThatOfTheMaskedWord(KernelChoice backend) {
    var expected = EXPECTED.get("loss");
    var tokenizer = Tokenizer.load(MASKED);
    int mask = tokenizer.id("[MASK]").orElseThrow();
    var ids = tokenizer.encode(expected.get("text").textValue()).ids();
    var labels = tokenizer.encode(expected.get("label_text").textValue()).ids();
    assertThat(labels).hasSameSizeAs(ids);
    for (int i = 0; i < ids.length; i++) {
      labels[i] = ids[i] == mask ? labels[i] : -100;
    }
    try (var model = Model.load(MASKED, on(backend).withHead(Head.MASKED_LM))) {
      var inputs = Inputs.ids(new int[][] {ids}).with("labels", new int[][] {labels});
      assertThat(model.forward(inputs).loss().orElseThrow().at())
          .isCloseTo(expected.get("loss").floatValue(), within(TOLERANCE));
    }
  }

  private static Inputs ids(Tokenizer tokenizer, String text) {
    return Inputs.ids(new int[][] {tokenizer.encode(text).ids()});
  }

  private static int[] integers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }
}
