package io.lanewise.serve.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.model.Precision;
import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.ErrorType;
import io.lanewise.serve.http.Readiness;
import io.lanewise.serve.http.Refusal;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.http.Route.Access;
import io.lanewise.serve.metrics.Metrics;
import io.lanewise.serve.model.ServedModel;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.task.Embedder;
import io.lanewise.task.PoolingMode;
import io.lanewise.task.Reranker;
import io.lanewise.task.TextClassifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What the server says of itself. */
record ServerRoutes(
    ServedModels models, Metrics metrics, String version, Supplier<Readiness> readiness) {
  private static final String PROMETHEUS = "text/plain; version=0.0.4";

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    for (var path : List.of("/health", "/ready", "/ping")) {
      routes.add(Route.get(path, Access.PROBE, this::health));
    }
    routes.add(Route.get("/live", Access.PROBE, _ -> Answer.empty(200)));
    routes.add(Route.get("/metrics", Access.PROBE, _ -> Answer.text(PROMETHEUS, metrics.text())));
    routes.add(Route.get("/info", Access.KEYED, _ -> Answer.json(info(Optional.empty()))));
    for (var model : models.all()) {
      routes.add(
          Route.get(
              "/info/" + model.name(), Access.KEYED, _ -> Answer.json(info(Optional.of(model)))));
    }
    return routes;
  }

  /** Whether requests are answered. */
  Answer health(Call call) {
    return switch (readiness.get()) {
      case READY -> Answer.empty(200);
      case STARTING ->
          throw new Refusal(ErrorType.UNHEALTHY, "the models are not ready yet")
              .with("Retry-After", "1");
      case DRAINING -> throw new Refusal(ErrorType.UNHEALTHY, "the server is stopping");
    };
  }

  /** {@code Info} of text-embeddings-inference, of one model: the first if none is meant. */
  private ObjectNode info(Optional<ServedModel> meant) {
    var model = meant.orElse(models.all().getFirst());
    var limits = model.limits();
    var info = JsonNodeFactory.instance.objectNode();
    info.put("model_id", model.name());
    info.putNull("model_sha");
    info.put("model_dtype", dtype(model.source().options().model().precision()));
    info.put("served_model_name", model.name());
    info.set("model_type", type(model));
    info.put("max_concurrent_requests", limits.requests());
    info.put("max_input_length", model.texts().longest());
    info.put("max_batch_tokens", limits.batchTokens());
    info.putNull("max_batch_requests");
    info.put("max_client_batch_size", limits.clientBatch());
    info.put("auto_truncate", limits.cutsUnasked());
    info.put("tokenization_workers", Runtime.getRuntime().availableProcessors());
    info.put("version", version);
    info.putNull("sha");
    info.putNull("docker_label");
    return info;
  }

  private static String pooling(Embedder embedder) {
    return embedder.poolings().stream().map(PoolingMode::title).collect(Collectors.joining("+"));
  }

  private static String dtype(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> "float32";
      case BFLOAT16 -> "bfloat16";
      case INT8 -> "int8";
    };
  }

  /** {@code ModelType}, with names of its own for the tasks that it does not know. */
  private static ObjectNode type(ServedModel model) {
    var type = JsonNodeFactory.instance.objectNode();
    var own = type.putObject(model.kind().title().replace('-', '_'));
    switch (model.task()) {
      case Embedder embedder -> own.put("pooling", pooling(embedder));
      case TextClassifier _, Reranker _ -> {
        var labels = model.texts().model().labels();
        var names = own.putObject("id2label");
        var ids = own.putObject("label2id");
        for (int i = 0; i < labels.size(); i++) {
          names.put(String.valueOf(i), labels.get(i));
          ids.put(labels.get(i), i);
        }
      }
      default -> {}
    }
    return type;
  }
}
