package io.lanewise.cli.option;

import io.lanewise.InputException;
import io.lanewise.memory.NativeImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a command does without {@code --model}: it takes a demo that fits, or says what it wants.
 *
 * @param demo folder of the demo; null for none
 * @param wanted what kind of model the command needs
 * @param example a model of the Hub that is one
 */
public record DefaultModel(String demo, String wanted, String example) {
  /** Commands of masked words, and all that any model will do for. */
  public static final DefaultModel MASKED_WORDS =
      new DefaultModel(
          "weights/albert-tiny-demo", "a masked language model", "albert/albert-base-v2");

  /** Classes of texts. */
  public static final DefaultModel CLASSES =
      new DefaultModel(
          "weights/albert-tiny-sentiment",
          "a model for sequence classification",
          "textattack/bert-base-uncased-SST-2");

  /** Classes of words. */
  public static final DefaultModel TAGS =
      new DefaultModel(null, "a model for token classification", "dslim/bert-base-NER");

  /** Spans of a context. */
  public static final DefaultModel SPANS =
      new DefaultModel(null, "a model for question answering", "deepset/roberta-base-squad2");

  /** Whether a text entails another. */
  public static final DefaultModel ENTAILMENT =
      new DefaultModel(null, "a model for natural language inference", "facebook/bart-large-mnli");

  /** One of several endings. */
  public static final DefaultModel CHOICES =
      new DefaultModel(
          null, "a model for multiple choice", "LIAMF-USP/roberta-large-finetuned-race");

  /** Vectors of texts. */
  public static final DefaultModel VECTORS =
      new DefaultModel(null, "a model for embeddings", "sentence-transformers/all-MiniLM-L6-v2");

  /** Sparse vectors of texts. */
  public static final DefaultModel SPARSE_VECTORS =
      new DefaultModel(null, "a sparse embedder", "naver/splade-cocondenser-ensembledistil");

  /** How well a document fits a query, by the vectors of their tokens. */
  public static final DefaultModel LATE_RELEVANCE =
      new DefaultModel(null, "a late-interaction model", "colbert-ir/colbertv2.0");

  /** How well a document fits a query. */
  public static final DefaultModel RELEVANCE =
      new DefaultModel(null, "a cross-encoder", "cross-encoder/ms-marco-MiniLM-L6-v2");

  /** Which text follows another. */
  public static final DefaultModel SENTENCES =
      new DefaultModel(
          null, "a model with a head for pairs of sentences", "google-bert/bert-base-uncased");

  /** Texts written for texts. */
  public static final DefaultModel SUMMARIES =
      new DefaultModel(null, "a model for summaries", "facebook/bart-large-cnn");

  /** Texts that go on. */
  public static final DefaultModel TEXTS =
      new DefaultModel(null, "a model that generates text", "facebook/bart-large");

  /**
   * The folder of the demo.
   *
   * @param command that asks
   * @throws InputException if there is none; the message says where to get a model
   */
  Path folder(String command) {
    return (demo == null ? Stream.<Path>empty() : homes().map(home -> home.resolve(demo)))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "no model: %s wants %s: lanewise fetch %s, then %s --model %s"
                        .formatted(command, wanted, example, command, example)));
  }

  /** What the launcher says; without one, here and, in a native image, the program's folders. */
  private static Stream<Path> homes() {
    var here = Path.of(System.getProperty("lanewise.home", ""));
    var program =
        NativeImage.isHere() ? ProcessHandle.current().info().command() : Optional.<String>empty();
    var folders =
        Stream.iterate(
            program.map(file -> Path.of(file).getParent()).orElse(null),
            Objects::nonNull,
            Path::getParent);
    return Stream.concat(Stream.of(here), folders.limit(2));
  }
}
