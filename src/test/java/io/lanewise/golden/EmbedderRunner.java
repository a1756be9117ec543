package io.lanewise.golden;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.golden.Verdict.Kind;
import io.lanewise.json.Json;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import io.lanewise.task.LateReranker;
import io.lanewise.task.Reranker;
import io.lanewise.task.ScoreFunction;
import io.lanewise.task.SparseEmbedder;
import io.lanewise.task.SparseEmbedder.SparseVector;
import io.lanewise.task.TaskOptions;
import io.lanewise.task.TextClassifier;
import io.lanewise.task.TextPair;
import io.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Runs folders of embedders and cross-encoders through the tasks and compares what their {@code
 * expected.json} has: numbers to six decimals.
 */
record EmbedderRunner(Options options) {
  private static final String EXPECTED = "expected.json";

  /** What is asked with a group of texts and can be asked here. */
  private static final Set<String> ASKED =
      Set.of("role", "prompt", "prompt_name", "apply_softmax", "max_active_dims");

  /** The folders of a set, by name. */
  static List<Path> cases(Path set) throws IOException {
    try (var folders = Files.list(set)) {
      return folders.filter(folder -> Files.exists(folder.resolve(EXPECTED))).sorted().toList();
    }
  }

  /** Runs one folder; whatever happens is in the verdict. */
  Verdict run(Path folder) {
    var name = folder.getFileName().toString();
    try {
      var expected = Json.read(folder.resolve(EXPECTED));
      var unknown = new HashSet<String>();
      for (var group : expected.path("groups")) {
        group.path("with").fieldNames().forEachRemaining(unknown::add);
      }
      unknown.removeAll(ASKED);
      if (!unknown.isEmpty()) {
        return new Verdict(Kind.UNSUPPORTED, name, Double.NaN, "with " + unknown);
      }
      var differences = new Differences();
      switch (expected.path("task").asText()) {
        case "embed" -> embed(folder, expected, differences);
        case "embed-sparse" -> sparse(folder, expected, differences);
        case "embed-tokens" -> tokens(folder, expected, differences);
        case "embed-three" -> three(folder, expected, differences);
        case "cross-encoder" -> cross(folder, expected, differences);
        default -> {
          return new Verdict(Kind.UNSUPPORTED, name, Double.NaN, expected.path("task").asText());
        }
      }
      var kind = differences.fault() == null ? Kind.PASS : Kind.FAIL;
      return new Verdict(kind, name, differences.largest(), differences.fault());
    } catch (Exception | Error e) {
      return new Verdict(Kind.ERROR, name, Double.NaN, e.toString());
    }
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private void embed(Path folder, JsonNode expected, Differences differences) throws IOException {
    try (var embedder = Embedder.load(folder, options)) {
      for (var group : expected.get("groups")) {
        var asked = group.path("with");
        var task = embedder;
        if (asked.has("prompt_name")) {
          task = task.withPromptNamed(asked.get("prompt_name").asText());
        }
        if (asked.has("prompt")) {
          task = task.withPrompt(asked.get("prompt").asText());
        }
        compare("outputs", group.get("outputs"), task, texts(group.get("inputs")), differences);
      }
    }
    var inputs = texts(expected.get("groups").get(0).get("inputs"));
    var steps = expected.path("steps");
    for (int i = 0; i < steps.size(); i++) {
      try (var shorter = new ChangedFolder(folder)) {
        shorter.keepModules(
            Json.read(folder.resolve("modules.json")).size() - steps.size() + 1 + i);
        try (var embedder = Embedder.load(shorter.path(), options)) {
          compare("step " + i, steps.get(i).get("outputs"), embedder, inputs, differences);
        }
      }
    }
  }

  private static void compare(
      String what, JsonNode expected, Embedder task, List<String> texts, Differences differences) {
    var embeddings = task.predictAll(texts);
    differences.count(what, expected.size(), embeddings.size());
    for (int i = 0; i < embeddings.size(); i++) {
      differences.compare(what + " of text " + i, expected.get(i), embeddings.get(i).values());
    }
  }

  private void sparse(Path folder, JsonNode expected, Differences differences) {
    try (var embedder = SparseEmbedder.load(folder, options)) {
      var vectors = new ArrayList<SparseVector>();
      for (var group : expected.get("groups")) {
        var task = role(embedder, group.path("with").path("role").asText());
        if (group.path("with").has("max_active_dims")) {
          task = task.withTop(group.path("with").get("max_active_dims").asInt());
        }
        var given = task.predictAll(texts(group.get("inputs")));
        differences.count("outputs", group.get("outputs").size(), given.size());
        for (int i = 0; i < given.size(); i++) {
          differences.compareSparse("text " + i, group.get("outputs").get(i), given.get(i));
        }
        vectors.addAll(given);
      }
      // The first texts are the queries, whether or not they are a group of their own.
      var scores = expected.path("scores");
      for (int i = 0; i < scores.size(); i++) {
        for (int j = 0; j < scores.get(i).size(); j++) {
          float score = embedder.similarity(vectors.get(i), vectors.get(scores.size() + j));
          differences.compare("score " + i + ", " + j, scores.get(i).get(j).asDouble(), score);
        }
      }
    }
  }

  private static SparseEmbedder role(SparseEmbedder task, String role) {
    return switch (role) {
      case "query" -> task.forQueries();
      case "document" -> task.forDocuments();
      default -> task;
    };
  }

  private void tokens(Path folder, JsonNode expected, Differences differences) {
    try (var reranker = LateReranker.load(folder, options)) {
      var sides = new ArrayList<List<Tensor>>();
      for (var group : expected.get("groups")) {
        sides.add(vectors(reranker, group, group.get("outputs"), differences));
      }
      scores(reranker, sides, expected.path("scores"), differences);
    }
  }

  private static List<Tensor> vectors(
      LateReranker reranker, JsonNode group, JsonNode outputs, Differences differences) {
    boolean queries = group.path("with").path("role").asText().equals("query");
    var inputs = texts(group.get("inputs"));
    var vectors = queries ? reranker.queryVectors(inputs) : reranker.documentVectors(inputs);
    for (int i = 0; i < vectors.size(); i++) {
      differences.compare("vectors of text " + i, outputs.get(i), vectors.get(i));
    }
    return vectors;
  }

  private static void scores(
      LateReranker reranker, List<List<Tensor>> sides, JsonNode scores, Differences differences) {
    for (int i = 0; i < scores.size(); i++) {
      for (int j = 0; j < scores.get(i).size(); j++) {
        float score = reranker.score(sides.getFirst().get(i), sides.getLast().get(j));
        differences.compare("score " + i + ", " + j, scores.get(i).get(j).asDouble(), score);
      }
    }
  }

  /** BGE-M3: each form by its own task, and all of one pass. */
  private void three(Path folder, JsonNode expected, Differences differences) {
    var forms = new ArrayList<List<Embedder.Forms>>();
    try (var embedder = Embedder.load(folder, options)) {
      for (var group : expected.get("groups")) {
        var inputs = texts(group.get("inputs"));
        compare("dense", group.get("dense"), embedder, inputs, differences);
        var all = embedder.predictForms(inputs);
        for (int i = 0; i < all.size(); i++) {
          differences.compare("dense", group.get("dense").get(i), all.get(i).dense().values());
          differences.compareSparse("sparse", group.get("sparse").get(i), all.get(i).sparse());
          differences.compare("tokens", group.get("tokens").get(i), all.get(i).tokens());
        }
        forms.add(all);
      }
      var scores = expected.get("scores").get("dense");
      for (int i = 0; i < scores.size(); i++) {
        for (int j = 0; j < scores.get(i).size(); j++) {
          float score =
              embedder.similarity(forms.getFirst().get(i).dense(), forms.getLast().get(j).dense());
          differences.compare("dense score", scores.get(i).get(j).asDouble(), score);
        }
      }
    }
    try (var embedder = SparseEmbedder.load(folder, options)) {
      var scores = expected.get("scores").get("sparse");
      for (var group : expected.get("groups")) {
        var vectors = embedder.predictAll(texts(group.get("inputs")));
        for (int i = 0; i < vectors.size(); i++) {
          differences.compareSparse("sparse", group.get("sparse").get(i), vectors.get(i));
        }
      }
      for (int i = 0; i < scores.size(); i++) {
        for (int j = 0; j < scores.get(i).size(); j++) {
          float score =
              embedder.similarity(
                  forms.getFirst().get(i).sparse(), forms.getLast().get(j).sparse());
          differences.compare("sparse score", scores.get(i).get(j).asDouble(), score);
        }
      }
    }
    try (var reranker = LateReranker.load(folder, options)) {
      var sides = new ArrayList<List<Tensor>>();
      for (var group : expected.get("groups")) {
        sides.add(vectors(reranker, group, group.get("tokens"), differences));
      }
      scores(reranker, sides, expected.get("scores").get("tokens"), differences);
    }
  }

  private void cross(Path folder, JsonNode expected, Differences differences) throws IOException {
    var pairs = new ArrayList<TextPair>();
    expected
        .get("inputs")
        .forEach(pair -> pairs.add(new TextPair(pair.get(0).asText(), pair.get(1).asText())));
    for (var group : expected.get("groups")) {
      try (var changed = new ChangedFolder(folder)) {
        changed.set("config.json", group.path("config"));
        var outputs = group.get("outputs");
        var scores =
            outputs.get(0).isArray()
                ? classes(changed.path(), pairs, group.path("with").has("apply_softmax"))
                : relevance(changed.path(), pairs);
        for (int i = 0; i < pairs.size(); i++) {
          var wanted = Json.mapper().createArrayNode();
          outputs.get(i).forEach(wanted::add);
          differences.compare(
              "pair " + i, wanted.isEmpty() ? wanted.add(outputs.get(i)) : wanted, scores.get(i));
        }
      }
    }
  }

  private List<float[]> relevance(Path folder, List<TextPair> pairs) {
    try (var reranker = Reranker.load(folder, options)) {
      return pairs.stream()
          .map(pair -> reranker.predict(pair.first(), List.of(pair.second())))
          .map(ranked -> new float[] {ranked.getFirst().score()})
          .toList();
    }
  }

  /** Several labels: a cross-encoder gives the logits unless it is asked for the softmax. */
  private List<float[]> classes(Path folder, List<TextPair> pairs, boolean softmax) {
    var cutting = TaskOptions.of(options).withMaxLength(Integer.MAX_VALUE);
    try (var classifier = TextClassifier.load(folder, cutting)) {
      return classifier
          .withFunction(softmax ? ScoreFunction.SOFTMAX : ScoreFunction.NONE)
          .predictAll(pairs)
          .stream()
          .map(
              scores -> {
                var byLabel = new float[scores.size()];
                scores.forEach(
                    each -> byLabel[Integer.parseInt(each.label().substring(6))] = each.score());
                return byLabel;
              })
          .toList();
    }
  }
}
