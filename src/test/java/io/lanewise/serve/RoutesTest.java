package io.lanewise.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.json.Json;
import io.lanewise.task.Embedder;
import io.lanewise.task.Embedding;
import io.lanewise.task.FillMask;
import io.lanewise.task.QuestionAnswerer;
import io.lanewise.task.Reranker;
import io.lanewise.task.ScoreFunction;
import io.lanewise.task.SparseEmbedder;
import io.lanewise.task.TextClassifier;
import io.lanewise.task.TextPair;
import io.lanewise.task.TokenClassifier;
import io.lanewise.task.ZeroShot;
import io.lanewise.task.attention.AttentionPage;
import io.lanewise.task.attention.AttentionTask;
import io.lanewise.tokenizer.EncodeOptions.OffsetUnit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every route gives what its task gives, to the bit, in the JSON of those whose route it is. */
class RoutesTest {
  private static final List<String> TEXTS =
      List.of("The capital of France is Paris.", "Rome", "", "It began to rain. It began to rain.");
  private static final String INPUTS = Json.mapper().valueToTree(TEXTS).toString();

  private static TestServer server;

  @BeforeAll
  static void open() {
    server = TestServer.open();
  }

  @AfterAll
  static void close() {
    server.close();
    assertThat(server.problems).isEmpty();
  }

  private static float[] floats(JsonNode list) {
    var floats = new float[list.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.parseFloat(list.get(i).asText());
    }
    return floats;
  }

  private static List<Embedding> embeddings(JsonNode lists) {
    var embeddings = new ArrayList<Embedding>();
    lists.forEach(list -> embeddings.add(new Embedding(floats(list))));
    return embeddings;
  }

  private static Embedder embedder() {
    return Embedder.load(TestServer.MODELS.get("embedding"), TestServer.OPTIONS);
  }

  @Test
  void embedGivesTheVectorsOfTheTask() {
    try (var embedder = embedder()) {
      var unit = embedder.withNormalisation(true);
      assertThat(embeddings(server.answer("/embed", "{\"inputs\":" + INPUTS + "}")))
          .isEqualTo(unit.predictAll(TEXTS));
      assertThat(embeddings(server.answer("/embed", "{\"inputs\":\"Rome\"}")))
          .containsExactly(unit.predict("Rome"));
      assertThat(
              embeddings(
                  server.answer(
                      "/embed", "{\"inputs\":\"Rome\",\"dimensions\":5,\"normalize\":true}")))
          .containsExactly(unit.withDimensions(5).predict("Rome"));
      assertThat(embeddings(server.answer("/", "{\"inputs\":\"Rome\"}")))
          .containsExactly(unit.predict("Rome"));
      assertThat(
              embeddings(
                  server
                      .answer("/vertex", "{\"instances\":[{\"inputs\":\"Rome\"}]}")
                      .get("predictions")
                      .get(0)))
          .containsExactly(unit.predict("Rome"));
    }
  }

  @Test
  void tokenIdsStandForTheirText() {
    var tokens = server.answer("/tokenize", "{\"inputs\":\"It began to rain.\"}").get(0);
    var ids = Json.mapper().createArrayNode();
    tokens.forEach(token -> ids.add(token.get("id")));
    var ofText = server.answer("/embed", "{\"inputs\":\"It began to rain.\"}");
    assertThat(server.answer("/embed", "{\"inputs\":" + ids + "}")).isEqualTo(ofText);
    assertThat(server.answer("/embed", "{\"inputs\":[\"Rome\"," + ids + "]}").get(1))
        .isEqualTo(ofText.get(0));
  }

  @Test
  void embedSparseGivesTheNumbersThatAreNotZero() {
    try (var embedder =
        SparseEmbedder.load(TestServer.MODELS.get("sparse-embedding"), TestServer.OPTIONS)) {
      var answer = server.answer("/embed_sparse", "{\"inputs\":" + INPUTS + "}");
      var expected = embedder.predictAll(TEXTS);
      assertThat(answer).hasSize(TEXTS.size());
      for (int i = 0; i < TEXTS.size(); i++) {
        var vector = expected.get(i);
        assertThat(answer.get(i)).hasSize(vector.size());
        for (int k = 0; k < vector.size(); k++) {
          var number = answer.get(i).get(k);
          assertThat(number.get("index").asInt()).isEqualTo(vector.indices()[k]);
          assertThat(Float.parseFloat(number.get("value").asText())).isEqualTo(vector.weights()[k]);
        }
      }
      assertThat(expected.getFirst().size()).isPositive();
      assertThat(server.answer("/", "{\"inputs\":\"Rome\",\"model\":\"sparse-embedding\"}"))
          .isEqualTo(server.answer("/embed_sparse", "{\"inputs\":[\"Rome\"]}"));
    }
  }

