package io.lanewise.langchain4j;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The small model folders of the core's tests, and its demo checkpoints. */
final class Folders {
  private static final Path CORE = Path.of(System.getProperty("lanewise.core"));
  private static final Path TASKS = CORE.resolve("src/test/resources/tasks");

  /** 16 wide, vectors of length 1, texts cut to 11 tokens, no prompts. */
  static final Path EMBEDDER = TASKS.resolve("classes-bert-embed");

  /** 9 wide, with the prompts query (the default), passage and none. */
  static final Path EMBEDDER_WITH_PROMPTS = TASKS.resolve("classes-roberta-embed");

  /** A cross-encoder without meaning. */
  static final Path RERANKER = TASKS.resolve("classes-bert-rerank");

  /** Knows the capitals of the world. */
  static final Path CAPITALS = CORE.resolve("weights/albert-tiny-demo");

  /** NEGATIVE and POSITIVE; 256 tokens. */
  static final Path SENTIMENT = CORE.resolve("weights/albert-tiny-sentiment");

  private Folders() {}

  /** Copies a folder with all that is in it. */
  static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  /** What Hugging Face's libraries answered in a folder's group. */
  static JsonNode expected(Path folder, int group) throws IOException {
    return new ObjectMapper()
        .readTree(folder.resolve("expected.json").toFile())
        .get("groups")
        .get(group);
  }
}
