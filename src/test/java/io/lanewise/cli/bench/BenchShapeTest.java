package io.lanewise.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.model.Inputs;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sizes to measure: they run, and their multiplications are counted. */
class BenchShapeTest {
  private static final int WORDS = 50;

  /** With one layer and few words, at their full width. */
  @ParameterizedTest
  @EnumSource(BenchShape.class)
  void itsConfigIsThatOfAModel(BenchShape shape) {
    assertThat(BenchShape.named(shape.label())).contains(shape);
    var config = shape.config().with("vocab_size", WORDS).with("pad_token_id", 1);
    for (var layers : new String[] {"num_hidden_layers", "encoder_layers", "decoder_layers"}) {
      config = config.with(layers, 1);
    }
    config = config.with("n_layers", null);
    var options = Options.DEFAULT.withBackend(KernelChoice.VECTOR).withThreads(1);
    try (var model = Model.random(config.with("max_position_embeddings", 512), options)) {
      var output = model.forward(Inputs.ids(new long[][] {{5, 6, 7, 2}}));
      assertThat(output.tensors().values().iterator().next().floats()).isNotEmpty();
    }
  }

  /** Billions, counted by hand: of a layer 4 · 768² and the feed-forward part for each token. */
  @ParameterizedTest
  @CsvSource({
    "BERT_BASE, 1x128, 22.347",
    "ALBERT_BASE, 8x128, 178.778",
    "DISTILBERT_BASE, 1x128, 11.174",
    "MODERNBERT_BASE, 1x128, 29.343",
    "MODERNBERT_BASE, 1x8192, 3501.824",
  })
  void theOperationsOfAPassAreCounted(BenchShape shape, String size, double billions) {
    var measurement = new Measurement(shape.config(), _ -> {});
    assertThat(measurement.operations(Measurement.Shape.of(size)) / 1e9)
        .isCloseTo(billions, within(0.001));
  }
}