  @Test
  void embedAllGivesAVectorForEachToken() {
    try (var embedder = embedder()) {
      var expected = embedder.tokenVectors(TEXTS);
      var answer = server.answer("/embed_all", "{\"inputs\":" + INPUTS + "}");
      for (int text = 0; text < TEXTS.size(); text++) {
        var vectors = answer.get(text);
        assertThat(vectors.size()).isEqualTo(expected.get(text).shape().size(0));
        for (int token = 0; token < vectors.size(); token++) {
          assertThat(floats(vectors.get(token))).isEqualTo(expected.get(text).row(token));
        }
      }
    }
  }

  /** The vectors of the tokens are those that the pooling of this model takes the mean of. */
  @Test
  void theMeanOfTheTokensIsTheVector() {
    var tokens = server.answer("/embed_all", "{\"inputs\":\"It began to rain.\"}").get(0);
    var sum = new float[tokens.get(0).size()];
    for (var token : tokens) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += token.get(i).floatValue();
      }
    }
    var expected = floats(server.answer("/embed", "{\"inputs\":\"It began to rain.\"}").get(0));
    assertThat(new Embedding(sum).normalised().values())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(expected);
  }

  @Test
  void aVectorOfLength1IsNotDividedAgain() {
    try (var embedder = embedder()) { // its last module brings vectors to length 1
      assertThat(embedder.withNormalisation(true).predictAll(TEXTS))
          .isEqualTo(embedder.predictAll(TEXTS));
    }
  }

  /** The warm-up reads texts that are longer than this model takes. */
  @Test
  void aModelThatReadsFewTokensCanBeWarmedUp() {
    try (var embedder = embedder()) {
      embedder.warmUp();
      assertThat(embedder.predict("Rome").size()).isPositive();
    }
  }

  @Test
  void similarityIsTheCosine() {
    try (var embedder = embedder()) {
      var source = embedder.predict("Rome");
      var answer =
          server.answer(
              "/similarity",
              "{\"inputs\":{\"source_sentence\":\"Rome\",\"sentences\":" + INPUTS + "}}");
      for (int i = 0; i < TEXTS.size(); i++) {
        assertThat(answer.get(i).floatValue())
            .isEqualTo(source.cosine(embedder.predict(TEXTS.get(i))));
      }
    }
  }

  @Test
  void openAiGivesFloatsAndBase64() {
    try (var embedder = embedder()) {
      var expected = embedder.withNormalisation(true).predictAll(TEXTS);
      var answer =
          server.answer("/v1/embeddings", "{\"model\":\"embedding\",\"input\":" + INPUTS + "}");
      assertThat(answer.get("object").asText()).isEqualTo("list");
      assertThat(answer.get("model").asText()).isEqualTo("embedding");
      var packed =
          server.answer(
              "/embeddings",
              "{\"model\":\"embedding\",\"encoding_format\":\"base64\",\"input\":" + INPUTS + "}");
      for (int i = 0; i < TEXTS.size(); i++) {
        var entry = answer.get("data").get(i);
        assertThat(entry.get("object").asText()).isEqualTo("embedding");
        assertThat(entry.get("index").asInt()).isEqualTo(i);
        assertThat(new Embedding(floats(entry.get("embedding")))).isEqualTo(expected.get(i));
        var bytes = Base64.getDecoder().decode(packed.get("data").get(i).get("embedding").asText());
        var floats = new float[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        assertThat(new Embedding(floats)).isEqualTo(expected.get(i));
      }
      var usage = answer.get("usage");
      long tokens = 0;
      for (var list : server.answer("/tokenize", "{\"inputs\":" + INPUTS + "}")) {
        tokens += Math.min(list.size(), 11); // this model reads so many
      }
      assertThat(usage.get("prompt_tokens").asLong()).isEqualTo(tokens);
      assertThat(usage.get("total_tokens").asLong()).isEqualTo(tokens);
    }
  }

  @Test
  void predictTellsOneTextAPairAndSeveralApart() {
    try (var classifier =
        TextClassifier.load(TestServer.MODELS.get("classifier"), TestServer.OPTIONS)) {
      var one = server.answer("/predict", "{\"inputs\":\"Rome\"}");
      var expected = classifier.predict("Rome");
      for (int i = 0; i < expected.size(); i++) {
        assertThat(one.get(i).get("label").asText()).isEqualTo(expected.get(i).label());
        assertThat(one.get(i).get("score").floatValue()).isEqualTo(expected.get(i).score());
      }
      assertThat(server.answer("/predict", "{\"inputs\":[\"Rome\"]}")).isEqualTo(one);
      var pair = server.answer("/predict", "{\"inputs\":[\"The sky is blue.\",\"Rome\"]}");
      assertThat(pair.get(0).get("score").floatValue())
          .isEqualTo(
              classifier.predict(TextPair.of("The sky is blue.", "Rome")).getFirst().score());
      var batch =
          server.answer("/predict", "{\"inputs\":[[\"Rome\"],[\"The sky is blue.\",\"Rome\"]]}");
      assertThat(batch.get(0)).isEqualTo(one);
      assertThat(batch.get(1)).isEqualTo(pair);
      var raw = server.answer("/predict", "{\"inputs\":\"Rome\",\"raw_scores\":true}");
      assertThat(raw.get(0).get("score").floatValue())
          .isEqualTo(
              classifier.withFunction(ScoreFunction.NONE).predict("Rome").getFirst().score());
    }
  }

  @Test
  void rerankSortsAndSaysWhere() {
    try (var loaded = Reranker.load(TestServer.MODELS.get("reranker"), TestServer.OPTIONS)) {
      var reranker = loaded.withFunction(ScoreFunction.SIGMOID);
      var expected = reranker.predict("Where is Rome?", TEXTS);
      var body = "{\"query\":\"Where is Rome?\",\"texts\":" + INPUTS;
      var answer = server.answer("/rerank", body + ",\"return_text\":true}");
      var documents =
          server.answer(
              "/v1/rerank",
              "{\"model\":\"reranker\",\"query\":\"Where is Rome?\",\"documents\":"
                  + INPUTS
                  + ",\"top_n\":2,\"return_documents\":true}");
      for (int i = 0; i < TEXTS.size(); i++) {
        assertThat(answer.get(i).get("index").asInt()).isEqualTo(expected.get(i).index());
        assertThat(answer.get(i).get("score").floatValue()).isEqualTo(expected.get(i).score());
        assertThat(answer.get(i).get("text").asText()).isEqualTo(expected.get(i).passage());
      }
      assertThat(server.answer("/rerank", body + "}").get(0).has("text")).isFalse();
      assertThat(documents.get("results").size()).isEqualTo(2);
      var best = documents.get("results").get(0);
      assertThat(best.get("index").asInt()).isEqualTo(expected.getFirst().index());
      assertThat(best.get("relevance_score").floatValue()).isEqualTo(expected.getFirst().score());
      assertThat(best.get("document").get("text").asText())
          .isEqualTo(expected.getFirst().passage());
      var raw = server.answer("/rerank", body + ",\"raw_scores\":true}");
      assertThat(raw.get(0).get("score").floatValue())
          .isEqualTo(
              loaded
                  .withFunction(ScoreFunction.NONE)
                  .predict("Where is Rome?", TEXTS)
                  .getFirst()
                  .score());
    }
  }

  @Test
  void tokenizeCountsBytesAndDecodeComesBack() {
    var text = "Rome \uD83D\uDE00 caf\u00e9 rain.";
    var body = Json.mapper().createObjectNode().put("inputs", text);
    var tokens = server.answer("/tokenize", body.toString()).get(0);
    var bytes = text.getBytes(UTF_8);
    var ids = Json.mapper().createArrayNode();
    int real = 0;
    for (var token : tokens) {
      ids.add(token.get("id"));
      if (token.get("special").booleanValue()) {
        assertThat(token.get("start").isNull() && token.get("stop").isNull()).isTrue();
      } else {
        int start = token.get("start").intValue();
        int stop = token.get("stop").intValue();
        assertThat(token.get("text").asText())
            .isEqualTo(new String(bytes, start, stop - start, UTF_8));
        real++;
      }
    }
    assertThat(real).isGreaterThan(2);
    assertThat(tokens.size() - real).isEqualTo(2);
    body.put("add_special_tokens", false);
    assertThat(server.answer("/tokenize", body.toString()).get(0).size()).isEqualTo(real);
    var decoded = server.answer("/decode", "{\"ids\":[" + ids + "," + ids + "]}");
    assertThat(decoded.size()).isEqualTo(2);
    assertThat(server.answer("/decode", "{\"ids\":" + ids + "}").get(0)).isEqualTo(decoded.get(1));
    assertThat(
            server
                .answer("/decode", "{\"ids\":" + ids + ",\"skip_special_tokens\":false}")
                .get(0)
                .asText())
        .contains("[CLS]");
  }

  @Test
  void fillMaskIsThePipelines() {
    try (var fill = FillMask.load(TestServer.MODELS.get("fill-mask"), TestServer.OPTIONS)) {
      var expected = fill.withTop(3).predict("Rome is in [MASK].").masks().getFirst();
      var answer =
          server.answer(
              "/fill-mask", "{\"inputs\":\"Rome is in [MASK].\",\"parameters\":{\"top_k\":3}}");
      assertThat(answer.size()).isEqualTo(3);
      for (int i = 0; i < 3; i++) {
        var candidate = expected.candidates().get(i);
        assertThat(answer.get(i).get("score").floatValue()).isEqualTo(candidate.score());
        assertThat(answer.get(i).get("token").asInt()).isEqualTo(candidate.id());
        assertThat(answer.get(i).get("token_str").asText()).isEqualTo(candidate.token());
        assertThat(answer.get(i).get("sequence").asText()).isEqualTo(candidate.text());
      }
      var two = server.answer("/fill-mask", "{\"inputs\":\"[MASK] is in [MASK].\"}");
      assertThat(two.size()).isEqualTo(2);
      assertThat(two.get(0).size()).isEqualTo(5);
    }
  }

  @Test
  void tokensAndEntitiesAreThePipelines() {
    var text = "\uD83D\uDE00 Ada met Ann in Rome.";
    try (var loaded =
        TokenClassifier.load(TestServer.MODELS.get("token-classifier"), TestServer.OPTIONS)) {
      var tagger = loaded.withOffsets(OffsetUnit.CODE_POINTS);
      var body = Json.mapper().createObjectNode().put("inputs", text);
      var parameters = body.putObject("parameters");
      parameters.putArray("ignore_labels");
      var none = tagger.withIgnoredLabels(Set.of());
      check(server.answer("/ner", body.toString()), "entity", none.predict(text));
      parameters.put("aggregation_strategy", "simple");
      check(
          server.answer("/ner", body.toString()),
          "entity_group",
          none.withAggregation(TokenClassifier.Aggregation.SIMPLE).predict(text));
    }
  }

  private static void check(JsonNode answer, String label, List<TokenClassifier.Entity> expected) {
    assertThat(answer.size()).isEqualTo(expected.size()).isPositive();
    for (int i = 0; i < expected.size(); i++) {
      var entity = expected.get(i);
      assertThat(answer.get(i).get(label).asText()).isEqualTo(entity.label());
      assertThat(answer.get(i).get("score").floatValue()).isEqualTo(entity.score());
      assertThat(answer.get(i).get("word").asText()).isEqualTo(entity.word());
      assertThat(answer.get(i).get("start").asInt()).isEqualTo(entity.start());
      assertThat(answer.get(i).get("end").asInt()).isEqualTo(entity.end());
      assertThat(answer.get(i).has("index")).isEqualTo(label.equals("entity"));
    }
  }

  @Test
  void answersAreThePipelines() {
    var context = "Ada lives in Rome. Ann lives in Madrid, in a house by the river.";
    try (var answerer =
        QuestionAnswerer.load(TestServer.MODELS.get("question-answering"), TestServer.OPTIONS)) {
      var body = Json.mapper().createObjectNode();
      body.putObject("inputs").put("question", "Where does Ada live?").put("context", context);
      var one = server.answer("/qa", body.toString());
      var best = answerer.predict("Where does Ada live?", context).getFirst();
      assertThat(one.get("answer").asText()).isEqualTo(best.text());
      assertThat(one.get("score").floatValue()).isEqualTo(best.score());
      assertThat(one.get("start").asInt()).isEqualTo(best.start());
      assertThat(one.get("end").asInt()).isEqualTo(best.end());
      body.putObject("parameters").put("top_k", 3);
      assertThat(server.answer("/qa", body.toString()).size())
          .isEqualTo(answerer.withTop(3).predict("Where does Ada live?", context).size());
    }
  }

  @Test
  void zeroShotIsThePipelines() {
    try (var task = ZeroShot.load(TestServer.MODELS.get("zero-shot"), TestServer.OPTIONS)) {
      var expected = task.predict("The match ended in a draw.", List.of("sports", "politics"));
      var answer =
          server.answer(
              "/zero-shot",
              "{\"inputs\":\"The match ended in a draw.\","
                  + "\"parameters\":{\"candidate_labels\":\"sports, politics\"}}");
      assertThat(answer.get("sequence").asText()).isEqualTo("The match ended in a draw.");
      for (int i = 0; i < 2; i++) {
        assertThat(answer.get("labels").get(i).asText()).isEqualTo(expected.get(i).label());
        assertThat(answer.get("scores").get(i).floatValue()).isEqualTo(expected.get(i).score());
      }
    }
  }

  @Test
  void summariesCanBeReadWhileTheyAreWritten() {
    var body =
        "{\"inputs\":\"Rome is in Italy.\",\"parameters\":{\"max_new_tokens\":8,\"num_beams\":1}";
    var whole = server.answer("/summarize", body + "}").get(0).get("summary_text").asText();
    assertThat(whole).isNotEmpty();
    var response = server.post("/summarize", body + ",\"stream\":true}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    var told = new StringBuilder();
    JsonNode last = null;
    var events = new String(response.body(), UTF_8);
    assertThat(events).endsWith("\n\n");
    for (var event : events.strip().split("\n\n", -1)) {
      assertThat(event).startsWith("data: ");
      last = Json.parse(event.substring(6).getBytes(UTF_8), "event");
      if (last.has("token")) {
        told.append(last.get("token").asText());
      }
    }
    assertThat(last.get("summary_text").asText()).isEqualTo(whole).isEqualTo(told.toString());
  }

  @Test
  void attentionIsWhatThePageKnows() throws IOException {
    var answer =
        server.answer("/attention", "{\"inputs\":[\"Rome\",\"rain.\"],\"model\":\"embedding\"}");
    assertThat(answer.get("family").asText()).isEqualTo("bert");
    assertThat(answer.get("pair").asText()).isEqualTo("rain.");
    var part = answer.get("parts").get(0);
    assertThat(answer.get("weights").get(0).size()).isEqualTo(part.get("layers").size());
    try (var task = AttentionTask.load(TestServer.MODELS.get("embedding"), TestServer.OPTIONS)) {
      var page = new ByteArrayOutputStream();
      AttentionPage.write(task.predict("Rome", "rain."), page);
      assertThat(answer.get("weights").get(0))
          .allSatisfy(weights -> assertThat(page.toString(UTF_8)).contains(weights.asText()));
    }
  }

  @Test
  void everyAnswerSaysWhatItTook() {
    var response = server.post("/embed", "{\"inputs\":[\"Rome\",\"caf\u00e9\"]}");
    var headers = response.headers();
    assertThat(headers.firstValue("x-compute-type")).hasValue("cpu");
    assertThat(headers.firstValue("x-compute-characters")).hasValue("8");
    for (var name :
        List.of(
            "x-compute-time",
            "x-compute-tokens",
            "x-total-time",
            "x-tokenization-time",
            "x-queue-time",
            "x-inference-time")) {
      assertThat(headers.firstValue(name).orElse("")).as(name).matches("[0-9]+");
    }
  }

  @Test
  void infoAndModelsSayWhatThereIs() {
    var models = TestServer.json(server.get("/v1/models"));
    assertThat(models.get("data").size()).isEqualTo(TestServer.MODELS.size());
    models.get("data").forEach(model -> assertThat(model.get("task")).isEqualTo(model.get("id")));
    assertThat(TestServer.json(server.get("/v1/models/reranker")).get("owned_by").asText())
        .isEqualTo("lanewise");
    var info = TestServer.json(server.get("/info"));
    assertThat(info.get("model_type").get("embedding").get("pooling").asText()).isEqualTo("mean");
    assertThat(info.get("max_client_batch_size").asInt()).isEqualTo(64);
    var labels = TestServer.json(server.get("/info/classifier")).get("model_type");
    assertThat(labels.get("classifier").get("id2label").get("1").asText()).isEqualTo("joy");
    assertThat(labels.get("classifier").get("label2id").get("joy").asInt()).isEqualTo(1);
    assertThat(info.toString() + models).doesNotContain(TestServer.TASKS.toString());
  }

  @Test
  void thePageIsForPeople() {
    var page = server.get("/", "Accept", "text/html,*/*;q=0.8");
    assertThat(new String(page.body(), UTF_8)).contains("<html", "page.js", "page.css");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'self';");
    for (var name : List.of("page.js", "page.css", "maps.js", "icon.svg")) {
      var file = server.get("/page/" + name);
      assertThat(file.statusCode()).as(name).isEqualTo(200);
      var tag = file.headers().firstValue("ETag").orElseThrow();
      var again = server.get("/page/" + name, "If-None-Match", tag);
      assertThat(again.statusCode()).as(name).isEqualTo(304);
      assertThat(again.body()).as(name).isEmpty();
    }
    assertThat(server.get("/page/../openapi.json").statusCode()).isEqualTo(404);
    assertThat(server.get("/page.js").statusCode()).isEqualTo(404);
    for (var path : List.of("/", "/health", "/ready", "/ping", "/live")) {
      var response = server.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.body()).as(path).isEmpty();
    }
  }
}
