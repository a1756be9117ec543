package io.lanewise.serve.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Errors;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.http.Route.Access;
import io.lanewise.serve.metrics.Metrics.Work;
import io.lanewise.serve.model.ServedModel;
import io.lanewise.serve.model.ServedModel.Ask;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.task.Embedder;
import io.lanewise.task.Embedding;
import java.util.ArrayList;
import java.util.List;

/** Embeddings and models as OpenAI's clients ask for them. */
record OpenAiRoutes(ServedModels models) {
  private static final List<String> FORMATS = List.of("float", "base64");

  List<Route> routes() {
    var routes = new ArrayList<Route>();
    for (var path : List.of("/v1/embeddings", "/embeddings")) {
      routes.add(Route.openAi(path, call -> embed(call, call.fields())));
    }
    routes.add(
        new Route("GET", "/v1/models", Access.KEYED, Errors.OPENAI, _ -> Answer.json(list())));
    for (var model : models.all()) {
      routes.add(
          new Route(
              "GET",
              "/v1/models/" + model.name(),
              Access.KEYED,
              Errors.OPENAI,
              _ -> Answer.json(entry(model))));
    }
    return routes;
  }

  Answer embed(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), Embedder.class);
    var inputs = TextInputs.of(fields.need("input"), "input", chosen.model());
    boolean base64 = fields.choice("encoding_format", "float", FORMATS).equals("base64");
    var embedder =
        EmbedRoutes.cutTo(chosen.task().withNormalisation(true), EmbedRoutes.dimensions(fields));
    var ask =
        new Ask(
            call,
            Work.EMBED,
            inputs.texts().size(),
            inputs.characters(),
            Cutting.unasked(chosen.model()));
    var outcome = chosen.model().run(ask, () -> embedder.predictAll(inputs.texts()));
    return Answer.json(json(outcome.result(), base64, chosen.model().name(), outcome.tokens()))
        .with(outcome.headers());
  }

  private static byte[] json(List<Embedding> vectors, boolean base64, String model, long tokens) {
    var json = new StringBuilder("{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < vectors.size(); i++) {
      json.append(i > 0 ? "," : "").append("{\"object\":\"embedding\",\"embedding\":");
      var values = vectors.get(i).values();
      if (base64) {
        json.append('"').append(Vectors.base64(values)).append('"');
      } else {
        Vectors.append(json, values, 0, values.length);
      }
      json.append(",\"index\":").append(i).append('}');
    }
    return json.append("],\"model\":")
        .append(TextNode.valueOf(model))
        .append(",\"usage\":{\"prompt_tokens\":")
        .append(tokens)
        .append(",\"total_tokens\":")
        .append(tokens)
        .append("}}")
        .toString()
        .getBytes(UTF_8);
  }

  private ObjectNode list() {
    var list = JsonNodeFactory.instance.objectNode().put("object", "list");
    var data = list.putArray("data");
    models.all().forEach(model -> data.add(entry(model)));
    return list;
  }

  private static ObjectNode entry(ServedModel model) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", model.name())
        .put("object", "model")
        .put("created", model.loaded().getEpochSecond())
        .put("owned_by", "lanewise")
        .put("task", model.kind().title())
        .put("max_input_length", model.texts().longest());
  }
}
