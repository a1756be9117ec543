package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.generate.Generated.Ending;
import io.lanewise.generate.GenerationOptions;
import io.lanewise.model.Options;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for tasks that generate and score, whatever the model says. */
class GenerationTaskLawsTest {
  private static final Path ROOT = Path.of("src/test/resources/tasks/generation");
  private static final Options OPTIONS = Options.DEFAULT.withThreads(2);
  private static final List<String> TEXTS =
      List.of(
          "The ship left", "Bread costs", "i'm , in the", "We're counting", "salt", "Snow fell");

  private static GenerationOptions alone(long seed) {
    return GenerationOptions.DEFAULT
        .withBeams(1)
        .withSampling(true)
        .withTemperature(2)
        .withMaxNewTokens(25)
        .withSeed(seed);
  }

  /** The task with several seeds, spaces taken away, kept, or as it does unasked. */
  private static List<GenerationTask> variants(GenerationTask task) {
    var variants = new ArrayList<GenerationTask>();
    for (long seed = 0; seed < 4; seed++) {
      var drawn = task.with(alone(seed));
      variants.addAll(List.of(drawn, drawn.withCleanUp(true), drawn.withCleanUp(false)));
    }
    return variants;
  }

  private static void checkStreamed(GenerationTask task) {
    for (var text : TEXTS) {
      var pieces = new ArrayList<String>();
      var told = task.stream(text, pieces::add);
      assertThat(String.join("", pieces)).isEqualTo(told.text());
      assertThat(task.predict(text).getFirst().text()).isEqualTo(told.text());
      assertThat(pieces).doesNotContain("");
    }
  }

  @Test
  void theStreamedTextIsTheWholeText() {
    for (var folder : List.of("bert-lm", "roberta-lm", "bart-lm")) {
      try (var loaded = TextGenerator.load(ROOT.resolve(folder), OPTIONS)) {
        variants(loaded).forEach(GenerationTaskLawsTest::checkStreamed);
        variants(loaded.withFullText(false)).forEach(GenerationTaskLawsTest::checkStreamed);
      }
    }
    try (var loaded = TextToText.load(ROOT.resolve("bart"), OPTIONS);
        var summarizer = Summarizer.load(ROOT.resolve("bart"), OPTIONS)) {
      variants(loaded).forEach(GenerationTaskLawsTest::checkStreamed);
      variants(summarizer).forEach(GenerationTaskLawsTest::checkStreamed);
    }
  }

  @Test
  void cleanUpOfAStreamIsCleanUpOfTheWhole() {
    for (var folder : List.of("bert-lm", "roberta-lm", "albert-mlm")) {
      var tokenizer = Tokenizer.load(ROOT.resolve(folder));
      var random = new Random(3);
      var often = // what the rules look at
          IntStream.range(0, tokenizer.size())
              .filter(id -> tokenizer.token(id).matches("[#\u0120\u2581]*[ .?!,'ntmsvre]{1,3}"))
              .toArray();
      for (int round = 0; round < 300; round++) {
        int[] ids = new int[20];
        var stream = tokenizer.stream(true, true);
        var text = new StringBuilder();
        for (int i = 0; i < ids.length; i++) {
          ids[i] =
              random.nextBoolean()
                  ? often[random.nextInt(often.length)]
                  : random.nextInt(tokenizer.size());
          text.append(stream.add(ids[i]));
        }
        text.append(stream.finish());
        assertThat(text.toString()).isEqualTo(tokenizer.decode(ids, true, true));
      }
    }
  }

  @Test
  void manyAreWhatEachIsAlone() {
    try (var generator = TextGenerator.load(ROOT.resolve("roberta-lm"), OPTIONS);
        var writer = TextToText.load(ROOT.resolve("bart"), OPTIONS);
        var few =
            TextToText.load(ROOT.resolve("bart"), TaskOptions.of(OPTIONS).withBatchTokens(70));
        var causal = Scorer.load(ROOT.resolve("bert-lm"), OPTIONS)) {
      var brief = generator.with(alone(1).withReturnedSequences(2));
      check(brief.predictAll(TEXTS), brief);
      check(writer.predictAll(TEXTS), writer);
      check(few.predictAll(TEXTS), writer);
      var all = causal.predictAll(TEXTS);
      for (int i = 0; i < TEXTS.size(); i++) {
        var one = causal.predict(TEXTS.get(i));
        assertThat(all.get(i).tokens()).hasSameSizeAs(one.tokens());
        assertThat(all.get(i).sum())
            .isCloseTo(one.sum(), org.assertj.core.api.Assertions.within(1e-4));
      }
    }
  }

