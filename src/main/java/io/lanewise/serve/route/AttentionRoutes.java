package io.lanewise.serve.route;

import io.lanewise.serve.batch.RequestPasses.Cut;
import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Refusal;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.metrics.Metrics.Work;
import io.lanewise.serve.model.ServedModel;
import io.lanewise.serve.model.ServedModel.Ask;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.task.attention.AttentionPage;
import io.lanewise.task.attention.AttentionTask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** {@code /attention}: which tokens of a text, or of two, look at which. */
record AttentionRoutes(ServedModels models) {
  /** Maps grow with the square of this. */
  private static final int MOST_TOKENS = 256;

  List<Route> routes() {
    return List.of(Route.post("/attention", call -> attention(call, call.fields())));
  }

  Answer attention(Call call, Fields fields) {
    var model = models.choose(fields.optionalText("model"));
    var texts = fields.textOrTexts("inputs");
    if (texts.isEmpty() || texts.size() > 2) {
      throw Refusal.invalid("`inputs` must be a string, or a list of one or two");
    }
    var first = AttentionTask.Question.of(texts.getFirst());
    var question = texts.size() == 1 ? first : first.withPair(texts.getLast());
    long tokens = tokens(model, texts);
    if (tokens > MOST_TOKENS) {
      throw Refusal.invalid(
          "`inputs` have %d tokens, maps are made of at most %d: shorten them"
              .formatted(tokens, MOST_TOKENS));
    }
    var ask = new Ask(call, Work.OTHER, 1, TextInputs.characters(texts), Cut.AS_THE_TASK);
    var outcome = model.runAlone(ask, tokens, () -> json(model.attention(), question));
    return Answer.json(outcome.result()).with(outcome.headers());
  }

  private static long tokens(ServedModel model, List<String> texts) {
    var tokenizer = model.texts().tokenizer();
    return texts.size() == 1
        ? tokenizer.encode(texts.getFirst()).length()
        : tokenizer.encode(texts.getFirst(), texts.getLast()).length();
  }

  private static byte[] json(AttentionTask task, AttentionTask.Question question) {
    var out = new ByteArrayOutputStream();
    try {
      AttentionPage.writeJson(task.predict(question), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    }
    return out.toByteArray();
  }
}
