package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyTaskRunsOnce(int threads) {
    try (var workers = new Workers(threads)) {
      for (int tasks = 0; tasks < 200; tasks++) {
        var counts = new AtomicIntegerArray(tasks);
        workers.run(tasks, counts::incrementAndGet);
        for (int i = 0; i < tasks; i++) {
          assertThat(counts.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void whatTasksWroteIsSeenByTheCaller() {
    try (var workers = new Workers(3)) {
      for (int round = 0; round < 20_000; round++) {
        var results = new int[7];
        int offset = round;
        workers.run(results.length, i -> results[i] = offset + i);
        for (int i = 0; i < results.length; i++) {
          assertThat(results[i]).isEqualTo(round + i);
        }
      }
    }
  }

  @Test
  void allThreadsWorkAtTheSameTime() {
    try (var workers = new Workers(4)) {
      var barrier = new CyclicBarrier(4); // passes only if four threads are inside tasks
      workers.run(4, _ -> pass(barrier));
      sleep(5); // let them fall asleep
      workers.run(4, _ -> pass(barrier));
    }
  }

  @Test
  void oneThreadMeansTheCallers() {
    try (var workers = new Workers(1)) {
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      workers.run(100, _ -> seen.add(Thread.currentThread()));
      assertThat(seen).containsExactly(Thread.currentThread());
    }
  }

  @Test
  void tasksMayRunTasks() {
    try (var workers = new Workers(3)) {
      var count = new AtomicInteger();
      workers.run(10, _ -> workers.run(10, _ -> workers.run(10, _ -> count.incrementAndGet())));
      assertThat(count).hasValue(1000);
    }
  }

  @Test
  void manyCallersDoNotWaitForEachOther() throws Exception {
    try (var workers = new Workers(3);
        var callers = Executors.newFixedThreadPool(8)) {
      var held = new CountDownLatch(1);
      var begun = new CountDownLatch(1);
      Future<?> slow =
          callers.submit(
              () ->
                  workers.run(
                      3,
                      _ -> {
                        begun.countDown();
                        await(held);
                      }));
      begun.await();
      var results =
          callers.invokeAll(
              IntStream.range(0, 50)
                  .<java.util.concurrent.Callable<Integer>>mapToObj(
                      n ->
                          () -> {
                            var sum = new AtomicInteger();
                            workers.run(n, sum::addAndGet);
                            return sum.get();
                          })
                  .toList());
      for (int n = 0; n < 50; n++) {
        assertThat(results.get(n).get()).isEqualTo(n * (n - 1) / 2);
      }
      assertThat(slow.isDone()).isFalse();
      held.countDown();
      slow.get();
    }
  }

  /**
   * A caller that waits for its last task has released the threads: other calls use those that are
   * free.
   */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCallerThatIsParkedHoldsNobodyUp(boolean virtual) throws Exception {
    var kind = virtual ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
    try (var workers = new Workers(4);
        var callers = Executors.newThreadPerTaskExecutor(kind)) {
      var held = new CountDownLatch(1);
      var begun = new CountDownLatch(2);
      var first =
          callers.submit(
              () -> {
                var own = Thread.currentThread();
                workers.run(
                    2,
                    _ -> {
                      begun.countDown();
                      await(begun); // a worker runs one task or both, so one of the three is free
                      if (Thread.currentThread() != own) {
                        await(held);
                      }
                    });
              });
      try {
        begun.await();
        var barrier = new CyclicBarrier(2); // passes only with two threads
        for (int i = 0; i < 100; i++) {
          callers.submit(() -> workers.run(2, _ -> pass(barrier))).get(20, TimeUnit.SECONDS);
        }
        assertThat(first.isDone()).isFalse();
      } finally {
        held.countDown();
      }
      first.get();
    }
  }

  @Test
  void aMixedLoadFromManyCallersIsDoneInFull() throws Exception {
    try (var workers = new Workers(3);
        var callers = Executors.newFixedThreadPool(6)) {
      var count = new AtomicInteger();
      List<Future<?>> futures =
          IntStream.range(0, 6)
              .<Future<?>>mapToObj(
                  _ ->
                      callers.submit(
                          () -> {
                            for (int i = 0; i < 2000; i++) {
                              workers.run(5, _ -> count.incrementAndGet());
                            }
                          }))
              .toList();
      for (var future : futures) {
        future.get();
      }
      assertThat(count).hasValue(6 * 2000 * 5);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theFirstFailureIsRethrownAndThePoolLives(int threads) {
    try (var workers = new Workers(threads)) {
      for (int round = 0; round < 100; round++) {
        var failure = new IllegalArgumentException("task");
        assertThatThrownBy(
                () ->
                    workers.run(
                        20,
                        i -> {
                          if (i == 11) {
                            throw failure;
                          }
                        }))
            .isSameAs(failure);
        var count = new AtomicInteger();
        workers.run(20, _ -> count.incrementAndGet());
        assertThat(count).hasValue(20);
      }
    }
  }

  @Test
  void errorsArePassedOnToo() {
    try (var workers = new Workers(2)) {
      assertThatThrownBy(
              () ->
                  workers.run(
                      4,
                      _ -> {
                        throw new StackOverflowError();
                      }))
          .isInstanceOf(StackOverflowError.class);
    }
  }

  @Test
  void anInterruptedCallerStaysInterruptedAndGetsItsResults() throws Exception {
    try (var workers = new Workers(2);
        var callers = Executors.newSingleThreadExecutor()) {
      var future =
          callers.submit(
              () -> {
                Thread.currentThread().interrupt();
                var count = new AtomicInteger();
                workers.run(
                    2,
                    _ -> {
                      count.incrementAndGet();
                      long end = System.nanoTime() + 20_000_000;
                      while (System.nanoTime() < end) {
                        Thread.onSpinWait();
                      }
                    });
                return Thread.interrupted() ? count.get() : -1;
              });
      assertThat(future.get()).isEqualTo(2);
    }
  }

  @Test
  void anIdlePoolUsesNoProcessorTime() {
    try (var workers = new Workers(3)) {
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      var barrier = new CyclicBarrier(3);
      workers.run(
          3,
          _ -> {
            seen.add(Thread.currentThread());
            pass(barrier);
          });
      seen.remove(Thread.currentThread());
      assertThat(seen).hasSize(2).allMatch(Thread::isDaemon);
      sleep(50);
      long before = processorTime(seen);
      sleep(300);
      assertThat(processorTime(seen) - before).isLessThan(5_000_000);
    }
  }

  @Test
  void closingEndsTheThreads() throws Exception {
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    var barrier = new CyclicBarrier(3);
    var workers = new Workers(3);
    workers.run(
        3,
        _ -> {
          seen.add(Thread.currentThread());
          pass(barrier);
        });
    sleep(5);
    workers.close();
    workers.close();
    seen.remove(Thread.currentThread());
    assertThat(seen).hasSize(2);
    for (var thread : seen) {
      assertThat(thread.join(java.time.Duration.ofSeconds(20))).isTrue();
    }
    var count = new AtomicInteger();
    workers.run(5, _ -> count.incrementAndGet());
    assertThat(count).hasValue(5);
  }

  @Test
  void lessThanOneThreadIsRefused() {
    assertThatThrownBy(() -> new Workers(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static long processorTime(Set<Thread> threads) {
    var bean = ManagementFactory.getThreadMXBean();
    return threads.stream().mapToLong(thread -> bean.getThreadCpuTime(thread.threadId())).sum();
  }

  private static void pass(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(new ExecutionException(e));
    }
  }
}