  private static void check(List<List<GeneratedText>> all, Task<String, List<GeneratedText>> task) {
    for (int i = 0; i < TEXTS.size(); i++) {
      var one = task.predict(TEXTS.get(i));
      assertThat(all.get(i)).hasSameSizeAs(one);
      for (int j = 0; j < one.size(); j++) {
        assertThat(all.get(i).get(j).ids()).isEqualTo(one.get(j).ids());
        assertThat(all.get(i).get(j).text()).isEqualTo(one.get(j).text());
        assertThat(all.get(i).get(j).score())
            .isEqualTo(Float.valueOf(one.get(j).score())); // or NaN
      }
    }
  }

  @Test
  void aListenerMayHaveEnough() {
    try (var loaded = TextGenerator.load(ROOT.resolve("bert-lm"), OPTIONS)) {
      var generator = loaded.with(alone(2)).withFullText(false);
      var pieces = new ArrayList<String>();
      var cut =
          generator.stream(
              "The ship left",
              piece -> {
                pieces.add(piece);
                return pieces.size() < 3;
              });
      assertThat(cut.ending()).isEqualTo(Ending.CANCELLED);
      assertThat(String.join("", pieces)).isEqualTo(cut.text());
      assertThat(generator.predict("The ship left").getFirst().text()).startsWith(cut.text());
      var none = generator.predictAll(TEXTS, () -> true);
      assertThat(none).hasSameSizeAs(TEXTS);
      assertThat(none.getFirst().getFirst().text()).isEmpty();
      assertThat(none.getFirst().getFirst().ending()).isEqualTo(Ending.CANCELLED);
    }
  }

  @Test
  void refusesWhatCannotBe() {
    try (var writer = TextToText.load(ROOT.resolve("bart"), OPTIONS)) {
      assertThatThrownBy(() -> writer.stream("salt", piece -> true))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("num_beams: ");
      assertThatThrownBy(() -> writer.predict("salt ".repeat(99)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("the model takes at most 53");
      assertThatThrownBy(() -> GenerationOptions.DEFAULT.with("num_beans", 2))
          .isInstanceOf(InputException.class)
          .hasMessageStartingWith("num_beans: ");
    }
    assertThatThrownBy(() -> TextGenerator.load(ROOT.resolve("bert-mlm"), OPTIONS))
        .hasMessageContaining("is_decoder");
  }

  /** A text that the model cannot lengthen by what files or pipeline allow ends with its room. */
  @Test
  void lengthsThatNobodyAskedForGiveWay() {
    try (var generator = TextGenerator.load(ROOT.resolve("bert-lm"), OPTIONS)) {
      var text =
          generator.with(GenerationOptions.DEFAULT.with("eos_token_id", null)).predict("salt");
      assertThat(text.getFirst().ending()).isEqualTo(Ending.LENGTH);
      assertThat(text.getFirst().ids().length).isEqualTo(61 + 1 - 5);
      var asked = generator.with(GenerationOptions.DEFAULT.withMaxNewTokens(99));
      assertThatThrownBy(() -> asked.predict("salt")).hasMessageContaining("max_new_tokens");
    }
  }

  @Test
  void aSummaryIsShorterThanItsText() {
    try (var loaded = Summarizer.load(ROOT.resolve("bart"), OPTIONS)) {
      var odd = loaded.with(GenerationOptions.DEFAULT.withMaxLength(9).withMinLength(12));
      assertThat(odd.advice("The ship left the harbour").getFirst()).contains("min_length 12");
      var plain = loaded.with(GenerationOptions.DEFAULT.withMaxLength(30));
      assertThat(plain.advice("salt").getFirst()).contains("max_length is 30");
      assertThat(loaded.with(GenerationOptions.DEFAULT.withMaxLength(8)).advice("The ship left"))
          .isEmpty();
    }
  }
}
