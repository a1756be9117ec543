package io.lanewise.serve.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.model.Head;
import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Refusal;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.metrics.Metrics.Work;
import io.lanewise.serve.model.ServedModel;
import io.lanewise.serve.model.ServedModel.Ask;
import io.lanewise.serve.model.ServedModel.Outcome;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.serve.model.ServedModels.Chosen;
import io.lanewise.task.LabelScore;
import io.lanewise.task.Reranker;
import io.lanewise.task.Reranker.Ranked;
import io.lanewise.task.ScoreFunction;
import io.lanewise.task.TextPair;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /predict} and {@code /rerank} of text-embeddings-inference, and {@code /v1/rerank} as
 * clients of Cohere and Jina speak it.
 */
record ScoreRoutes(ServedModels models) {
  private static final int MOST = 1_000_000;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  List<Route> routes() {
    return List.of(
        Route.post("/predict", call -> predict(call, call.fields())),
        Route.post("/rerank", call -> rerank(call, call.fields())),
        Route.openAi("/v1/rerank", call -> rerankDocuments(call, call.fields())));
  }

  /**
   * Labels of texts and pairs. A list of two strings is one pair; several texts are a list of
   * lists. Scores are made as text-embeddings-inference makes them: by the softmax of several
   * labels, by the sigmoid of one, whatever {@code problem_type} is.
   */
  Answer predict(Call call, Fields fields) {
    var model = models.withHead(fields.optionalText("model"), Head.SEQUENCE_CLASSIFICATION);
    var inputs = fields.need("inputs");
    var pairs = pairs(inputs, model);
    boolean raw = fields.flag("raw_scores", false);
    var texts = new ArrayList<String>();
    for (var pair : pairs) {
      texts.add(pair.first());
      if (pair.second() != null) {
        texts.add(pair.second());
      }
    }
    var ask =
        new Ask(
            call,
            Work.PREDICT,
            pairs.size(),
            TextInputs.characters(texts),
            Cutting.of(fields, model));
    var outcome = model.run(ask, () -> logits(model, pairs));
    var answers = JSON.arrayNode();
    outcome.result().forEach(logits -> answers.add(labels(model, logits, raw)));
    return Answer.json(isBatch(inputs) ? answers : answers.get(0)).with(outcome.headers());
  }

  private static List<float[]> logits(ServedModel model, List<TextPair> pairs) {
    var texts = model.texts();
    return texts.logits(pairs.stream().map(texts::encode).toList());
  }

  private static ArrayNode labels(ServedModel model, float[] logits, boolean raw) {
    var function =
        raw
            ? ScoreFunction.NONE
            : logits.length > 1 ? ScoreFunction.SOFTMAX : ScoreFunction.SIGMOID;
    var labels = JSON.arrayNode();
    for (var each : LabelScore.ranked(model.texts().model().labels(), function.apply(logits))) {
      labels.addObject().put("score", each.score()).put("label", each.label());
    }
    return labels;
  }

  private static boolean isBatch(JsonNode inputs) {
    return inputs.isArray() && inputs.get(0).isArray();
  }

  private static List<TextPair> pairs(JsonNode inputs, ServedModel model) {
    if (inputs.isArray() && inputs.isEmpty()) {
      throw TextInputs.empty("inputs");
    }
    if (!isBatch(inputs)) {
      return List.of(pair(inputs));
    }
    TextInputs.checkCount(inputs.size(), model);
    var pairs = new ArrayList<TextPair>(inputs.size());
    for (var each : inputs) {
      if (!each.isArray()) {
        throw wrongPair();
      }
      pairs.add(pair(each));
    }
    return pairs;
  }

  private static TextPair pair(JsonNode input) {
    if (input.isTextual()) {
      return TextPair.of(input.textValue());
    }
    boolean texts = input.isArray() && (input.size() == 1 || input.size() == 2);
    for (var each : input) {
      texts &= each.isTextual();
    }
    if (!texts) {
      throw wrongPair();
    }
    return input.size() == 1
        ? TextPair.of(input.get(0).textValue())
        : TextPair.of(input.get(0).textValue(), input.get(1).textValue());
  }

  private static Refusal wrongPair() {
    return Refusal.invalid(
        "`inputs` must be a string, a list of one string or two, or a list of such lists");
  }

  Answer rerank(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), Reranker.class);
    var texts = fields.texts("texts");
    if (texts.isEmpty()) {
      throw TextInputs.empty("texts");
    }
    boolean withText = fields.flag("return_text", false);
    var function = fields.flag("raw_scores", false) ? ScoreFunction.NONE : ScoreFunction.SIGMOID;
    var outcome = rerank(call, chosen, chosen.task().withFunction(function), fields, texts);
    var answer = JSON.arrayNode();
    for (var each : outcome.result()) {
      var entry = answer.addObject().put("index", each.index());
      if (withText) {
        entry.put("text", each.passage());
      }
      entry.put("score", each.score());
    }
    return Answer.json(answer).with(outcome.headers());
  }

  private static Outcome<List<Ranked>> rerank(
      Call call, Chosen<Reranker> chosen, Reranker task, Fields fields, List<String> passages) {
    TextInputs.checkCount(passages.size(), chosen.model());
    var query = fields.text("query");
    long characters = TextInputs.characters(passages) + TextInputs.characters(List.of(query));
    var ask =
        new Ask(
            call, Work.PREDICT, passages.size(), characters, Cutting.of(fields, chosen.model()));
    return chosen.model().run(ask, () -> task.predict(query, passages));
  }

  Answer rerankDocuments(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), Reranker.class);
    var passages = new ArrayList<String>();
    for (var document : fields.list("documents")) {
      passages.add(
          document.isTextual()
              ? document.textValue()
              : Fields.of(document, "documents[%d]".formatted(passages.size())).text("text"));
    }
    if (passages.isEmpty()) {
      throw TextInputs.empty("documents");
    }
    boolean withDocument = fields.flag("return_documents", false);
    var top = fields.integer("top_n", 1, MOST);
    var sigmoid = chosen.task().withFunction(ScoreFunction.SIGMOID);
    var task = top.isPresent() ? sigmoid.withTop(top.getAsInt()) : sigmoid;
    var outcome = rerank(call, chosen, task, fields, passages);
    var answer = JSON.objectNode().put("model", chosen.model().name());
    var results = answer.putArray("results");
    for (var each : outcome.result()) {
      var entry =
          results.addObject().put("index", each.index()).put("relevance_score", each.score());
      if (withDocument) {
        entry.putObject("document").put("text", each.passage());
      }
    }
    answer
        .putObject("usage")
        .put("prompt_tokens", outcome.tokens())
        .put("total_tokens", outcome.tokens());
    return Answer.json(answer).with(outcome.headers());
  }
}
