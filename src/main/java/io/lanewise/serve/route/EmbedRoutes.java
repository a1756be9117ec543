package io.lanewise.serve.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lanewise.serve.http.Answer;
import io.lanewise.serve.http.Call;
import io.lanewise.serve.http.Fields;
import io.lanewise.serve.http.Refusal;
import io.lanewise.serve.http.Route;
import io.lanewise.serve.metrics.Metrics.Work;
import io.lanewise.serve.model.ServedModel;
import io.lanewise.serve.model.ServedModel.Ask;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.task.Embedder;
import io.lanewise.task.Embedding;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** {@code /embed}, {@code /embed_all} and {@code /similarity} of text-embeddings-inference. */
record EmbedRoutes(ServedModels models) {
  private static final int MOST_DIMENSIONS = 1 << 20;

  List<Route> routes() {
    return List.of(
        Route.post("/embed", call -> embed(call, call.fields())),
        Route.post("/embed_all", call -> embedAll(call, call.fields())),
        Route.post("/similarity", call -> similarity(call, call.fields())));
  }

  Answer embed(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), Embedder.class);
    var inputs = TextInputs.of(fields.need("inputs"), "inputs", chosen.model());
    var embedder =
        cutTo(
            prompted(chosen.task(), fields).withNormalisation(fields.flag("normalize", true)),
            dimensions(fields));
    var ask = ask(call, inputs.texts(), chosen.model(), fields);
    var outcome = chosen.model().run(ask, () -> embedder.predictAll(inputs.texts()));
    return Answer.json(Vectors.json(outcome.result())).with(outcome.headers());
  }

  /** How many numbers a request wants of each vector. */
  static OptionalInt dimensions(Fields fields) {
    return fields.integer("dimensions", 1, MOST_DIMENSIONS);
  }

  /**
   * The same with vectors of so many numbers.
   *
   * @throws Refusal if it has fewer
   */
  static Embedder cutTo(Embedder embedder, OptionalInt dimensions) {
    if (dimensions.isEmpty()) {
      return embedder;
    }
    if (dimensions.getAsInt() > embedder.size()) {
      throw Refusal.invalid(
          "`dimensions` should be smaller than the maximum embedding dimension. Given: %d, maximum: %d"
              .formatted(dimensions.getAsInt(), embedder.size()));
    }
    return embedder.withDimensions(dimensions.getAsInt());
  }

  private static Embedder prompted(Embedder embedder, Fields fields) {
    return fields.optionalText("prompt_name").map(embedder::withPromptNamed).orElse(embedder);
  }

  Answer embedAll(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), Embedder.class);
    var inputs = TextInputs.of(fields.need("inputs"), "inputs", chosen.model());
    var embedder = prompted(chosen.task(), fields);
    var ask = ask(call, inputs.texts(), chosen.model(), fields);
    var outcome = chosen.model().run(ask, () -> embedder.tokenVectors(inputs.texts()));
    return Answer.json(json(outcome.result())).with(outcome.headers());
  }

  private static byte[] json(List<Tensor> texts) {
    var json = new StringBuilder("[");
    for (int i = 0; i < texts.size(); i++) {
      json.append(i > 0 ? ",[" : "[");
      var vectors = texts.get(i);
      int hidden = vectors.shape().size(1);
      for (int token = 0; token < vectors.shape().size(0); token++) {
        json.append(token > 0 ? "," : "");
        Vectors.append(json, vectors.floats(), token * hidden, (token + 1) * hidden);
      }
      json.append(']');
    }
    return json.append(']').toString().getBytes(US_ASCII);
  }

  Answer similarity(Call call, Fields fields) {
    var chosen = models.choose(fields.optionalText("model"), Embedder.class);
    var inputs = fields.object("inputs");
    var texts = new ArrayList<String>();
    texts.add(inputs.text("source_sentence"));
    texts.addAll(inputs.texts("sentences"));
    if (texts.size() == 1) {
      throw TextInputs.empty("inputs.sentences");
    }
    TextInputs.checkCount(texts.size() - 1, chosen.model());
    var parameters = fields.object("parameters");
    var embedder = prompted(chosen.task(), parameters);
    var ask = ask(call, texts, chosen.model(), parameters);
    var outcome = chosen.model().run(ask, () -> cosines(embedder.predictAll(texts)));
    return Answer.json(outcome.result()).with(outcome.headers());
  }

  /** What is asked where texts are to be embedded; the parameters say how they are cut. */
  static Ask ask(Call call, List<String> texts, ServedModel model, Fields parameters) {
    return new Ask(
        call,
        Work.EMBED,
        texts.size(),
        TextInputs.characters(texts),
        Cutting.of(parameters, model));
  }

  /** Of all vectors with the first. */
  private static byte[] cosines(List<Embedding> vectors) {
    var cosines = new float[vectors.size() - 1];
    for (int i = 0; i < cosines.length; i++) {
      cosines[i] = vectors.getFirst().cosine(vectors.get(i + 1));
    }
    var json = new StringBuilder();
    Vectors.append(json, cosines, 0, cosines.length);
    return json.toString().getBytes(US_ASCII);
  }
}
