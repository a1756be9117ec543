package io.lanewise.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.json.Json;
import io.lanewise.serve.http.Readiness;
import io.lanewise.serve.metrics.Metrics;
import io.lanewise.serve.model.ServedModels;
import io.lanewise.serve.route.Routes;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the server does. */
class ApiDocumentTest {
  @Test
  void itListsTheRoutesAndNoOthers() {
    var metrics = new Metrics();
    try (var models = ServedModels.load(List.of(), TestServer.MODEL_LIMITS, metrics);
        var server = TestServer.open()) {
      var listed = new TreeSet<String>();
      var document = TestServer.json(server.get("/api-doc/openapi.json"));
      document
          .get("paths")
          .properties()
          .forEach(
              path ->
                  path.getValue()
                      .fieldNames()
                      .forEachRemaining(
                          method ->
                              listed.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
      var there = new TreeSet<String>();
      Routes.of(models, metrics, "test", () -> Readiness.READY).stream()
          .map(
              route ->
                  route.method() + " " + route.path().replaceFirst("^/page/.*", "/page/{name}"))
          .forEach(there::add);
      there.addAll(List.of("GET /info/{model}", "GET /v1/models/{model}"));
      assertThat(listed).isEqualTo(there);
      checkExamples(server, document);
      assertThat(server.problems).isEmpty();
    }
  }

  /** Each example is answered, as its schema says. */
  private static void checkExamples(TestServer server, JsonNode document) {
    int answered = 0;
    for (var path : document.get("paths").properties()) {
      var post = path.getValue().path("post");
      var example = post.at("/requestBody/content/application~1json/example");
      if (example.isMissingNode()) {
        continue;
      }
      var request = post.at("/requestBody/content/application~1json/schema");
      check(document, request, example, path.getKey() + " example");
      var schema = post.at("/responses/200/content/application~1json/schema");
      var answer = server.answer(path.getKey(), example.toString());
      check(document, schema, answer, path.getKey());
      answered++;
      for (var field : request.path("required")) {
        var less = example.deepCopy();
        ((ObjectNode) less).remove(field.asText());
        assertThat(server.post(path.getKey(), less.toString()).statusCode())
            .as(path.getKey() + " without " + field)
            .isEqualTo(422);
      }
    }
    assertThat(answered).isGreaterThanOrEqualTo(19);
  }

  /** Whether a value has the types that a schema says, as far as this document uses them. */
  private static void check(JsonNode document, JsonNode schema, JsonNode value, String where) {
    if (schema.has("$ref")) {
      check(document, document.at(schema.get("$ref").asText().substring(1)), value, where);
    } else if (schema.has("oneOf")) {
      var fits =
          StreamSupport.stream(schema.get("oneOf").spliterator(), false)
              .anyMatch(each -> fits(document, each, value));
      assertThat(fits).as(where + " " + value).isTrue();
    } else {
      assertThat(fits(document, schema, value)).as(where + " " + value).isTrue();
      schema
          .path("properties")
          .properties()
          .forEach(
              property -> {
                if (value.has(property.getKey()) && !value.get(property.getKey()).isNull()) {
                  check(
                      document,
                      property.getValue(),
                      value.get(property.getKey()),
                      where + "." + property.getKey());
                }
              });
      if (value.isArray() && schema.has("items")) {
        value.forEach(each -> check(document, schema.get("items"), each, where + "[]"));
      }
      schema
          .path("required")
          .forEach(name -> assertThat(value.has(name.asText())).as(where + " " + name).isTrue());
      if (schema.has("enum")) {
        assertThat(schema.get("enum")).as(where).contains(value);
      }
    }
  }

  private static boolean fits(JsonNode document, JsonNode schema, JsonNode value) {
    if (schema.has("$ref")) {
      return fits(document, document.at(schema.get("$ref").asText().substring(1)), value);
    }
    return switch (schema.path("type").asText("any")) {
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "object" -> value.isObject();
      case "array" ->
          value.isArray()
              && (value.isEmpty()
                  || !schema.get("items").has("type")
                  || fits(document, schema.get("items"), value.get(0)));
      default -> true;
    };
  }

  @Test
  void theDocumentIsStrictJson() throws Exception {
    try (var in = ApiDocumentTest.class.getResourceAsStream("/io/lanewise/serve/openapi.json")) {
      assertThat(Json.parse(in.readAllBytes(), "openapi.json").get("openapi").asText())
          .isEqualTo("3.0.3");
    }
  }
}
