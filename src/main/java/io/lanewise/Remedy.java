package io.lanewise;

/**
 * What a caller sets, or uses instead, to mend what an exception tells. A message says what that
 * does; how it is spelled each front end says for itself: in Java it is {@link #inJava}, on the
 * command line an option or a command.
 */
public enum Remedy {
  /** A head that the checkpoint does not hold is made anew. */
  ALLOW_NEW_HEAD("Options.withAllowNewHead(true)"),
  /** Another head is loaded. */
  HEAD("Options.withHead"),
  /** Other kernels are chosen. */
  BACKEND("Options.withBackend"),
  /** Weights are held in another type. */
  PRECISION("Options.withPrecision"),
  /** Longer texts are cut. */
  MAX_LENGTH("TaskOptions.withMaxLength"),
  /** Entities are put together. */
  AGGREGATION("TokenClassifier.withAggregation"),
  /** Tokens are turned to text while they are generated. */
  DECODER("Generator.withDecoder"),
  /** A folder that holds something is written to. */
  OVERWRITE("Saving.withOverwrite(true)"),
  /** The model says whether sentences follow each other. */
  NEXT_SENTENCE("NextSentence"),
  /** The model says whether sentences stand in order. */
  SENTENCE_ORDER("SentenceOrder"),
  /** The model gives texts labels. */
  CLASSIFY("TextClassifier"),
  /** The model gives texts dense vectors. */
  EMBED("Embedder"),
  /** The model gives texts sparse vectors. */
  SPARSE("SparseEmbedder"),
  /** The model gives each token a vector, to rank by. */
  LATE("LateReranker");

  private final String inJava;

  Remedy(String inJava) {
    this.inJava = inJava;
  }

  /** The method or class of this library that does it. */
  public String inJava() {
    return inJava;
  }
}
