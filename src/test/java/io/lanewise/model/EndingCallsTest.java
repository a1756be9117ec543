package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CancelledException;
import io.lanewise.CancelledException.Reason;
import io.lanewise.ClosedException;
import io.lanewise.Deadline;
import io.lanewise.MemoryException;
import io.lanewise.generate.Generator;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that end before their result, and what they leave: nothing. */
class EndingCallsTest {
  private static final Options OPTIONS = Options.DEFAULT.withBackend(KernelChoice.SCALAR);
  private static final Inputs INPUTS = Inputs.ids(TinyAlbert.ids(new Random(1), 2, 5));

  private static Stream<Model> families() {
    return Stream.concat(
        TinyModel.all().stream().map(each -> each.model(budgeted())),
        Stream.of(TinyBert.BERT.decoder(false, budgeted())));
  }

  private static Options budgeted() {
    return OPTIONS.withMemory(MemoryBudget.of(1 << 26));
  }

  @ParameterizedTest
  @MethodSource("families")
  void anInterruptedThreadGetsNoResultAndStaysInterrupted(Model model) {
    try (model) {
      var expected = model.forward(INPUTS).tensors();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> model.forward(INPUTS))
          .isInstanceOfSatisfying(
              CancelledException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INTERRUPTED))
          .hasMessageContaining("was interrupted");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(model.forward(INPUTS).tensors()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void aDeadlineEndsACall(Model model) {
    try (model) {
      var expected = model.forward(INPUTS).tensors();
      var within = Deadline.within(Duration.ofHours(1), () -> model.forward(INPUTS));
      assertThat(within.tensors()).isEqualTo(expected);
      assertThatThrownBy(() -> Deadline.within(Duration.ofNanos(1), () -> model.forward(INPUTS)))
          .isInstanceOfSatisfying(
              CancelledException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE));
      assertThat(model.forward(INPUTS).tensors()).isEqualTo(expected);
    }
  }

  /** Also one that comes between two steps: the settings ask for a thousand tokens. */
  @Test
  void generationEndsWithAnInterruptAndWithADeadline() {
    try (var model = TinyBert.BERT.decoder(false, OPTIONS.withHead(Head.CAUSAL_LM))) {
      var generator = Generator.of(model).with("max_new_tokens", 10).with("eos_token_id", null);
      var prompt = Inputs.ids(new int[][] {{5, 6}});
      long used = model.memory().used();
      int[] steps = {0};
      assertThatThrownBy(
              () ->
                  generator.generate(
                      prompt,
                      (_, _, _) -> {
                        if (++steps[0] == 3) {
                          Thread.currentThread().interrupt();
                        }
                        return true;
                      },
                      () -> false))
          .isInstanceOf(CancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(steps[0]).isEqualTo(3);
      assertThatThrownBy(
              () ->
                  Deadline.within(
                      Duration.ofMillis(100),
                      () ->
                          generator.generate(
                              prompt,
                              (_, _, _) -> {
                                while (Deadline.nanosLeft() > 0) {
                                  Thread.onSpinWait();
                                }
                                return true;
                              },
                              () -> false)))
          .isInstanceOf(CancelledException.class);
      assertThat(model.memory().used()).isBetween(used, used + (1 << 20)); // caches are closed
    }
  }

  @Test
  void aCacheHoldsWhatItHeldBeforeACallThatWasEnded() {
    try (var model = TinyBert.BERT.decoder(false, OPTIONS.withHead(Head.CAUSAL_LM));
        var cache = model.newCache();
        var other = model.newCache()) {
      var first = Inputs.ids(new int[][] {{5, 6, 7}});
      var next = Inputs.ids(new int[][] {{8}});
      model.forward(first, cache);
      model.forward(first, other);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> model.forward(next, cache)).isInstanceOf(CancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(cache.tokens()).isEqualTo(3);
      assertThat(model.forward(next, cache).tensors())
          .isEqualTo(model.forward(next, other).tensors());
    }
  }

  @Test
  void theEarlierOfTwoDeadlinesHolds() {
    assertThat(Deadline.nanosLeft()).isEqualTo(Long.MAX_VALUE);
    long left =
        Deadline.within(
            Duration.ofMinutes(1),
            () -> Deadline.within(Duration.ofHours(1), () -> Deadline.nanosLeft()));
    assertThat(left).isLessThanOrEqualTo(60_000_000_000L).isPositive();
    assertThatThrownBy(() -> Deadline.within(Duration.ZERO, () -> 1))
        .hasMessageContaining("give more than nothing");
  }

  @Test
  void cachesComeOutOfTheBudget() {
    var budget = MemoryBudget.of(1 << 20);
    try (var model = TinyBert.BERT.decoder(false, OPTIONS.withMemory(budget))) {
      assertThat(model.memory()).isSameAs(budget);
      try (DecoderCache cache = model.initCache(100, 16)) {
        assertThat(budget.used()).isEqualTo(cache.bytes());
        assertThatThrownBy(() -> model.initCache(100, 16)).isInstanceOf(MemoryException.class);
        assertThat(budget.used()).isEqualTo(cache.bytes());
      }
      assertThat(budget.used()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("families")
  void aClosedModelRefusesCallsAndHoldsNoMemory(Model model) {
    model.forward(INPUTS);
    assertThat(model.memory().used()).isPositive();
    model.close();
    model.close();
    assertThat(model.memory().used()).isZero();
    assertThatThrownBy(() -> model.forward(INPUTS)).isInstanceOf(ClosedException.class);
  }
}
