package io.lanewise.serve.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.serve.batch.RequestPasses.Cut;
import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.metrics.Metrics.Work;
import io.lanewise.serve.model.ServedModel;
import io.lanewise.serve.model.ServedModel.Ask;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.task.FillMask;
import java.util.List;

/** What Hugging Face's pipelines answer, in their JSON: {@code inputs} and {@code parameters}. */
record PipelineRoutes(ServedModels models) {
  private static final int MOST = 10_000;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  List<Route> routes() {
    return List.of(Route.post("/fill-mask", call -> fillMask(call, call.fields())));
  }

  /** A question whose texts are cut as the task does it. */
  private static Ask ask(Call call, ServedModel model, List<String> texts, int inputs) {
    TextInputs.checkCount(inputs, model);
    return new Ask(call, Work.OTHER, inputs, TextInputs.characters(texts), Cut.AS_THE_TASK);
  }

  Answer fillMask(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), FillMask.class);
    var texts = fields.textOrTexts("inputs");
    if (texts.isEmpty()) {
      throw TextInputs.empty("inputs");
    }
    var parameters = fields.object("parameters").only("top_k", "targets");
    var top = parameters.integer("top_k", 1, MOST);
    var task = top.isPresent() ? chosen.task().withTop(top.getAsInt()) : chosen.task();
    var aimed =
        parameters.get("targets").isPresent()
            ? task.withTargets(parameters.textOrTexts("targets"))
            : task;
    var outcome =
        chosen
            .model()
            .run(ask(call, chosen.model(), texts, texts.size()), () -> aimed.predictAll(texts));
    var answers = JSON.arrayNode();
    outcome.result().forEach(answer -> answers.add(masks(answer)));
    return Answer.json(fields.isList("inputs") ? answers : answers.get(0)).with(outcome.headers());
  }

  /** The candidates of one mask, or of each of several. */
  private static ArrayNode masks(FillMask.Answer answer) {
    if (answer.masks().size() == 1) {
      return candidates(answer.masks().getFirst());
    }
    var masks = JSON.arrayNode();
    answer.masks().forEach(mask -> masks.add(candidates(mask)));
    return masks;
  }

  private static ArrayNode candidates(FillMask.Mask mask) {
    var candidates = JSON.arrayNode();
    for (var each : mask.candidates()) {
      candidates
          .addObject()
          .put("score", each.score())
          .put("token", each.id())
          .put("token_str", each.token())
          .put("sequence", each.text());
    }
    return candidates;
  }
}
