package io.lanewise.generate;

import static io.lanewise.model.TinyBart.VOCABULARY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.model.TinyBart;
import io.lanewise.model.TinyBert;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Properties of generation for any model. The seeds are fixed: if two tokens were equally good up
 * to rounding, the ids could differ.
 */
class GenerationLawsTest {
  private static final int SEEDS = 6;
  private static final List<Integer> ENDS = List.of(2, 7, 11, 23); // so that many sequences end

  private static final Options OPTIONS =
      Options.DEFAULT.withBackend(KernelChoice.SCALAR).withThreads(1);

  private static Model bart(long seed) {
    return TinyBart.model(OPTIONS.withHead(Head.CONDITIONAL_GENERATION).withSeed(seed));
  }

  private static Model roberta(long seed) {
    return TinyBert.ROBERTA.decoder(false, OPTIONS.withHead(Head.CAUSAL_LM).withSeed(seed));
  }

  private static Generator generator(Model model, Map<String, Object> settings) {
    var generator =
        Generator.of(model)
            .with("max_length", 12)
            .with("eos_token_id", ENDS)
            .with("forced_eos_token_id", null);
    for (var setting : settings.entrySet()) {
      generator = generator.with(setting.getKey(), setting.getValue());
    }
    return generator;
  }

  private static Inputs source(long seed, int batch) {
    var random = new Random(seed);
    return Inputs.ids(TinyBart.ids(random, batch, 9))
        .with("attention_mask", TinyBart.seen(random, batch, 9));
  }

  private static Inputs row(Inputs inputs, int row) {
    var part = new LinkedHashMap<>(inputs.tensors());
    part.replaceAll(
        (name, tensor) -> {
          int length = tensor.shape().size(1);
          var values = Arrays.copyOfRange(tensor.longs(), row * length, (row + 1) * length);
          return Tensor.of(values, 1, length);
        });
    return Inputs.of(part);
  }

  private static List<int[]> ids(Generated generated) {
    return generated.inputs().stream().map(all -> all.getFirst().tokens()).toList();
  }

