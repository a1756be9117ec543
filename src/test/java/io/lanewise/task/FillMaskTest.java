package io.lanewise.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.CheckpointException;
import io.lanewise.ClosedException;
import io.lanewise.InputException;
import io.lanewise.LanewiseException;
import io.lanewise.model.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
class FillMaskTest {
  private static final Path DEMO = Path.of("weights", "albert-tiny-demo");

  private FillMask fillMask;

  @BeforeAll
  void load() {
    fillMask = FillMask.load(DEMO, Options.DEFAULT);
  }

  @AfterAll
  void close() {
    fillMask.close();
  }

  @Test
  void theTextComesBackWithTheCandidateInPlace() {
    var best = fillMask.withTop(1).predict("The capital of [MASK] is Paris.").masks().getFirst();
    assertThat(best.candidates()).hasSize(1);
    assertThat(best.best().text()).isEqualTo("the capital of france is paris.");
  }

  /** What transformers 4.57.6 answers: special tokens stay, and so does the other mask. */
  @Test
  void eachOfSeveralMasksHasItsCandidates() {
    var masks = fillMask.withTop(2).predict("The [MASK] of [MASK] is Paris.").masks();
    assertThat(masks).hasSize(2).allSatisfy(mask -> assertThat(mask.candidates()).hasSize(2));
    check(
        masks.get(0).candidates().get(0),
        0.9987008571624756,
        23,
        "capital",
        "[CLS] the capital of[MASK]");
    check(
        masks.get(0).candidates().get(1),
        0.000896559038665145,
        93,
        "official",
        "[CLS] the official of[MASK]");
    check(
        masks.get(1).candidates().get(0),
        0.9361699819564819,
        490,
        "france",
        "[CLS] the[MASK] of france");
    check(
        masks.get(1).candidates().get(1),
        0.006864375434815,
        694,
        "switzerland",
        "[CLS] the[MASK] of switz");
  }

  private static void check(
      FillMask.Candidate candidate, double score, int id, String token, String text) {
    assertThat(candidate.score()).isCloseTo((float) score, within(1e-5f));
    assertThat(candidate.id()).isEqualTo(id);
    assertThat(candidate.token()).isEqualTo(token);
    assertThat(candidate.text()).startsWith(text).endsWith(" is paris.[SEP]");
  }

  /** Also from transformers 4.57.6. */
  @Test
  void paddingIsLeftOutOfTheText() {
    var candidates = fillMask.withTop(2).predict("a <pad> [MASK]").masks().getFirst().candidates();
    assertThat(candidates).extracting(FillMask.Candidate::text).containsExactly("a!", "a.");
    assertThat(candidates.getFirst().score()).isCloseTo(0.3865519f, within(1e-5f));
  }

  @Test
  void noMoreThanTheVocabularyComes() {
    var all = fillMask.withTop(Integer.MAX_VALUE).predict("[MASK]").masks().getFirst().candidates();
    assertThat(all).hasSize(6000);
    double sum = all.stream().mapToDouble(FillMask.Candidate::score).sum();
    assertThat(sum).isBetween(0.9999, 1.0001);
  }

  @Test
  void aTextWithoutMaskIsRefused() {
    assertThatThrownBy(() -> fillMask.predict("No mask here."))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("[MASK]")
        .hasMessageContaining("No mask here.");
    assertThatThrownBy(() -> fillMask.predict("")).isInstanceOf(InputException.class);
  }

  @Test
  void aTextTooLongForTheModelIsRefused() {
    var text = "word ".repeat(300) + "[MASK]";
    assertThatThrownBy(() -> fillMask.predict(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("303 tokens")
        .hasMessageContaining("at most 256");
    assertThatThrownBy(() -> fillMask.predictAll(List.of("[MASK]", text)))
        .isInstanceOf(InputException.class);
  }

  @Test
  void theLongestTextThatFitsIsAnswered() {
    var text = "the ".repeat(253) + "[MASK]";
    assertThat(fillMask.withTop(1).predict(text).masks()).hasSize(1);
  }

  @Test
  void askingForNoneIsRefused() {
    assertThatThrownBy(() -> fillMask.withTop(0).predict("[MASK]"))
        .isInstanceOf(InputException.class);
  }

  @Test
  void noTextsGiveNoResults() {
    assertThat(fillMask.predictAll(List.of())).isEmpty();
  }

  @Test
  void theMaskIsTold() {
    assertThat(fillMask.mask()).isEqualTo("[MASK]");
  }

  @Test
  void threadsDoNotDisturbEachOther() throws Exception {
    var texts =
        List.of(
            "The capital of [MASK] is Paris.",
            "[MASK] is the capital of Spain.",
            "She lives in Rome, in [MASK].",
            "The [MASK] of [MASK] is Ottawa.");
    var alone = texts.stream().map(text -> fillMask.withTop(3).predict(text)).toList();
    try (var pool = Executors.newFixedThreadPool(8)) {
      var calls =
          IntStream.range(0, 64)
              .<Callable<Void>>mapToObj(
                  i ->
                      () -> {
                        int which = i % texts.size();
                        assertThat(fillMask.withTop(3).predict(texts.get(which)))
                            .isEqualTo(alone.get(which));
                        return null;
                      })
              .toList();
      for (var done : pool.invokeAll(calls)) {
        done.get();
      }
    }
  }

  @Test
  void aClosedModelSaysSo() {
    var closed = FillMask.load(DEMO, Options.DEFAULT);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.withTop(1).predict("[MASK]"))
        .isInstanceOf(ClosedException.class);
  }

  @Test
  void aFolderThatIsNoneIsRefused(@TempDir Path empty) {
    assertThatThrownBy(() -> FillMask.load(empty, Options.DEFAULT))
        .isInstanceOf(LanewiseException.class);
    assertThatThrownBy(() -> FillMask.load(empty.resolve("none"), Options.DEFAULT))
        .isInstanceOf(LanewiseException.class)
        .hasMessageContaining("none");
  }

  @Test
  void aCheckpointWithoutTheHeadIsRefused() {
    assertThatThrownBy(
            () ->
                FillMask.load(Path.of("weights", "albert-tiny-sentiment"), Options.DEFAULT).close())
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("predictions");
  }
}
