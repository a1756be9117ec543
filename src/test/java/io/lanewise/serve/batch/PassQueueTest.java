package io.lanewise.serve.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CancelledException;
import io.lanewise.ClosedException;
import io.lanewise.Deadline;
import io.lanewise.InputException;
import io.lanewise.model.Output;
import io.lanewise.serve.batch.RequestPasses.Cut;
import io.lanewise.task.text.Passes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests that share passes get what they get alone; some get nothing, at once. */
class PassQueueTest {
  private final Semaphore turn = new Semaphore(1, true);
  private final Recorder recorder = new Recorder();

  private static final class Recorder implements PassListener {
    private final List<Integer> passes = new CopyOnWriteArrayList<>();
    private final Semaphore waiting = new Semaphore(0);

    @Override
    public void pass(int sequences, long tokens) {
      passes.add(sequences);
    }

    @Override
    public void waiting(int requests) {
      waiting.release();
    }

    /** Waits until so many requests more have come into the queue. */
    void await(int requests) throws InterruptedException {
      assertThat(waiting.tryAcquire(requests, 60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private PassQueue queue(int batchTokens, long mostTokens) {
    return new PassQueue("test", turn, batchTokens, mostTokens, recorder);
  }

  private static float[] values(Output output) {
    return ((Output.Base) output).lastHiddenState().floats();
  }

  /** The result of sequences, asked through the queue. */
  private static float[] ask(PassQueue queue, List<Integer> lengths, boolean read) {
    try (var request = queue.request(Cut.AS_THE_TASK)) {
      return ask(request, lengths, read);
    }
  }

  private static float[] ask(RequestPasses request, List<Integer> lengths, boolean read) {
    var rows = lengths.stream().map(Pieces::encoding).toList();
    return Passes.within(
        request,
        () -> {
          request.begin(lengths.size(), lengths.stream().mapToInt(each -> each).sum());
          return values(
              read
                  ? Pieces.texts().forward(rows, positions(lengths))
                  : Pieces.texts().forward(rows));
        });
  }

  private static int[][] positions(List<Integer> lengths) {
    return lengths.stream().map(each -> new int[] {0, each - 1}).toArray(int[][]::new);
  }

  /** The result of the same sequences, each alone, in the form of all together. */
  private static float[] alone(List<Integer> lengths, boolean read) {
    int longest = lengths.stream().mapToInt(each -> each).max().orElseThrow();
    int width = Pieces.texts().model().hiddenSize();
    var all = new float[lengths.size() * (read ? 2 : longest) * width];
    for (int i = 0; i < lengths.size(); i++) {
      var row = List.of(Pieces.encoding(lengths.get(i)));
      var own =
          values(
              read
                  ? Pieces.texts().forward(row, positions(List.of(lengths.get(i))))
                  : Pieces.texts().forward(row));
      System.arraycopy(own, 0, all, i * (read ? 2 : longest) * width, own.length);
    }
    return all;
  }

  @Test
  void sharedPassesChangeNoBit() throws Exception {
    var random = new Random(7);
    try (var queue = queue(40, 10_000);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new ArrayList<List<Integer>>();
      var answers = new ArrayList<Future<float[]>>();
      turn.acquire(); // so that all of them wait before the first pass
      for (int i = 0; i < 24; i++) {
        var lengths = random.ints(1 + random.nextInt(6), 3, 30).boxed().toList();
        boolean read = i % 3 == 0;
        asked.add(lengths);
        answers.add(threads.submit(() -> ask(queue, lengths, read)));
      }
      recorder.await(24);
      turn.release();
      for (int i = 0; i < asked.size(); i++) {
        var lengths = asked.get(i);
        var whole = answers.get(i).get();
        var each = alone(lengths, i % 3 == 0);
        if (i % 3 == 0) {
          assertThat(whole).isEqualTo(each);
        } else {
          compare(whole, each, lengths);
        }
      }
      assertThat(recorder.passes).anyMatch(count -> count > 1);
      long rows = recorder.passes.stream().mapToLong(count -> count).sum();
      assertThat(rows).isEqualTo(asked.stream().mapToLong(List::size).sum());
    }
  }

  /** Compares what does not lie beside a shorter sequence. */
  private static void compare(float[] one, float[] other, List<Integer> lengths) {
    int longest = lengths.stream().mapToInt(each -> each).max().orElseThrow();
    int width = Pieces.texts().model().hiddenSize();
    assertThat(one).hasSameSizeAs(other);
    for (int row = 0; row < lengths.size(); row++) {
      for (int i = 0; i < lengths.get(row) * width; i++) {
        int at = row * longest * width + i;
        assertThat(one[at]).as("row %d, %d", row, i).isEqualTo(other[at]);
      }
    }
  }

  @Test
  void aSmallRequestDoesNotWaitForALargeOne() throws Exception {
    try (var queue = queue(40, 10_000);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      turn.acquire();
      var order = new CopyOnWriteArrayList<String>();
      var large = new ArrayList<Integer>();
      for (int i = 0; i < 200; i++) {
        large.add(10);
      }
      var first = threads.submit(noting(order, "large", () -> ask(queue, large, true)));
      recorder.await(1);
      var second = threads.submit(noting(order, "small", () -> ask(queue, List.of(10), true)));
      recorder.await(1);
      turn.release();
      first.get();
      second.get();
      assertThat(order).containsExactly("small", "large");
    }
  }

  private static Callable<float[]> noting(List<String> order, String name, Callable<float[]> call) {
    return () -> {
      var answer = call.call();
      order.add(name);
      return answer;
    };
  }

  @Test
  void aFullQueueRefusesAtOnceAndIsEmptyAfterwards() throws Exception {
    try (var queue = queue(40, 50);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      turn.acquire();
      var first = threads.submit(() -> ask(queue, List.of(30), true));
      recorder.await(1);
      assertThatThrownBy(() -> ask(queue, List.of(21), true))
          .isInstanceOf(OverloadedException.class)
          .hasMessage("Model is overloaded");
      var fits = threads.submit(() -> ask(queue, List.of(20), true));
      recorder.await(1);
      turn.release();
      first.get();
      fits.get();
      // Larger than all the room, and nothing else is there: it is split, not refused.
      assertThat(ask(queue, List.of(30, 30, 30), true)).isEqualTo(alone(List.of(30, 30, 30), true));
    }
  }

  @Test
  @SuppressWarnings("try") // it is closed before others ask
  void whoHasLeftIsDropped() throws Exception {
    try (var queue = queue(40, 50);
        var request = queue.request(Cut.AS_THE_TASK);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      turn.acquire();
      var asked = threads.submit(() -> ask(request, List.of(30), true));
      recorder.await(1);
      request.leave();
      assertThatThrownBy(asked::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(ClientGoneException.class);
      request.close();
      turn.release();
      assertThat(ask(queue, List.of(40), true)).isNotEmpty();
      assertThat(recorder.passes).containsExactly(1);
    }
  }

  @Test
  void aDeadlineEndsTheWaiting() throws Exception {
    try (var queue = queue(40, 50)) {
      turn.acquire();
      assertThatThrownBy(
              () -> Deadline.within(Duration.ofMillis(20), () -> ask(queue, List.of(30), true)))
          .isInstanceOf(CancelledException.class);
      turn.release();
      assertThat(ask(queue, List.of(40), true)).isNotEmpty();
      assertThat(recorder.passes).containsExactly(1);
    }
  }

  @Test
  void oneThatTheModelRefusesSpoilsNothing() throws Exception {
    try (var queue = queue(200, 1000);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      turn.acquire();
      var good = threads.submit(() -> ask(queue, List.of(10, 20), true));
      recorder.await(1);
      int tooLong = Pieces.texts().model().longest() + 1;
      var bad = threads.submit(() -> ask(queue, List.of(tooLong), true));
      recorder.await(1);
      turn.release();
      assertThat(good.get()).isEqualTo(alone(List.of(10, 20), true));
      assertThatThrownBy(bad::get).hasCauseInstanceOf(InputException.class);
    }
  }

  @Test
  void closingRefusesWhatWaits() throws Exception {
    var queue = queue(40, 50);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      turn.acquire();
      var asked = threads.submit(() -> ask(queue, List.of(30), true));
      recorder.await(1);
      var closing = threads.submit(queue::close);
      assertThatThrownBy(asked::get).hasCauseInstanceOf(ClosedException.class);
      turn.release();
      closing.get();
      assertThatThrownBy(() -> ask(queue, List.of(30), true)).isInstanceOf(ClosedException.class);
    }
  }
}