  @Test
  void oneBeamIsGreedySearch() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var settings = Map.<String, Object>of("no_repeat_ngram_size", 2, "min_length", 4);
      try (var model = bart(seed)) {
        var greedy = generator(model, settings).generate(source(seed, 3));
        for (Object stopping : List.of(true, false)) {
          var config = generator(model, settings).with("early_stopping", stopping).config();
          try (var continuation = Continuation.of(model, source(seed, 3), config.tokens())) {
            var plan =
                Plan.of(
                    config,
                    continuation.prompts(),
                    continuation.sources(),
                    model.longest(),
                    null,
                    0);
            var beam = BeamSearch.run(plan, continuation, () -> false);
            assertThat(beam.sequences()).isEqualTo(greedy.sequences());
          }
        }
      }
    }
  }

  @Test
  void anInputAloneIsTheInputInABatch() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (var model = bart(seed)) {
        for (int beams : new int[] {1, 3}) {
          var settings = Map.<String, Object>of("num_beams", beams, "num_return_sequences", beams);
          var generator = generator(model, settings);
          var inputs = source(seed, 4);
          var all = generator.generate(inputs);
          for (int i = 0; i < 4; i++) {
            var alone = generator.generate(row(inputs, i)).inputs().getFirst();
            assertThat(told(all.inputs().get(i))).isEqualTo(told(alone));
          }
        }
      }
    }
  }

  /** Tokens and scores; greedy search has no scores. */
  private static List<String> told(List<Generated.Sequence> sequences) {
    return sequences.stream()
        .map(sequence -> Arrays.toString(sequence.tokens()) + " " + sequence.score())
        .toList();
  }

  /** The scores of the model without a cache, for all tokens at once. */
  private static float[] scores(Model model, Inputs inputs, int[] tokens, int count) {
    var ids = new int[][] {Arrays.copyOf(tokens, count)};
    boolean two = model.head() == Head.CONDITIONAL_GENERATION;
    var call = two ? inputs.with("decoder_input_ids", ids) : Inputs.ids(ids);
    return ((Output.Logits) model.forward(call)).logits().row(0, -1);
  }

  @Test
  void everyTokenIsTheBestOneWithoutACacheToo() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (var bart = bart(seed);
          var roberta = roberta(seed)) {
        var prompt = Inputs.ids(TinyBert.ids(new Random(seed), 2, 3));
        for (var model : List.of(bart, roberta)) {
          var inputs = model == bart ? source(seed, 2) : prompt;
          int first = model == bart ? 1 : 3;
          var generated = ids(generator(model, Map.of()).generate(inputs));
          for (int i = 0; i < 2; i++) {
            var tokens = generated.get(i);
            for (int at = first; at < tokens.length; at++) {
              var scores = scores(model, row(inputs, i), tokens, at);
              float best = scores[tokens[at]];
              for (float score : scores) {
                assertThat(score).isLessThanOrEqualTo(best + 2e-5f);
              }
              assertThat(ENDS.contains(tokens[at]) || at == 11).isEqualTo(at == tokens.length - 1);
            }
          }
        }
      }
    }
  }

  /** Detects wrong rows of the cache after a change of beams. */
  @Test
  void theScoreOfABeamIsTheSumOfItsLogProbabilities() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var settings = Map.<String, Object>of("num_beams", 4, "num_return_sequences", 4);
      try (var model = bart(seed)) {
        for (double penalty : new double[] {1, 0, -0.5, 2}) {
          var inputs = source(seed, 2);
          var generated =
              generator(model, settings).with("length_penalty", penalty).generate(inputs);
          for (int i = 0; i < 2; i++) {
            var sequences = generated.inputs().get(i);
            assertThat(sequences).hasSize(4);
            for (var sequence : sequences) {
              var tokens = sequence.tokens();
              double sum = 0;
              for (int at = 1; at < tokens.length; at++) {
                sum += logProbability(scores(model, row(inputs, i), tokens, at), tokens[at]);
              }
              double expected = sum / Math.pow(tokens.length - 1, penalty);
              assertThat(sequence.score()).isCloseTo((float) expected, within(1e-3f));
            }
            assertThat(sequences.stream().map(Generated.Sequence::score).toList())
                .isSortedAccordingTo((a, b) -> Float.compare(b, a));
            assertThat(sequences.stream().map(each -> Arrays.toString(each.tokens())))
                .doesNotHaveDuplicates();
          }
        }
      }
    }
  }

  private static double logProbability(float[] scores, int token) {
    double sum = 0;
    for (float score : scores) {
      sum += Math.exp(score);
    }
    return scores[token] - Math.log(sum);
  }

  /** With as many beams as tokens, the search is exhaustive for two tokens. */
  @Test
  void wideEnoughABeamSearchFindsTheBestPair() {
    try (var model = bart(5)) {
      var inputs = source(5, 1);
      var found =
          Generator.of(model)
              .with("max_new_tokens", 2)
              .with("num_beams", VOCABULARY)
              .with("eos_token_id", null)
              .with("forced_eos_token_id", null)
              .generate(inputs)
              .inputs()
              .getFirst()
              .getFirst();
      double best = Double.NEGATIVE_INFINITY;
      var first = scores(model, inputs, new int[] {2}, 1);
      for (int a = 0; a < VOCABULARY; a++) {
        var second = scores(model, inputs, new int[] {2, a}, 2);
        for (int b = 0; b < VOCABULARY; b++) {
          best = Math.max(best, logProbability(first, a) + logProbability(second, b));
        }
      }
      assertThat(found.tokens()).hasSize(3);
      assertThat(found.score()).isCloseTo((float) (best / 2), within(1e-4f));
    }
  }

  @Test
  void sequencesThatEndEarlyArePadded() {
    int padded = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try (var model = bart(seed)) {
        var generated = generator(model, Map.of("output_logits", true)).generate(source(seed, 4));
        var sequences = generated.sequences();
        int longest = sequences.shape().size(1);
        assertThat(generated.logits()).hasSize(longest - 1);
        for (int i = 0; i < 4; i++) {
          int length = generated.inputs().get(i).getFirst().tokens().length;
          for (int at = length; at < longest; at++) {
            assertThat(sequences.at(i, at)).isEqualTo(TinyBart.PADDING);
            assertThat(generated.logits().get(at - 1).at(i, 0)).isNaN();
            padded++;
          }
          assertThat(generated.logits().get(length - 2).row(i)).doesNotContain(Float.NaN);
        }
      }
    }
    assertThat(padded).isPositive();
  }

  @Test
  void theRulesHold() {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (var model = bart(seed)) {
        for (int beams : new int[] {1, 3}) {
          var settings =
              Map.<String, Object>of(
                  "num_beams", beams,
                  "min_length", 6,
                  "no_repeat_ngram_size", 2,
                  "forced_bos_token_id", 30,
                  "forced_eos_token_id", 11);
          for (int[] tokens : ids(generator(model, settings).generate(source(seed, 3)))) {
            int last = tokens.length - 1;
            assertThat(tokens.length).isBetween(6, 12);
            assertThat(tokens[1]).isEqualTo(30);
            assertThat(ENDS).contains(tokens[last]);
            assertThat(last < 11 || tokens[last] == 11).isTrue();
            assertThat(IntStream.range(0, last).mapToObj(i -> tokens[i] + " " + tokens[i + 1]))
                .doesNotHaveDuplicates();
          }
        }
      }
    }
  }

  @Test
  void paddingIsMaskedWithoutBeingTold() {
    try (var model = roberta(3)) {
      var ids = TinyBert.ids(new Random(3), 2, 5);
      ids[0][0] = TinyBert.PADDING;
      ids[0][1] = TinyBert.PADDING;
      var seen = new long[][] {{0, 0, 1, 1, 1}, {1, 1, 1, 1, 1}};
      var generator = generator(model, Map.of());
      assertThat(generator.generate(Inputs.ids(ids)).sequences())
          .isEqualTo(generator.generate(Inputs.ids(ids).with("attention_mask", seen)).sequences());
      assertThat(model.generation().integer("eos_token_id", -1)).isEqualTo(2);
    }
  }
}
