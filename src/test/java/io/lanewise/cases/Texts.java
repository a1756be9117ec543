package io.lanewise.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** The texts that the cases are about, by id. */
record Texts(Map<String, Line> byId) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A text and, or null, its second text. */
  record Line(String text, String pair) {}

  static Texts of(Path cases) {
    var lines = new HashMap<String, Line>();
    forEachLine(
        cases.resolve("text.jsonl"),
        node ->
            lines.put(
                node.get("id").textValue(),
                new Line(node.get("text").textValue(), node.path("text_pair").textValue())));
    return new Texts(lines);
  }

  Line get(JsonNode record) {
    var line = byId.get(record.get("id").textValue());
    if (line == null) {
      throw new IllegalArgumentException("text.jsonl has no " + record.get("id"));
    }
    return line;
  }

  static void forEachLine(Path file, Consumer<JsonNode> action) {
    try (var reader =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
      String line;
      while ((line = reader.readLine()) != null) {
        if (!line.isBlank()) {
          action.accept(MAPPER.readTree(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(Path file) {
    try (var in = open(file)) {
      return MAPPER.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static InputStream open(Path file) throws IOException {
    var in = Files.newInputStream(file);
    return file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
  }
}
