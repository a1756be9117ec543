package io.lanewise.task;

import io.lanewise.InputException;
import java.util.Arrays;

/**
 * A text as a vector. Compare it with others of the same model only.
 *
 * <pre>{@code
 * try (var embedder = Embedder.load(Path.of("my-model"))) {
 *   var one = embedder.predict("A cat sits on the mat.");
 *   var other = embedder.predict("On the rug there is a cat.");
 *   System.out.println(one.size() + " numbers, cosine " + one.cosine(other));
 * }
 * }</pre>
 *
 * @param values the vector's own, not to be written to
 */
public record Embedding(float[] values) {
  /** How many numbers it has. */
  public int size() {
    return values.length;
  }

  /**
   * The cosine of the angle between two, from -1 to 1; 0 if one of them is zero.
   *
   * @throws InputException if their sizes differ
   */
  public float cosine(Embedding other) {
    return Similarity.COSINE.of(this, other);
  }

  /** The same direction with length 1; zero stays zero. */
  public Embedding normalised() {
    double length = length();
    var unit = new float[values.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (values[i] / Math.max(length, 1e-12));
    }
    return new Embedding(unit);
  }

  /** The Euclidean length. */
  double length() {
    return Math.sqrt(dot(this));
  }

  public double dot(Embedding other) {
    if (other.values.length != values.length) {
      throw new InputException(
          "embeddings of %d and %d numbers cannot be compared: take those of one model"
              .formatted(values.length, other.values.length));
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += (double) values[i] * other.values[i];
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Embedding of " + values.length;
  }
}
