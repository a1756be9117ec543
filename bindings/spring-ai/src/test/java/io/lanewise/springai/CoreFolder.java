package io.lanewise.springai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** A small model folder of the core's tests, with what Hugging Face computed for it. */
record CoreFolder(Path path) {
  /** Of sentence-transformers, with a mean over 16 numbers that is normalised. */
  static final CoreFolder BERT = task("classes-bert-embed");

  /** The same with prompts for queries and passages, the first of which is the default. */
  static final CoreFolder PROMPTED = task("classes-roberta-embed");

  /** A cross-encoder. */
  static final CoreFolder CROSS = task("classes-bert-rerank");

  private static CoreFolder task(String name) {
    return new CoreFolder(
        Path.of(System.getProperty("lanewise.core"), "src/test/resources/tasks", name));
  }

  ModelSource source() {
    return ModelSource.of(path);
  }

  /** What was computed with these settings, as JSON with single quotes. */
  Expected expected(String with) {
    try {
      var mapper = new ObjectMapper();
      var wanted = mapper.readTree(with.replace('\'', '"'));
      var groups = mapper.readTree(path.resolve("expected.json").toFile()).path("groups");
      return StreamSupport.stream(groups.spliterator(), false)
          .filter(each -> each.path("with").equals(wanted))
          .map(each -> new Expected(each.path("inputs"), each.path("outputs")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  record Expected(JsonNode inputs, JsonNode outputs) {
    List<String> texts() {
      return texts(inputs);
    }

    static List<String> texts(JsonNode array) {
      var texts = new ArrayList<String>();
      array.forEach(each -> texts.add(each.asText()));
      return texts;
    }

    float[] vector(int input) {
      var numbers = outputs.path(input);
      var vector = new float[numbers.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = numbers.path(i).floatValue();
      }
      return vector;
    }
  }
}
