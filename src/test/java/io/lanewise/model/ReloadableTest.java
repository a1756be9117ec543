package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.ClosedException;
import io.lanewise.InputException;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReloadableTest {
  private static final Options OPTIONS = Options.DEFAULT.withBackend(KernelChoice.SCALAR);
  private static final Inputs INPUTS = Inputs.ids(TinyAlbert.ids(new Random(1), 1, 4));

  /** Counts. */
  private static final class Resource implements AutoCloseable {
    private final AtomicInteger closed = new AtomicInteger();

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  /** 32 callers, and a model that changes fifty times: every answer is one of a whole model. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noCallFailsWhileTheModelChanges(boolean virtual) throws Exception {
    var seed = new AtomicInteger();
    var loaded = new ArrayList<Model>();
    List<Map<String, Tensor>> known = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (var model = TinyAlbert.model(OPTIONS.withSeed(i))) {
        known.add(model.forward(INPUTS).tensors());
      }
    }
    assertThat(known.getFirst()).isNotEqualTo(known.getLast());
    var factory = virtual ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
    var stop = new AtomicBoolean();
    var running = new CountDownLatch(32);
    try (var holder =
            Reloadable.of(
                () -> {
                  var model = TinyAlbert.model(OPTIONS.withSeed(seed.getAndIncrement() % 2));
                  loaded.add(model);
                  return model;
                });
        var threads = Executors.newThreadPerTaskExecutor(factory)) {
      var calls = new ArrayList<Future<Integer>>();
      for (int i = 0; i < 32; i++) {
        calls.add(
            threads.submit(
                () -> {
                  int wrong = 0;
                  while (!stop.get()) {
                    var answer = holder.use(model -> model.forward(INPUTS)).tensors();
                    wrong += known.contains(answer) ? 0 : 1;
                    running.countDown();
                  }
                  return wrong;
                }));
      }
      running.await();
      for (int i = 0; i < 50; i++) {
        holder.reload();
      }
      stop.set(true);
      for (var call : calls) {
        assertThat(call.get()).isZero();
      }
    }
    assertThat(loaded).hasSize(51);
    for (var model : loaded) {
      assertThatThrownBy(() -> model.forward(INPUTS)).isInstanceOf(ClosedException.class);
    }
  }

  @Test
  void theOldOneIsClosedByItsLastCall() {
    var first = new Resource();
    var second = new Resource();
    try (var holder = Reloadable.of(() -> first)) {
      holder.run(
          used -> {
            holder.replace(second);
            assertThat(used.closed).hasValue(0);
            assertThat(holder.<Resource>use(other -> other)).isSameAs(second);
          });
      assertThat(first.closed).hasValue(1);
      assertThat(second.closed).hasValue(0);
    }
    assertThat(second.closed).hasValue(1);
  }

  @Test
  void aReloadThatFailsChangesNothing() {
    var fails = new AtomicBoolean();
    var resource = new Resource();
    var holder =
        Reloadable.of(
            () -> {
              if (fails.get()) {
                throw new InputException("not now");
              }
              return resource;
            });
    fails.set(true);
    assertThatThrownBy(holder::reload).hasMessage("not now");
    assertThat(holder.<Resource>use(used -> used)).isSameAs(resource);
    assertThat(resource.closed).hasValue(0);
    holder.close();
    holder.close();
    assertThat(resource.closed).hasValue(1);
  }

  @Test
  void aClosedHolderRefusesCallsAndClosesWhatItIsGiven() {
    var holder = Reloadable.of(Resource::new);
    holder.close();
    assertThatThrownBy(() -> holder.run(_ -> {})).isInstanceOf(ClosedException.class);
    var late = new Resource();
    assertThatThrownBy(() -> holder.replace(late)).isInstanceOf(ClosedException.class);
    assertThat(late.closed).hasValue(1);
  }
}
