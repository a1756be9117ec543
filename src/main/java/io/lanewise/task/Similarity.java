package io.lanewise.task;

/**
 * How alike two embeddings are; higher is more alike. Those of sentence-transformers.
 *
 * <pre>{@code
 * try (var embedder = Embedder.load(Path.of("my-model"))) {
 *   var vectors = embedder.predictAll(List.of("A cat sleeps.", "A dog sleeps."));
 *   System.out.println(Similarity.DOT.of(vectors.getFirst(), vectors.getLast()));
 * }
 * }</pre>
 */
public enum Similarity {
  /** The cosine of the angle between them. */
  COSINE,
  /** The dot product. */
  DOT,
  /** The Euclidean distance, negated. */
  EUCLIDEAN,
  /** The sum of the differences, negated. */
  MANHATTAN;

  /**
   * Computed in double precision.
   *
   * @throws io.lanewise.InputException if their sizes differ
   */
  public float of(Embedding one, Embedding other) {
    double dot = one.dot(other);
    return (float)
        switch (this) {
          case COSINE -> dot / Math.max(1e-24, one.length() * other.length());
          case DOT -> dot;
          case EUCLIDEAN -> -Math.sqrt(differences(one, other, 2));
          case MANHATTAN -> -differences(one, other, 1);
        };
  }

  private static double differences(Embedding one, Embedding other, int power) {
    double sum = 0;
    for (int i = 0; i < one.size(); i++) {
      sum += Math.pow(Math.abs((double) one.values()[i] - other.values()[i]), power);
    }
    return sum;
  }
}
