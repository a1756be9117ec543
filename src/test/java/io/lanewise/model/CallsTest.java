package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CancelledException;
import io.lanewise.ClosedException;
import io.lanewise.Deadline;
import io.lanewise.MemoryException;
import io.lanewise.memory.MemoryBudget;
import io.lanewise.memory.Slab;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CallsTest {
  private static final int MEGABYTE = 1 << 20;

  private static int use(Slab slab, int megabytes, Runnable meanwhile) {
    try (var _ = slab.frame()) {
      slab.take(megabytes * MEGABYTE / 2);
      meanwhile.run();
      slab.take(megabytes * MEGABYTE / 2);
      return megabytes;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCallThatCannotFitIsRefusedWithTheNumbers() {
    var calls = new Calls(2, MemoryBudget.of(10 * MEGABYTE));
    assertThatThrownBy(() -> calls.run("m", (slab, _) -> use(slab, 12, () -> {})))
        .isInstanceOfSatisfying(MemoryException.class, e -> assertThat(e.mayComeFree()).isFalse())
        .hasMessage(
            "the call needs 12 MB outside the heap, and 0 of the 10 MB of the budget are in use (0"
                + " MB by caches of generation): make the batch or its texts smaller, or give a"
                + " larger budget (Options.withMemory)");
    assertThat(calls.budget().used()).isZero();
    assertThat(calls.<Integer>run("m", (slab, _) -> use(slab, 8, () -> {}))).isEqualTo(8);
  }

  @Test
  void aCallThatFindsTooLittleBecauseOfAnotherRunsAgainAfterIt() throws Exception {
    var calls = new Calls(2, MemoryBudget.of(10 * MEGABYTE));
    var begun = new CountDownLatch(1);
    var held = new CountDownLatch(1);
    var attempts = new AtomicInteger();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(
              () ->
                  calls.run(
                      "m",
                      (slab, _) ->
                          use(
                              slab,
                              6,
                              () -> {
                                begun.countDown();
                                await(held);
                              })));
      await(begun);
      var second =
          threads.submit(
              () ->
                  calls.run(
                      "m",
                      (slab, _) -> {
                        if (attempts.incrementAndGet() == 1) {
                          try (var _ = slab.frame()) {
                            slab.take(9 * MEGABYTE);
                          } finally {
                            held.countDown(); // only now the first goes on, and ends
                          }
                        }
                        return use(slab, 8, () -> {});
                      }));
      assertThat(first.get()).isEqualTo(6);
      assertThat(second.get()).isEqualTo(8);
      assertThat(attempts).hasValue(2);
    }
  }

  /** Each needs more than half of the budget: none fails, and none waits for ever. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void manyLargeCallsShareASmallBudget(boolean virtual) throws Exception {
    var calls = new Calls(4, MemoryBudget.of(10 * MEGABYTE));
    var factory = virtual ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
    try (var threads = Executors.newThreadPerTaskExecutor(factory)) {
      var futures = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 64; i++) {
        int megabytes = 2 + i % 7;
        futures.add(
            threads.submit(() -> calls.run("m", (slab, between) -> use(slab, megabytes, between))));
      }
      for (int i = 0; i < 64; i++) {
        assertThat(futures.get(i).get()).isEqualTo(2 + i % 7);
      }
    }
    calls.close(() -> {});
    assertThat(calls.budget().used()).isZero();
  }

  @Test
  void memoryOfCachesIsNotWaitedFor() {
    var budget = MemoryBudget.of(10 * MEGABYTE);
    var calls = new Calls(2, budget);
    budget.takeForCache(6 * MEGABYTE);
    assertThatThrownBy(() -> calls.run("m", (slab, _) -> use(slab, 8, () -> {})))
        .isInstanceOf(MemoryException.class)
        .hasMessageContaining("8 MB outside the heap, and 6 of the 10 MB")
        .hasMessageContaining("(6 MB by caches of generation)");
    budget.giveBackOfCache(6 * MEGABYTE);
    assertThat(calls.<Integer>run("m", (slab, _) -> use(slab, 8, () -> {}))).isEqualTo(8);
  }

  @Test
  void whoWaitsForMemoryCanBeInterruptedAndHasADeadline() throws Exception {
    var budget = MemoryBudget.of(10 * MEGABYTE);
    var calls = new Calls(1, budget);
    var begun = new CountDownLatch(1);
    var held = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var holder =
          threads.submit(
              () -> {
                try (var _ = budget.enter(true)) {
                  begun.countDown();
                  await(held);
                }
              });
      await(begun);
      assertThatThrownBy(
              () ->
                  Deadline.within(
                      Duration.ofMillis(1),
                      () -> calls.run("m", (slab, _) -> use(slab, 1, () -> {}))))
          .isInstanceOf(CancelledException.class);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> calls.run("m", (slab, _) -> use(slab, 1, () -> {})))
          .isInstanceOf(CancelledException.class);
      assertThat(Thread.interrupted()).isTrue();
      held.countDown();
      holder.get();
    }
    assertThat(calls.<Integer>run("m", (slab, _) -> use(slab, 1, () -> {}))).isEqualTo(1);
  }

  /** However many wait: closing takes as long as what is running. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closingRefusesThoseThatWaitForTheirTurn(boolean virtual) throws Exception {
    var calls = new Calls(1, MemoryBudget.unlimited());
    var begun = new CountDownLatch(1);
    var held = new CountDownLatch(1);
    var ran = new AtomicInteger();
    var factory = virtual ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
    try (var threads = Executors.newThreadPerTaskExecutor(factory)) {
      var running =
          threads.submit(
              () ->
                  calls.run(
                      "m",
                      (_, _) -> {
                        begun.countDown();
                        await(held);
                        return 1;
                      }));
      await(begun);
      var waiting = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 64; i++) {
        waiting.add(threads.submit(() -> calls.run("m", (_, _) -> ran.incrementAndGet())));
      }
      while (calls.waiting() < 64) {
        LockSupport.parkNanos(10_000);
      }
      var closing = threads.submit(() -> calls.close(() -> {}));
      while (true) {
        try {
          calls.beside("m", () -> {});
        } catch (ClosedException e) {
          break;
        }
      }
      held.countDown();
      assertThat(running.get()).isEqualTo(1);
      closing.get();
      for (var each : waiting) {
        assertThatThrownBy(each::get).hasCauseInstanceOf(ClosedException.class);
      }
      assertThat(ran).hasValue(0);
    }
  }

  @Test
  void closingWaitsForThoseThatRun() throws Exception {
    var calls = new Calls(1, MemoryBudget.unlimited());
    var begun = new CountDownLatch(1);
    var held = new CountDownLatch(1);
    var events = Collections.synchronizedList(new ArrayList<String>());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          threads.submit(
              () ->
                  calls.run(
                      "m",
                      (_, _) -> {
                        begun.countDown();
                        await(held);
                        return events.add("call");
                      }));
      await(begun);
      var closing = threads.submit(() -> calls.close(() -> events.add("closed")));
      while (true) {
        try {
          calls.beside("m", () -> {});
        } catch (ClosedException e) {
          break; // it refuses already, and still waits
        }
      }
      held.countDown();
      running.get();
      closing.get();
      assertThat(events).containsExactly("call", "closed");
    }
  }
}
