package io.lanewise.springai.autoconfigure;

import java.nio.file.Path;

/** Small model folders of the core's tests. */
final class CoreFolders {
  /** Of sentence-transformers, 16 numbers. */
  static final Path BERT = task("classes-bert-embed");

  /** With prompts for queries and passages. */
  static final Path PROMPTED = task("classes-roberta-embed");

  /** A cross-encoder. */
  static final Path CROSS = task("classes-bert-rerank");

  private CoreFolders() {}

  private static Path task(String name) {
    return Path.of(System.getProperty("lanewise.core"), "src/test/resources/tasks", name)
        .toAbsolutePath()
        .normalize();
  }
}
