package io.lanewise.springai;

import io.lanewise.InputException;
import io.lanewise.model.Kernels;
import io.lanewise.model.MemoryBudget;
import io.lanewise.task.Task;
import io.lanewise.task.TaskOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.document.MetadataMode;

/**
 * What is set before a model is loaded, whatever it does.
 *
 * <pre>{@code
 * var builder =
 *     LanewiseDocumentReranker.builder(ModelSource.of("ms-marco-MiniLM-L6-v2"))
 *         .timeout(Duration.ofSeconds(2))
 *         .warmUp(true);
 * }</pre>
 *
 * @param <B> the builder itself
 */
public abstract sealed class ServedModelBuilder<B extends ServedModelBuilder<B>>
    permits LanewiseEmbeddingModel.Builder, LanewiseDocumentReranker.Builder {
  private final ModelSource source;
  private @Nullable String name;
  private TaskOptions taskOptions = TaskOptions.DEFAULT;
  private @Nullable MemoryBudget memory;
  private MetadataMode metadataMode = MetadataMode.NONE;
  private @Nullable Duration timeout;
  private boolean warmUp;
  private ObservationRegistry observations = ObservationRegistry.NOOP;
  private MeterRegistry meters = new CompositeMeterRegistry(); // of nothing: nothing is kept

  ServedModelBuilder(ModelSource source) {
    this.source = source;
  }

  abstract B self();

  /** The name in responses, metrics and health; if not said what the source calls the model. */
  public B name(String newName) {
    name = newName;
    return self();
  }

  /**
   * How the model is loaded, and how much text goes through it at once. The memory budget and the
   * listener of its model are not used: {@link #memory} sets the one, {@link ServedModel#kernels}
   * tells the other.
   */
  public B taskOptions(TaskOptions newTaskOptions) {
    taskOptions = newTaskOptions;
    return self();
  }

  /** What calls take their memory from; half of the machine's if not said. */
  public B memory(MemoryBudget newMemory) {
    memory = newMemory;
    return self();
  }

  /** Which metadata of a document stand before its text; none if not said. */
  public B metadataMode(MetadataMode newMetadataMode) {
    metadataMode = newMetadataMode;
    return self();
  }

  /**
   * The time after which a call fails with a {@link io.lanewise.CancelledException}; null for none,
   * which holds if not said.
   *
   * @throws InputException if it is not more than nothing
   */
  public B timeout(@Nullable Duration newTimeout) {
    if (newTimeout != null && (newTimeout.isNegative() || newTimeout.isZero())) {
      throw new InputException("a timeout of " + newTimeout + ": give more than nothing");
    }
    timeout = newTimeout;
    return self();
  }

  /** Whether building does what would make the first calls slower; it does not if not said. */
  public B warmUp(boolean newWarmUp) {
    warmUp = newWarmUp;
    return self();
  }

  /** What observations of calls go to; none if not said. */
  public B observationRegistry(ObservationRegistry newObservations) {
    observations = newObservations;
    return self();
  }

  /** Where the meters of the model are; none if not said. */
  public B meterRegistry(MeterRegistry newMeters) {
    meters = newMeters;
    return self();
  }

  MetadataMode metadataMode() {
    return metadataMode;
  }

  ObservationRegistry observations() {
    return observations;
  }

  /** Loads the task. */
  <T extends Task<?, ?>> Serving<T> serve(String task, BiFunction<Path, TaskOptions, T> load) {
    var budget = memory == null ? MemoryBudget.ofMachine() : memory;
    var kernels = new AtomicReference<Kernels>();
    var model = taskOptions.model().withMemory(budget).withListener(kernels::set);
    var folder = source.folder();
    var loaded = load.apply(folder, taskOptions.withModel(model));
    try {
      if (warmUp) {
        loaded.warmUp();
      }
      return new Serving<>(
          name == null ? source.model() : name,
          task,
          folder,
          loaded,
          kernels.get(),
          budget,
          timeout,
          meters);
    } catch (RuntimeException | Error e) {
      loaded.close();
      throw e;
    }
  }
}
