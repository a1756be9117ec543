package io.lanewise.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.generate.Generated.Ending;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.model.TinyBart;
import io.lanewise.model.TinyBert;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Properties of sampling, listeners, cancelling and stop strings. The seeds are fixed. */
class SamplingTest {
  private static final Options OPTIONS =
      Options.DEFAULT.withBackend(KernelChoice.SCALAR).withThreads(1);

  private static Model roberta(long seed) {
    return TinyBert.ROBERTA.decoder(false, OPTIONS.withHead(Head.CAUSAL_LM).withSeed(seed));
  }

  private static Model bart(long seed) {
    return TinyBart.model(OPTIONS.withHead(Head.CONDITIONAL_GENERATION).withSeed(seed));
  }

  private static Generator drawing(Model model) {
    return Generator.of(model)
        .with("do_sample", true)
        .with("top_k", 0)
        .with("max_new_tokens", 6)
        .with("eos_token_id", null)
        .with("forced_eos_token_id", null);
  }

  private static Inputs prompt(int batch) {
    return Inputs.ids(TinyBert.ids(new Random(7), batch, 4));
  }

  private static List<String> told(Generated generated) {
    return generated.inputs().stream()
        .flatMap(List::stream)
        .map(each -> Arrays.toString(each.tokens()))
        .toList();
  }

  /**
   * Pearson's χ² of 20,000 samples from the softmax of the warped scores. With ν degrees of freedom
   * it has mean ν and variance 2ν; a deviation of five standard deviations does not occur.
   */
  @Test
  void drawsFollowTheSoftmaxOfWhatIsLeft() {
    try (var model = roberta(1)) {
      for (var settings :
          List.of(
              Map.<String, Object>of("temperature", 1.5),
              Map.<String, Object>of("top_k", 5),
              Map.<String, Object>of("top_p", 0.8, "temperature", 0.7),
              Map.<String, Object>of("min_p", 0.2))) {
        int draws = 20_000;
        var generator =
            drawing(model).with("max_new_tokens", 1).with("num_return_sequences", draws);
        for (var setting : settings.entrySet()) {
          generator = generator.with(setting.getKey(), setting.getValue());
        }
        var inputs = prompt(1);
        var scores = ((Output.Logits) model.forward(inputs)).logits().row(0, -1);
        var prompts = new int[][] {{1, 2, 3, 4}};
        var plan = Plan.of(generator.config(), prompts, prompts, 99, null, 0);
        plan.ruled(plan.written(0, 0, prompts[0]), scores);
        var counts = new int[scores.length];
        for (var sequence : generator.generate(inputs).inputs().getFirst()) {
          counts[sequence.tokens()[4]]++;
        }
        checkChiSquare(counts, Probabilities.of(scores), draws);
      }
    }
  }

  private static void checkChiSquare(int[] counts, Probabilities expected, int draws) {
    double sum = 0;
    double rest = draws; // rare tokens are counted together
    int restCount = draws;
    int kinds = 0;
    for (int i = 0; i < counts.length; i++) {
      double wanted = expected.of(i) * draws;
      if (wanted == 0) {
        assertThat(counts[i]).isZero();
      } else if (wanted >= 10) {
        sum += (counts[i] - wanted) * (counts[i] - wanted) / wanted;
        rest -= wanted;
        restCount -= counts[i];
        kinds++;
      }
    }
    if (rest >= 10) {
      sum += (restCount - rest) * (restCount - rest) / rest;
      kinds++;
    }
    int freedom = kinds - 1;
    assertThat(freedom).isPositive();
    assertThat(sum).isLessThan(freedom + 5 * Math.sqrt(2 * freedom));
  }

  /**
   * The candidates of two beams: the exact probability of each pair, sampled without replacement,
   * is known.
   */
  @Test
  void candidatesAreDrawnWithoutPuttingBack() {
    float[] scores = {(float) Math.log(0.5), (float) Math.log(0.3), (float) Math.log(0.2)};
    int[] left = new int[3]; // the one that was not sampled
    int draws = 30_000;
    for (int i = 0; i < draws; i++) {
      var candidates = new Candidates(2, new Draw(i, 0));
      candidates.offer(0, 0, scores);
      var best = candidates.best();
      assertThat(best).hasSize(2);
      assertThat(best.get(0).score()).isGreaterThan(best.get(1).score());
      left[3 - best.get(0).token() - best.get(1).token()]++;
    }
    double last = 0.5 * 0.3 / 0.5 + 0.3 * 0.5 / 0.7; // 0 and 1 in either order
    double middle = 0.5 * 0.2 / 0.5 + 0.2 * 0.5 / 0.8;
    double[] expected = {1 - last - middle, middle, last};
    for (int i = 0; i < 3; i++) {
      double deviation = Math.sqrt(draws * expected[i] * (1 - expected[i]));
      assertThat(Math.abs(left[i] - draws * expected[i])).isLessThan(5 * deviation);
    }
  }

