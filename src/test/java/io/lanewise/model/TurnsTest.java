package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CancelledException;
import io.lanewise.CancelledException.Reason;
import io.lanewise.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class TurnsTest {
  private static Stream<Arguments> callers() {
    return Stream.of(16, 64)
        .flatMap(
            count ->
                Stream.of(
                    Arguments.of(count, Named.of("platform", Thread.ofPlatform().factory())),
                    Arguments.of(count, Named.of("virtual", Thread.ofVirtual().factory()))));
  }

  private static void waitFor(Turns turns, int waiting) {
    while (turns.waiting() < waiting) {
      LockSupport.parkNanos(10_000);
    }
  }

  @ParameterizedTest
  @MethodSource("callers")
  void callersAreServedInTheOrderInWhichTheyCame(int count, ThreadFactory kind) throws Exception {
    var turns = new Turns(1);
    var served = Collections.synchronizedList(new ArrayList<Integer>());
    var threads = new ArrayList<Thread>();
    var held = turns.take();
    for (int i = 0; i < count; i++) {
      int caller = i;
      var thread =
          kind.newThread(
              () -> {
                try (var _ = turns.take()) {
                  served.add(caller);
                }
              });
      thread.start();
      threads.add(thread);
      waitFor(turns, i + 1);
    }
    held.close();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(served).isEqualTo(IntStream.range(0, count).boxed().toList());
  }

  /** Of callers that come again and again each is served as often as every other, up to one. */
  @ParameterizedTest
  @MethodSource("callers")
  void nobodyIsServedTwiceWhileAnotherWaits(int count, ThreadFactory kind) throws Exception {
    var turns = new Turns(1);
    var served = new AtomicInteger[count];
    var active = new AtomicInteger(count);
    var spread = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    var held = turns.take();
    Arrays.setAll(served, _ -> new AtomicInteger());
    for (var own : served) {
      var thread =
          kind.newThread(
              () -> {
                for (int round = 0; round < 20; round++) {
                  try (var _ = turns.take()) {
                    own.incrementAndGet();
                    waitFor(turns, active.get() - 1); // those that left are back
                    spread.accumulateAndGet(spread(served), Math::max);
                    if (round == 19) {
                      active.decrementAndGet();
                    }
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    waitFor(turns, count);
    held.close();
    for (var thread : threads) {
      thread.join();
    }
    assertThat(served).allMatch(times -> times.get() == 20);
    assertThat(spread.get()).isEqualTo(1);
  }

  private static int spread(AtomicInteger[] counts) {
    var numbers = Stream.of(counts).mapToInt(AtomicInteger::get).summaryStatistics();
    return numbers.getMax() - numbers.getMin();
  }

  @ParameterizedTest
  @MethodSource("callers")
  void noMoreComputeThanThereAreTurns(int count, ThreadFactory kind) throws Exception {
    var turns = new Turns(3);
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < count; i++) {
      var thread =
          kind.newThread(
              () -> {
                for (int round = 0; round < 50; round++) {
                  try (var _ = turns.take()) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(10_000);
                    inside.decrementAndGet();
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (var thread : threads) {
      thread.join();
    }
    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void aLongCallLetsOthersGoFirstBetweenTwoLayers() throws Exception {
    var turns = new Turns(1);
    var events = Collections.synchronizedList(new ArrayList<String>());
    var longCall = turns.take(0);
    longCall.between(); // nobody waits: it goes on
    var other =
        Thread.ofVirtual()
            .start(
                () -> {
                  try (var _ = turns.take()) {
                    events.add("short");
                  }
                });
    waitFor(turns, 1);
    longCall.between();
    events.add("long");
    longCall.close();
    other.join();
    assertThat(events).isEqualTo(List.of("short", "long"));
  }

  @Test
  void aShortCallKeepsItsTurn() throws Exception {
    var turns = new Turns(1);
    var own = turns.take(Long.MAX_VALUE);
    var other = Thread.ofVirtual().start(() -> turns.take().close());
    waitFor(turns, 1);
    own.between();
    assertThat(turns.waiting()).isEqualTo(1);
    own.close();
    other.join();
  }

  @Test
  void whoWaitsCanBeInterruptedAndKeepsTheStatus() throws Exception {
    var turns = new Turns(1);
    var failure = new AtomicReference<CancelledException>();
    var interrupted = new AtomicReference<Boolean>();
    try (var _ = turns.take()) {
      var thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      turns.take();
                    } catch (CancelledException e) {
                      failure.set(e);
                      interrupted.set(Thread.currentThread().isInterrupted());
                    }
                  });
      waitFor(turns, 1);
      thread.interrupt();
      thread.join();
    }
    assertThat(failure.get().reason()).isEqualTo(Reason.INTERRUPTED);
    assertThat(interrupted.get()).isTrue();
    turns.take().close(); // nothing was lost
  }

  @Test
  void waitingEndsWithTheDeadline() {
    var turns = new Turns(1);
    try (var _ = turns.take()) {
      assertThatThrownBy(() -> Deadline.within(Duration.ofMillis(1), () -> turns.take()))
          .isInstanceOfSatisfying(
              CancelledException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE))
          .hasMessageContaining("did not end within 1 ms");
    }
    turns.take().close();
  }

  @Test
  void anInterruptEndsACallBetweenTwoLayersAndFreesItsTurn() {
    var turns = new Turns(1);
    try (var turn = turns.take()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(turn::between).isInstanceOf(CancelledException.class);
    }
    assertThat(Thread.interrupted()).isTrue();
    turns.take().close();
  }
}
