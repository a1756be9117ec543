package io.lanewise.serve.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Answer.Body;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.model.ServedModel;
import io.lanewise.serve.model.ServedModels;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Routes whose requests say by their model and their fields what they ask: {@code /} and {@code
 * /invocations} (Amazon SageMaker), and {@code /vertex} (Google Vertex AI), which has a list of
 * them.
 */
record AnyRoutes(
    ServedModels models,
    EmbedRoutes embed,
    ScoreRoutes score,
    PipelineRoutes pipelines,
    WritingRoutes writing) {
  List<Route> routes() {
    return List.of(
        Route.post("/", call -> any(call, call.fields())),
        Route.post("/invocations", call -> any(call, call.fields())),
        Route.post("/vertex", call -> vertex(call, call.fields())));
  }

  private Answer any(Call call, Fields fields) {
    ServedModel model = models.choose(fields.optionalText("model"));
    return switch (model.kind()) {
      case EMBEDDING ->
          fields.get("inputs").filter(inputs -> inputs.has("source_sentence")).isPresent()
              ? embed.similarity(call, fields)
              : embed.embed(call, fields);
      case CLASSIFIER -> score.predict(call, fields);
      case RERANKER -> score.rerank(call, fields);
      case TOKEN_CLASSIFIER -> pipelines.tokens(call, fields);
      case QUESTION_ANSWERING -> pipelines.questions(call, fields);
      case FILL_MASK -> pipelines.fillMask(call, fields);
      case ZERO_SHOT -> pipelines.zeroShot(call, fields);
      case SUMMARIZER -> writing.summarize(call, fields);
    };
  }

  /** The answers to all instances; if one has none, there is none. */
  private Answer vertex(Call call, Fields fields) {
    var instances = fields.list("instances");
    if (instances.isEmpty()) {
      throw TextInputs.empty("instances");
    }
    TextInputs.checkCount(instances.size(), models.all().getFirst());
    var answers = new ByteArrayOutputStream();
    answers.writeBytes("{\"predictions\":[".getBytes(UTF_8));
    for (int i = 0; i < instances.size(); i++) {
      var instance = Fields.of(instances.get(i), "instances[%d]".formatted(i));
      instance.refuseFlag("stream");
      if (i > 0) {
        answers.write(',');
      }
      if (any(call, instance).body() instanceof Body.Whole whole) {
        answers.writeBytes(whole.bytes());
      }
    }
    answers.writeBytes("]}".getBytes(UTF_8));
    return Answer.json(answers.toByteArray());
  }
}
