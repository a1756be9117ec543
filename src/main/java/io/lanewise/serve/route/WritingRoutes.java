package io.lanewise.serve.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.generate.GenerationOptions;
import io.lanewise.json.Json;
import io.lanewise.serve.batch.RequestPasses.Cut;
import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Errors;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Refusal;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.metrics.Metrics.Work;
import io.lanewise.serve.model.ServedModel.Ask;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.serve.model.ServedModels.Chosen;
import io.lanewise.task.Summarizer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code /summarize} as Hugging Face's pipeline answers it, or as events while it is written: each
 * piece as {@code {"token": …}}, at the end {@code {"summary_text": …}}.
 */
record WritingRoutes(ServedModels models) {
  private static final TypeReference<Map<String, @Nullable Object>> SETTINGS =
      new TypeReference<>() {};
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Beams, and texts for a text: each is another text that is written. */
  private static final int MOST_AT_A_TIME = 16;

  List<Route> routes() {
    return List.of(Route.post("/summarize", call -> summarize(call, call.fields())));
  }

  Answer summarize(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), Summarizer.class);
    var texts = fields.textOrTexts("inputs");
    if (texts.isEmpty()) {
      throw TextInputs.empty("inputs");
    }
    TextInputs.checkCount(texts.size(), chosen.model());
    boolean streams = fields.flag("stream", false);
    var task = task(chosen, fields.object("parameters"), streams);
    var encoded = texts.stream().map(chosen.model().texts()::encode).toList();
    long tokens = encoded.stream().mapToLong(each -> each.length()).sum();
    var ask =
        new Ask(call, Work.OTHER, texts.size(), TextInputs.characters(texts), Cut.AS_THE_TASK);
    if (streams) {
      if (fields.isList("inputs")) {
        throw Refusal.invalid("`stream` is for one text: give `inputs` as a string");
      }
      return Answer.events(out -> stream(chosen, task, ask, tokens, texts.getFirst(), out));
    }
    var outcome = chosen.model().runAlone(ask, tokens, () -> task.predictAll(texts, call::isGone));
    var answers = JSON.arrayNode();
    for (var written : outcome.result()) {
      var sequences = JSON.arrayNode();
      written.forEach(each -> sequences.add(summary(each.text())));
      if (fields.isList("inputs") && sequences.size() == 1) {
        answers.add(sequences.get(0)); // as the pipeline flattens them
      } else {
        answers.add(sequences);
      }
    }
    return Answer.json(fields.isList("inputs") ? answers : answers.get(0)).with(outcome.headers());
  }

  private static ObjectNode summary(String text) {
    return JSON.objectNode().put("summary_text", text);
  }

  private static Summarizer task(Chosen<Summarizer> chosen, Fields parameters, boolean streams) {
    parameters.integer("num_beams", 1, MOST_AT_A_TIME);
    parameters.integer("num_return_sequences", 1, MOST_AT_A_TIME);
    var said = new LinkedHashMap<>(Json.mapper().convertValue(parameters.tree(), SETTINGS));
    var cleansUp = parameters.optionalFlag("clean_up_tokenization_spaces");
    said.remove("clean_up_tokenization_spaces");
    if (streams) {
      said.putIfAbsent("num_beams", 1);
    }
    var task = chosen.task().with(new GenerationOptions(said, 0));
    return cleansUp.isPresent() ? task.withCleanUp(cleansUp.get()) : task;
  }

  private static void stream(
      Chosen<Summarizer> chosen,
      Summarizer task,
      Ask ask,
      long tokens,
      String text,
      OutputStream out)
      throws IOException {
    var lost = new AtomicReference<@Nullable IOException>();
    try {
      var outcome =
          chosen
              .model()
              .runAlone(ask, tokens, () -> task.stream(text, piece -> told(out, lost, piece)));
      send(out, summary(outcome.result().text()));
    } catch (RuntimeException | OutOfMemoryError e) {
      send(out, Errors.TEI.json(e));
    }
    if (lost.get() != null) {
      throw lost.get();
    }
  }

  /** Sends a piece; false, which ends the text, if nobody reads it. */
  private static boolean told(
      OutputStream out, AtomicReference<@Nullable IOException> lost, String piece) {
    try {
      send(out, JSON.objectNode().put("token", piece));
      return true;
    } catch (IOException e) {
      lost.set(e);
      return false;
    }
  }

  private static void send(OutputStream out, ObjectNode event) throws IOException {
    out.write(("data: " + event + "\n\n").getBytes(UTF_8));
    out.flush();
  }
}
