package io.lanewise.serve.model;

import io.lanewise.model.Head;
import io.lanewise.serve.http.ErrorType;
import io.lanewise.serve.http.Refusal;
import io.lanewise.serve.metrics.Metrics;
import io.lanewise.task.Task;
import io.lanewise.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/** All models of a server, in the order in which they were given. */
public final class ServedModels implements AutoCloseable {
  private static final int SHOWN = 60;

  private final List<ServedModel> models;

  private ServedModels(List<ServedModel> models) {
    this.models = List.copyOf(models);
  }

  /**
   * Loads them; if one cannot be loaded, none is.
   *
   * @throws io.lanewise.LanewiseException if one cannot be loaded
   */
  public static ServedModels load(List<ModelSource> sources, ServeLimits limits, Metrics metrics) {
    var turn = new Semaphore(1, true);
    var loaded = new ArrayList<ServedModel>();
    try {
      for (var source : sources) {
        loaded.add(ServedModel.load(source, turn, limits, metrics));
      }
      return new ServedModels(loaded);
    } catch (RuntimeException e) {
      loaded.forEach(ServedModel::close);
      throw e;
    }
  }

  /** All of them. */
  public List<ServedModel> all() {
    return models;
  }

  /**
   * A model and its task.
   *
   * @param <T> the class of the task
   */
  public record Chosen<T>(ServedModel model, T task) {}

  /**
   * The model that a request means, which must have this task.
   *
   * @param name as the request says; a name that nobody knows counts where there is one model only,
   *     as in text-embeddings-inference
   * @throws Refusal if there is none of this name (404), or none with this task (424)
   */
  public <T extends Task<?, ?>> Chosen<T> choose(Optional<String> name, Class<T> task) {
    var meant = meant(name);
    return meant.stream()
        .filter(model -> task.isInstance(model.task()))
        .findFirst()
        .map(model -> new Chosen<>(model, task.cast(model.task())))
        .orElseThrow(() -> unfit(meant));
  }

  /**
   * The model that a request means, which must have this head.
   *
   * @throws Refusal as {@link #choose(Optional, Class)}
   */
  public ServedModel withHead(Optional<String> name, Head head) {
    var meant = meant(name);
    return meant.stream()
        .filter(model -> model.texts().model().head() == head)
        .findFirst()
        .orElseThrow(() -> unfit(meant));
  }

  /** The model that a request means, whatever its task; the first one if it says nothing. */
  public ServedModel choose(Optional<String> name) {
    return meant(name).getFirst();
  }

  private List<ServedModel> meant(Optional<String> name) {
    var named = models.stream().filter(model -> name.filter(model.name()::equals).isPresent());
    var found = named.toList();
    if (!found.isEmpty() || name.isEmpty() || models.size() == 1) {
      return found.isEmpty() ? models : found;
    }
    throw new Refusal(
        404,
        ErrorType.VALIDATION,
        "there is no model %s; there are %s"
            .formatted(
                Excerpt.beginning(name.get(), SHOWN),
                models.stream().map(ServedModel::name).collect(Collectors.joining(", "))));
  }

  private static Refusal unfit(List<ServedModel> meant) {
    var kinds =
        meant.stream()
            .map(model -> model.name() + " (" + model.kind().title() + ")")
            .collect(Collectors.joining(", "));
    return new Refusal(
            ErrorType.BACKEND, "this route needs a model for another task; there is " + kinds)
        .counted("model_type");
  }

  /** Has all of them ready for their first requests. */
  public void warmUp() {
    models.forEach(ServedModel::warmUp);
  }

  @Override
  public void close() {
    models.forEach(ServedModel::close);
  }
}
