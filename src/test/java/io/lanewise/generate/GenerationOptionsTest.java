package io.lanewise.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.InputException;
import io.lanewise.generate.GenerationConfig.EarlyStopping;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.TinyBart;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each method of the options sets the key that it names, and the generator understands it. */
class GenerationOptionsTest {
  private static final GenerationOptions NONE = GenerationOptions.DEFAULT;

  private static GenerationConfig read(GenerationOptions options) {
    try (var model = model()) {
      return Generator.of(model).with(options).config();
    }
  }

  private static Model model() {
    var options = Options.DEFAULT.withHead(Head.CONDITIONAL_GENERATION).withThreads(1);
    return TinyBart.model(options);
  }

  @Test
  void lengthsAreRead() {
    var lengths =
        read(NONE.withMaxNewTokens(7)
                .withMaxLength(31)
                .withMinNewTokens(3)
                .withMinLength(5)
                .withMaxTime(Duration.ofMillis(1500)))
            .lengths();
    assertThat(lengths.mostNew()).isEqualTo(7);
    assertThat(lengths.most()).isEqualTo(31);
    assertThat(lengths.leastNew()).isEqualTo(3);
    assertThat(lengths.least()).isEqualTo(5);
    assertThat(lengths.seconds()).isEqualTo(1.5);
  }

  @ParameterizedTest
  @EnumSource
  void beamsAreRead(EarlyStopping stopping) {
    var beams =
        read(NONE.withBeams(4)
                .withReturnedSequences(3)
                .withLengthPenalty(-0.5)
                .withEarlyStopping(stopping))
            .beams();
    assertThat(beams).isEqualTo(new GenerationConfig.Beams(4, 3, -0.5, stopping));
  }

  @Test
  void samplingIsRead() {
    var drawn =
        NONE.withSampling(true)
            .withTemperature(0.7)
            .withTopK(11)
            .withTopP(0.9)
            .withMinP(0.01)
            .withTypicalP(0.8);
    assertThat(read(drawn).sampling()).isEqualTo(new Sampling(true, 0.7, 11, 0.9, 0.01, 0.8, 0, 0));
  }

  @Test
  void repetitionAndWordsAreRead() {
    var config =
        read(
            NONE.withRepetitionPenalty(1.3)
                .withNoRepeatNgramSize(3)
                .withBadWords(List.of(List.of(4, 5), List.of(6)))
                .withStopStrings(List.of("end", ".")));
    assertThat(config.repetition()).isEqualTo(new GenerationConfig.Repetition(1.3, 3, 1, 0));
    assertThat(config.words().bad()).containsExactly(List.of(4, 5), List.of(6));
    assertThat(config.words().stop()).containsExactly("end", ".");
  }

  @Test
  void methodsAndKeysAreTheSame() {
    assertThat(NONE.withBeams(4).withMaxNewTokens(60))
        .isEqualTo(NONE.with("num_beams", 4).with("max_new_tokens", 60));
    assertThat(NONE.withBeams(4).withBeams(2)).isEqualTo(NONE.withBeams(2));
  }

  @Test
  void theSeedDrawsTheTokens() {
    try (var model = model()) {
      var options = NONE.withSampling(true).withMaxNewTokens(12).with("eos_token_id", null);
      var inputs = Inputs.ids(new long[][] {{5, 6, 7}});
      var generator = Generator.of(model);
      var one = generator.with(options.withSeed(3)).generate(inputs).sequences();
      assertThat(generator.with(options.withSeed(3)).generate(inputs).sequences()).isEqualTo(one);
      assertThat(generator.with(options).withSeed(3).generate(inputs).sequences()).isEqualTo(one);
      assertThat(generator.with(options.withSeed(4)).generate(inputs).sequences())
          .isNotEqualTo(one);
    }
  }

  @Test
  void aKeyThatThereIsNotIsRefused() {
    assertThatThrownBy(() -> NONE.with("num_beans", 2))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("num_beans: ");
  }
}
