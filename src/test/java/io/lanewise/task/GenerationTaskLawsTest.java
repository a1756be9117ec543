package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.generate.Ending;
import io.lanewise.model.Options;
import io.lanewise.task.GenerateOptions.Spaces;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What holds for tasks that generate and score, whatever the model says. */
class GenerationTaskLawsTest {
  private static final Path ROOT = Path.of("src/test/resources/tasks/generation");
  private static final Options OPTIONS = Options.DEFAULT.withThreads(2);
  private static final List<String> TEXTS =
      List.of(
          "The ship left", "Bread costs", "i'm , in the", "We're counting", "salt", "Snow fell");

  private static GenerateOptions alone(long seed) {
    return GenerateOptions.DEFAULT
        .with("num_beams", 1)
        .with("do_sample", true)
        .with("temperature", 2)
        .with("max_new_tokens", 25)
        .withSeed(seed);
  }

  private static List<GenerateOptions> variants() {
    var variants = new ArrayList<GenerateOptions>();
    for (long seed = 0; seed < 4; seed++) {
      for (var spaces : Spaces.values()) {
        variants.add(alone(seed).withSpaces(spaces));
        variants.add(alone(seed).withSpaces(spaces).withFullText(false));
      }
    }
    return variants;
  }

  private static void checkStreamed(
      BiFunction<String, TextListener, GeneratedText> stream,
      Task<String, List<GeneratedText>> task) {
    for (var text : TEXTS) {
      var pieces = new ArrayList<String>();
      var told = stream.apply(text, pieces::add);
      assertThat(String.join("", pieces)).isEqualTo(told.text());
      assertThat(task.predict(text).getFirst().text()).isEqualTo(told.text());
      assertThat(pieces).doesNotContain("");
    }
  }

  @Test
  void theStreamedTextIsTheWholeText() {
    for (var folder : List.of("bert-lm", "roberta-lm", "bart-lm")) {
      try (var loaded = TextGenerator.load(ROOT.resolve(folder), OPTIONS)) {
        for (var options : variants()) {
          var generator = loaded.with(options);
          checkStreamed(generator::stream, generator);
        }
      }
    }
    try (var loaded = TextToText.load(ROOT.resolve("bart"), OPTIONS);
        var summarizer = Summarizer.load(ROOT.resolve("bart"), OPTIONS)) {
      for (var options : variants()) {
        var writer = loaded.with(options);
        checkStreamed(writer::stream, writer);
        var summaries = summarizer.with(options);
        checkStreamed(summaries::stream, summaries);
      }
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
        var few = TextToText.load(ROOT.resolve("bart"), OPTIONS, new Limits(70, 0));
        var causal = Scorer.load(ROOT.resolve("bert-lm"), OPTIONS)) {
      var brief = generator.with(alone(1).with("num_return_sequences", 2));
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
      var generator = loaded.with(alone(2).withFullText(false));
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
      assertThatThrownBy(() -> GenerateOptions.DEFAULT.with("num_beans", 2))
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
      var text = generator.with(GenerateOptions.DEFAULT.with("eos_token_id", null)).predict("salt");
      assertThat(text.getFirst().ending()).isEqualTo(Ending.LENGTH);
      assertThat(text.getFirst().ids().length).isEqualTo(61 + 1 - 5);
      var asked = generator.with(GenerateOptions.DEFAULT.with("max_new_tokens", 99));
      assertThatThrownBy(() -> asked.predict("salt")).hasMessageContaining("max_new_tokens");
    }
  }

  @Test
  void aSummaryIsShorterThanItsText() {
    try (var loaded = Summarizer.load(ROOT.resolve("bart"), OPTIONS)) {
      var odd = loaded.with(GenerateOptions.DEFAULT.with("max_length", 9).with("min_length", 12));
      assertThat(odd.advice("The ship left the harbour").getFirst()).contains("min_length 12");
      var plain = loaded.with(GenerateOptions.DEFAULT.with("max_length", 30));
      assertThat(plain.advice("salt").getFirst()).contains("max_length is 30");
      assertThat(loaded.with(GenerateOptions.DEFAULT.with("max_length", 8)).advice("The ship left"))
          .isEmpty();
    }
  }
}
