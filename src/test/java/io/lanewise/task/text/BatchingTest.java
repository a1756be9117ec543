package io.lanewise.task.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.model.Options;
import io.lanewise.task.FillMask;
import io.lanewise.task.TaskOptions.BatchListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchingTest {
  @Property(tries = 200)
  void answersComeInTheOrderOfTheItemsAndBatchesStayWithinTheBudget(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 40) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 100) int budget) {
    var batches = new ArrayList<List<Integer>>();
    var told = new ArrayList<Integer>();
    var answers =
        Batching.run(
            lengths,
            length -> length,
            budget,
            batch -> {
              batches.add(batch);
              return batch.stream().map(length -> "answer " + length).toList();
            },
            (done, of) -> {
              assertThat(of).isEqualTo(lengths.size());
              told.add(done);
            });
    assertThat(told).hasSameSizeAs(batches).isSorted();
    assertThat(told.isEmpty() ? 0 : told.getLast()).isEqualTo(lengths.size());
    assertThat(answers).isEqualTo(lengths.stream().map(length -> "answer " + length).toList());
    assertThat(batches)
        .allSatisfy(
            batch ->
                assertThat(batch.size() == 1 || batch.size() * batch.getFirst() <= budget)
                    .isTrue());
    assertThat(batches.stream().flatMap(List::stream).toList())
        .isSortedAccordingTo((a, b) -> b - a);
  }

  @Property(tries = 100)
  void kindsAreKeptApart(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 40) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 200) int budget) {
    var answers =
        Batching.run(
            lengths,
            length -> length,
            length -> length % 3,
            budget,
            batch -> {
              assertThat(batch.stream().map(length -> length % 3).distinct()).hasSize(1);
              assertThat(batch.size() == 1 || batch.size() * batch.getFirst() <= budget).isTrue();
              return batch;
            },
            BatchListener.NONE);
    assertThat(answers).isEqualTo(lengths);
  }

  @Test
  void aStreamIsReadAWindowAheadAndNoFurther() {
    var read = new AtomicInteger();
    var source = Stream.generate(read::getAndIncrement);
    var taken =
        Batching.windows(source, window -> window.stream().map(i -> -i).toList())
            .limit(Batching.WINDOW + 1)
            .toList();
    assertThat(taken)
        .isEqualTo(IntStream.rangeClosed(0, Batching.WINDOW).mapToObj(i -> -i).toList());
    assertThat(read.get()).isLessThanOrEqualTo(2 * Batching.WINDOW + 1);
  }

  @Test
  void closingTheAnswersClosesTheInputs() {
    var closed = new AtomicInteger();
    try (var answers =
        Batching.windows(Stream.of(1, 2).onClose(closed::incrementAndGet), window -> window)) {
      assertThat(answers.toList()).containsExactly(1, 2);
    }
    assertThat(closed).hasValue(1);
  }

  @Test
  void textsInABatchAreAnsweredAsAlone() {
    var random = new Random(7);
    var words = List.of("the", "capital", "of", "france", "is", "[MASK]", "paris", "water");
    var texts =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    "[MASK] "
                        + String.join(
                            " ",
                            random
                                .ints(random.nextInt(1, 30), 0, words.size())
                                .mapToObj(words::get)
                                .toList()))
            .toList();
    try (var fillMask = FillMask.load(Path.of("weights", "albert-tiny-demo"), Options.DEFAULT)) {
      var together = fillMask.predictAll(texts);
      for (int i = 0; i < texts.size(); i++) {
        assertThat(together.get(i)).as(texts.get(i)).isEqualTo(fillMask.predict(texts.get(i)));
      }
    }
  }
}
