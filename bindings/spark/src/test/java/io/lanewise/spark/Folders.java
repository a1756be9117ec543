package io.lanewise.spark;

import java.nio.file.Path;

/** The small models of the core's checkout. */
final class Folders {
  private static final Path CORE = Path.of(System.getProperty("lanewise.core"));

  static final String EMBED = task("classes-bert-embed");
  static final String CLASSIFY = task("classes-bert-labels");
  static final String RERANK = task("classes-bert-rerank");
  static final String ZERO_SHOT = task("classes-bert-zero-shot");
  static final String TAG = task("span-bert-tokens");
  static final String ANSWER = task("span-bert-answers");
  static final String SUMMARIZE = task("generation/bart");

  /** The demo that fills masks; large enough to be worth measuring. */
  static final String DEMO = core("weights/albert-tiny-demo");

  private Folders() {}

  private static String task(String name) {
    return core("src/test/resources/tasks/" + name);
  }

  private static String core(String path) {
    return CORE.resolve(path).toAbsolutePath().normalize().toString();
  }
}
