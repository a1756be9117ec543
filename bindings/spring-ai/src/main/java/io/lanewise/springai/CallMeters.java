package io.lanewise.springai;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The meters of one model, each with the tags {@code task} and {@code model}:
 *
 * <ul>
 *   <li>{@code lanewise.models}: 1 while it is loaded;
 *   <li>{@code lanewise.memory.used}: bytes outside the heap that its calls have taken;
 *   <li>{@code lanewise.calls}: how many, and how long they took, by {@code outcome}, which is
 *       {@code success} or the exception's class;
 *   <li>{@code lanewise.texts} and {@code lanewise.tokens}: how many went through it.
 * </ul>
 */
final class CallMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter texts;
  private final Counter tokens;
  private final List<Meter> gauges;

  CallMeters(MeterRegistry registry, ServedModel model) {
    this.registry = registry;
    this.tags = Tags.of("task", model.task(), "model", model.name());
    this.texts =
        Counter.builder("lanewise.texts")
            .description("Texts, or pairs of them, that were given to the model")
            .tags(tags)
            .register(registry);
    this.tokens =
        Counter.builder("lanewise.tokens")
            .description("Tokens that went through the model")
            .baseUnit("tokens")
            .tags(tags)
            .register(registry);
    this.gauges =
        List.of(
            Gauge.builder("lanewise.models", model, each -> each.isOpen() ? 1 : 0)
                .description("Models that are loaded")
                .tags(tags)
                .register(registry),
            Gauge.builder("lanewise.memory.used", model, ServedModel::memoryUsed)
                .description("Memory outside the heap that calls have taken")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry));
  }

  /** A call whose tokens are counted. */
  @FunctionalInterface
  interface Call<A> {
    /**
     * Runs it.
     *
     * @param tokens told how many tokens there are, of each text
     */
    A run(IntConsumer tokens);
  }

  /** An answer, and how many tokens it took. */
  record Counted<A>(A answer, int tokens) {}

  /** Runs a call over so many texts and measures it. */
  <A> Counted<A> measure(int count, Call<A> call) {
    var sample = Timer.start(registry);
    var outcome = "success";
    try {
      var sum = new int[1];
      var answer = call.run(each -> sum[0] += each);
      texts.increment(count);
      tokens.increment(sum[0]);
      return new Counted<>(answer, sum[0]);
    } catch (RuntimeException | Error e) {
      outcome = e.getClass().getSimpleName();
      throw e;
    } finally {
      sample.stop(
          Timer.builder("lanewise.calls")
              .description("Calls of the model")
              .tags(tags.and("outcome", outcome))
              .register(registry));
    }
  }

  /** Takes the gauges away; what was counted stays. */
  @Override
  public void close() {
    gauges.forEach(registry::remove);
  }
}
