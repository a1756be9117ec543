package io.lanewise.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Backends;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBart;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Greedy search reads the highest scores only: the tokens are those of all scores. */
class HighestScoresTest {
  /** So large that its matrix is copied to int8. */
  private static final int VOCABULARY = 220_000;

  private static final List<Map<String, Object>> RULES =
      List.of(
          Map.of(),
          Map.of("min_length", 9, "no_repeat_ngram_size", 1),
          Map.of(
              "bad_words_ids", List.of(List.of(7), List.of(5, 9)), "suppress_tokens", List.of(3)),
          Map.of("forced_bos_token_id", 4, "encoder_no_repeat_ngram_size", 1),
          Map.of("repetition_penalty", 3.0),
          Map.of("sequence_bias", List.of(List.of(List.of(8), 40.0))),
          Map.of("remove_invalid_values", true),
          Map.of("renormalize_logits", true));

  private static Model bart(Options options) {
    return Model.random(
        TinyBart.config().with("vocab_size", VOCABULARY),
        options.withHead(Head.CONDITIONAL_GENERATION).withThreads(2));
  }

  @ParameterizedTest
  @EnumSource(
      value = Backend.Choice.class,
      names = {"AUTO", "VECTOR", "OPENBLAS", "ONEDNN"})
  void tokensAreThoseOfAllScores(Backend.Choice choice) {
    var here = KernelChoice.valueOf(Backends.hereOrAuto(choice).name());
    try (var model = bart(Options.DEFAULT.withBackend(here))) {
      long before = model.allocatedBytes();
      var random = new Random(3);
      for (int i = 0; i < 2 * RULES.size(); i++) {
        var generator = Generator.of(model).with("max_length", 15);
        for (var rule : RULES.get(i % RULES.size()).entrySet()) {
          generator = generator.with(rule.getKey(), rule.getValue());
        }
        var inputs = Inputs.ids(TinyBart.ids(random, 1 + i % 3, 9));
        var tokens = generator.generate(inputs);
        var ofAll = generator.with("output_logits", true).generate(inputs);
        assertThat(tokens.sequences())
            .as("%s", RULES.get(i % RULES.size()))
            .isEqualTo(ofAll.sequences());
      }
      long copy = (long) VOCABULARY * TinyBart.HIDDEN;
      boolean panels = choice == Backend.Choice.VECTOR || choice == Backend.Choice.AUTO;
      if (panels) {
        assertThat(model.allocatedBytes() - before).isBetween(copy, 2 * copy);
      }
    }
  }

  @Test
  void aShortGenerationMakesNoCopy() {
    try (var model = bart(Options.DEFAULT.withBackend(KernelChoice.VECTOR))) {
      long before = model.allocatedBytes();
      var inputs = Inputs.ids(TinyBart.ids(new Random(1), 1, 9));
      Generator.of(model).with("max_length", 15).generate(inputs);
      assertThat(model.allocatedBytes()).isEqualTo(before);
    }
  }

  @Test
  void whoReadsTheHighestSaysForWhichTokens() {
    try (var model = TinyBart.model(Options.DEFAULT.withHead(Head.CONDITIONAL_GENERATION))) {
      var inputs = Inputs.ids(new long[][] {{4, 5, 6}});
      assertThatThrownBy(() -> inputs.withHighestRead(new int[] {0}, new int[2][0]))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("2 sequences");
      var outside = inputs.withHighestRead(new int[] {0}, new int[][] {{TinyBart.VOCABULARY}});
      assertThatThrownBy(() -> model.forward(outside))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("from 0 to " + (TinyBart.VOCABULARY - 1));
      var inside = inputs.withHighestRead(new int[] {2}, new int[][] {{3}});
      assertThat(model.forward(inside).tensors().get("logits").shape().size(0)).isEqualTo(1);
    }
  }
}