  @Test
  void theBestOfOneIsGreedySearch() {
    for (long seed = 0; seed < 6; seed++) {
      try (var model = roberta(seed)) {
        var drawn = drawing(model).with("top_k", 1).withSeed(seed).generate(prompt(3));
        var greedy = drawing(model).with("do_sample", false).generate(prompt(3));
        assertThat(told(drawn)).isEqualTo(told(greedy));
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameTokensInAnyBatch() {
    try (var roberta = roberta(2);
        var bart = bart(2)) {
      for (int beams : new int[] {1, 3}) {
        for (var model : List.of(roberta, bart)) {
          int returned = 3;
          var generator =
              drawing(model)
                  .with("num_beams", beams)
                  .with("num_return_sequences", returned)
                  .with("temperature", 3)
                  .withSeed(5);
          var ids = TinyBert.ids(new Random(7), 4, 4);
          var all = told(generator.generate(Inputs.ids(ids)));
          assertThat(told(generator.generate(Inputs.ids(ids)))).isEqualTo(all);
          assertThat(told(generator.withSeed(6).generate(Inputs.ids(ids)))).isNotEqualTo(all);
          for (int i = 0; i < 4; i++) {
            var alone = generator.generate(Inputs.ids(new long[][] {ids[i]}));
            assertThat(told(alone)).isEqualTo(all.subList(i * returned, (i + 1) * returned));
          }
          assertThat(new HashSet<>(all)).hasSize(4 * returned);
        }
      }
    }
  }

  @Test
  void whoListensHearsWhatComesOut() {
    try (var model = bart(3)) {
      var generator =
          drawing(model).with("num_return_sequences", 2).with("eos_token_id", List.of(7, 11, 23));
      var heard = new ArrayList<List<Integer>>();
      IntStream.range(0, 6).forEach(i -> heard.add(new ArrayList<>(List.of(2))));
      var generated =
          generator.generate(
              prompt(3),
              (input, sequence, token) -> heard.get(2 * input + sequence).add(token),
              () -> false);
      assertThat(heard.stream().map(Object::toString).toList()).isEqualTo(told(generated));
      assertThatThrownBy(
              () ->
                  generator
                      .with("num_beams", 2)
                      .generate(prompt(1), (i, s, t) -> true, () -> false))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("num_beams: ");
    }
  }

  @Test
  void aCancelledCallEndsWithWhatThereIs() {
    try (var model = bart(4)) {
      var whole = drawing(model).generate(prompt(2));
      var cut = drawing(model).generate(prompt(2), (input, s, token) -> input == 0, () -> false);
      var sequences = cut.inputs();
      assertThat(sequences.get(0).getFirst().tokens()).hasSize(2);
      assertThat(sequences.get(1).getFirst().tokens())
          .containsExactly(Arrays.copyOf(whole.inputs().get(1).getFirst().tokens(), 2));
      assertThat(sequences.get(1).getFirst().ending()).isEqualTo(Ending.CANCELLED);
      for (int beams : new int[] {1, 3}) {
        var generator = drawing(model).with("do_sample", false).with("num_beams", beams);
        for (int after : new int[] {0, 1, 3}) {
          var asked = new AtomicInteger();
          var some =
              generator
                  .generate(prompt(2), TokenListener.NONE, () -> asked.getAndIncrement() >= after)
                  .inputs();
          for (var sequence : some) {
            assertThat(sequence.getFirst().tokens()).hasSize(1 + after);
            assertThat(sequence.getFirst().ending()).isEqualTo(Ending.CANCELLED);
          }
        }
      }
    }
  }

  /** Texts in which a token is one letter: "ab" ends where a and b meet, and only there. */
  @Test
  void stopStringsEndWhereTheyAreCompleted() {
    var stops = new StopStrings(List.of("ab", "xyz"), SamplingTest::letters);
    assertThat(stops.isReached(new int[] {3, 0, 1})).isTrue();
    assertThat(stops.isReached(new int[] {0, 1, 2})).isFalse(); // the text had it before
    assertThat(stops.isReached(new int[] {0, 2, 1})).isFalse();
    assertThat(stops.isReached(new int[] {23, 24, 25})).isTrue();
    assertThat(stops.isReached(new int[] {0, 1, 5, 0, 1})).isTrue(); // a second time
    assertThat(stops.isReached(new int[] {4, 23, 26})).isTrue(); // within a token of two letters
  }

  private static String letters(int[] ids) {
    var text = new StringBuilder();
    for (int id : ids) {
      text.append(id == 26 ? "yzz" : String.valueOf((char) ('a' + id)));
    }
    return text.toString();
  }

  @Test
  void stopStringsNeedText() {
    try (var model = bart(5)) {
      assertThatThrownBy(() -> drawing(model).with("stop_strings", "x").generate(prompt(1)))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("stop_strings: ");
    }
  }
}
