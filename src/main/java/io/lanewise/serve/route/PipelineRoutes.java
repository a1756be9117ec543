package io.lanewise.serve.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.lanewise.task.QuestionAnswerer;
import io.lanewise.task.QuestionAnswerer.Question;
import io.lanewise.task.TokenClassifier;
import io.lanewise.task.TokenClassifier.Aggregation;
import io.lanewise.task.TokenClassifier.Entity;
import io.lanewise.task.ZeroShot;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** What Hugging Face's pipelines answer, in their JSON: {@code inputs} and {@code parameters}. */
record PipelineRoutes(ServedModels models) {
  private static final int MOST = 10_000;
  private static final List<String> STRATEGIES =
      List.of("none", "simple", "first", "average", "max");
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  List<Route> routes() {
    return List.of(
        Route.post("/fill-mask", call -> fillMask(call, call.fields())),
        Route.post("/ner", call -> tokens(call, call.fields())),
        Route.post("/qa", call -> questions(call, call.fields())),
        Route.post("/zero-shot", call -> zeroShot(call, call.fields())));
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

  Answer tokens(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), TokenClassifier.class);
    var texts = fields.textOrTexts("inputs");
    if (texts.isEmpty()) {
      throw TextInputs.empty("inputs");
    }
    var parameters =
        fields.object("parameters").only("aggregation_strategy", "ignore_labels", "stride");
    var strategy = parameters.choice("aggregation_strategy", "none", STRATEGIES);
    var aggregation = Aggregation.valueOf(strategy.toUpperCase(Locale.ROOT));
    var task = chosen.task().withAggregation(aggregation).withOffsets(OffsetUnit.CODE_POINTS);
    if (parameters.get("ignore_labels").isPresent()) {
      task = task.withIgnoredLabels(Set.copyOf(parameters.texts("ignore_labels")));
    }
    var stride = parameters.integer("stride", 0, MOST);
    var tagger = stride.isPresent() ? task.withStride(stride.getAsInt()) : task;
    var outcome =
        chosen
            .model()
            .run(ask(call, chosen.model(), texts, texts.size()), () -> tagger.predictAll(texts));
    var answers = JSON.arrayNode();
    outcome.result().forEach(entities -> answers.add(json(entities, aggregation)));
    return Answer.json(fields.isList("inputs") ? answers : answers.get(0)).with(outcome.headers());
  }

  private static ArrayNode json(List<Entity> entities, Aggregation aggregation) {
    boolean single = aggregation == Aggregation.NONE;
    var list = JSON.arrayNode();
    for (var each : entities) {
      var entity = list.addObject().put(single ? "entity" : "entity_group", each.label());
      entity.put("score", each.score());
      if (single) {
        entity.put("index", each.index());
      }
      entity.put("word", each.word()).put("start", each.start()).put("end", each.end());
    }
    return list;
  }

  Answer questions(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), QuestionAnswerer.class);
    var questions = new ArrayList<Question>();
    if (fields.isList("inputs")) {
      for (var each : fields.list("inputs")) {
        questions.add(question(Fields.of(each, "inputs[%d]".formatted(questions.size()))));
      }
      if (questions.isEmpty()) {
        throw TextInputs.empty("inputs");
      }
    } else {
      questions.add(question(Fields.of(fields.need("inputs"), "inputs")));
    }
    var parameters =
        fields
            .object("parameters")
            .only(
                "top_k",
                "doc_stride",
                "max_answer_len",
                "max_seq_len",
                "max_question_len",
                "handle_impossible_answer",
                "align_to_words");
    var top = parameters.integer("top_k", 1, MOST);
    var answerer =
        with(chosen.task(), parameters).withTop(top.orElse(1)).withOffsets(OffsetUnit.CODE_POINTS);
    var texts = questions.stream().flatMap(q -> Stream.of(q.text(), q.context())).toList();
    var outcome =
        chosen
            .model()
            .run(
                ask(call, chosen.model(), texts, questions.size()),
                () -> answerer.predictAll(questions));
    var answers = JSON.arrayNode();
    for (var found : outcome.result()) {
      // As in the pipeline: one answer stands alone, several are a list.
      answers.add(top.orElse(1) == 1 ? json(found.getFirst()) : json(found));
    }
    return Answer.json(fields.isList("inputs") ? answers : answers.get(0)).with(outcome.headers());
  }

  private static Question question(Fields fields) {
    return new Question(fields.text("question"), fields.text("context"));
  }

  private static QuestionAnswerer with(QuestionAnswerer answerer, Fields parameters) {
    var changed =
        answerer
            .withImpossibleAnswer(parameters.flag("handle_impossible_answer", false))
            .withWholeWords(parameters.flag("align_to_words", true));
    var stride = parameters.integer("doc_stride", 0, MOST);
    if (stride.isPresent()) {
      changed = changed.withDocStride(stride.getAsInt());
    }
    var answer = parameters.integer("max_answer_len", 1, MOST);
    if (answer.isPresent()) {
      changed = changed.withMaxAnswerLength(answer.getAsInt());
    }
    var window = parameters.integer("max_seq_len", 1, MOST);
    if (window.isPresent()) {
      changed = changed.withMaxSequenceLength(window.getAsInt());
    }
    var question = parameters.integer("max_question_len", 1, MOST);
    return question.isPresent() ? changed.withMaxQuestionLength(question.getAsInt()) : changed;
  }

  private static ArrayNode json(List<QuestionAnswerer.Answer> answers) {
    var list = JSON.arrayNode();
    answers.forEach(each -> list.add(json(each)));
    return list;
  }

  private static ObjectNode json(QuestionAnswerer.Answer answer) {
    return JSON.objectNode()
        .put("score", answer.score())
        .put("start", answer.start())
        .put("end", answer.end())
        .put("answer", answer.text());
  }

  Answer zeroShot(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), ZeroShot.class);
    var texts = fields.textOrTexts("inputs");
    if (texts.isEmpty()) {
      throw TextInputs.empty("inputs");
    }
    var parameters =
        fields.object("parameters").only("candidate_labels", "multi_label", "hypothesis_template");
    parameters.need("candidate_labels");
    var labels =
        parameters.isList("candidate_labels")
            ? parameters.texts("candidate_labels")
            : ZeroShot.labels(parameters.text("candidate_labels"));
    var template = parameters.optionalText("hypothesis_template");
    var multi = chosen.task().withMultiLabel(parameters.flag("multi_label", false));
    var task = template.isPresent() ? multi.withTemplate(template.get()) : multi;
    var ask = ask(call, chosen.model(), texts, texts.size() * Math.max(1, labels.size()));
    var outcome = chosen.model().run(ask, () -> task.predictAll(texts, labels));
    var answers = JSON.arrayNode();
    for (int i = 0; i < texts.size(); i++) {
      var answer = answers.addObject().put("sequence", texts.get(i));
      var names = answer.putArray("labels");
      var scores = answer.putArray("scores");
      for (var each : outcome.result().get(i)) {
        names.add(each.label());
        scores.add(each.score());
      }
    }
    return Answer.json(fields.isList("inputs") ? answers : answers.get(0)).with(outcome.headers());
  }
}
