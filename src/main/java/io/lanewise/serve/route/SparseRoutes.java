package io.lanewise.serve.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.task.SparseEmbedder;
import io.lanewise.task.SparseEmbedder.SparseVector;
import java.util.List;

/** {@code /embed_sparse} of text-embeddings-inference. */
record SparseRoutes(ServedModels models) {
  List<Route> routes() {
    return List.of(Route.post("/embed_sparse", call -> embed(call, call.fields())));
  }

  Answer embed(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), SparseEmbedder.class);
    var inputs = TextInputs.of(fields.need("inputs"), "inputs", chosen.model());
    var embedder =
        fields
            .optionalText("prompt_name")
            .map(chosen.task()::withPromptNamed)
            .orElse(chosen.task());
    var ask = EmbedRoutes.ask(call, inputs.texts(), chosen.model(), fields);
    var outcome = chosen.model().run(ask, () -> embedder.predictAll(inputs.texts()));
    return Answer.json(json(outcome.result())).with(outcome.headers());
  }

  /** For each vector a list of its places and numbers. */
  private static byte[] json(List<SparseVector> vectors) {
    var json = new StringBuilder("[");
    for (int i = 0; i < vectors.size(); i++) {
      json.append(i > 0 ? ",[" : "[");
      var vector = vectors.get(i);
      for (int k = 0; k < vector.size(); k++) {
        json.append(k > 0 ? ",{\"index\":" : "{\"index\":").append(vector.indices()[k]);
        json.append(",\"value\":").append(vector.weights()[k]).append('}');
      }
      json.append(']');
    }
    return json.append(']').toString().getBytes(US_ASCII);
  }
}
