package io.lanewise.serve.route;

import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.ErrorType;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Refusal;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.model.ServedModels;
import java.util.List;

/**
 * {@code /embed_sparse} of text-embeddings-inference. No task of a served model gives such vectors,
 * so that every model is refused as one for another task.
 */
record SparseRoutes(ServedModels models) {
  List<Route> routes() {
    return List.of(Route.post("/embed_sparse", call -> embed(call, call.fields())));
  }

  Answer embed(Call call, Fields fields) {
    var model = models.choose(fields.optionalText("model"));
    call.answeredBy(model.name());
    throw new Refusal(
            ErrorType.BACKEND,
            "%s (%s) gives no sparse vectors".formatted(model.name(), model.kind().title()))
        .counted("model_type");
  }
}
