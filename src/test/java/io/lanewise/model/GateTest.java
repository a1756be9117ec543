package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.ClosedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GateTest {
  private final Gate gate = new Gate();
  private final AtomicInteger freed = new AtomicInteger();

  @Test
  void waitsForThoseInsideAndRefusesOthersMeanwhile() throws InterruptedException {
    gate.enter("a");
    gate.enter("a");
    var closed = new CountDownLatch(1);
    var closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  gate.close(freed::incrementAndGet);
                  closed.countDown();
                });
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThatThrownBy(() -> gate.enter("model m"))
        .isInstanceOf(ClosedException.class)
        .hasMessageContaining("model m has been closed");
    gate.leave();
    assertThat(closed.await(50, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(freed).hasValue(0);
    gate.leave();
    closer.join();
    assertThat(freed).hasValue(1);
  }

  @Test
  void freesOnce() {
    gate.close(freed::incrementAndGet);
    gate.close(freed::incrementAndGet);
    assertThat(freed).hasValue(1);
  }

  @Test
  void anInterruptIsKeptForLater() throws InterruptedException {
    gate.enter("a");
    var interrupted = new AtomicInteger();
    var closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  gate.close(freed::incrementAndGet);
                  interrupted.set(Thread.currentThread().isInterrupted() ? 1 : 2);
                });
    closer.interrupt();
    gate.leave();
    closer.join();
    assertThat(freed).hasValue(1);
    assertThat(interrupted).hasValue(1);
  }
}
