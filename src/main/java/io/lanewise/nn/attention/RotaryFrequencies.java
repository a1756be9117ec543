package io.lanewise.nn.attention;

import io.lanewise.kernel.RotaryTable;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionIds;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * By which angle each pair of numbers turns from one position to the next (Su et al. 2021, section
 * 3.2.2). Angles are made as Hugging Face makes them, frequency times position in single precision,
 * so that far positions agree too.
 *
 * @param values [pairs], falling
 */
public record RotaryFrequencies(float[] values) {
  /**
   * {@code theta^(-2i/rotated)} for pair i.
   *
   * @param theta the base, such as 10,000
   * @param rotated numbers of a head that are turned, an even count
   */
  public static RotaryFrequencies of(double theta, int rotated) {
    var values = new float[rotated / 2];
    for (int i = 0; i < values.length; i++) {
      float exponent = 2f * i / rotated;
      values[i] = 1 / (float) Math.pow(theta, exponent);
    }
    return new RotaryFrequencies(values);
  }

  /** All angles divided by a factor: Hugging Face's {@code rope_type} {@code linear}. */
  public RotaryFrequencies slowedBy(double factor) {
    var slower = values.clone();
    for (int i = 0; i < slower.length; i++) {
      slower[i] /= (float) factor;
    }
    return new RotaryFrequencies(slower);
  }

  /**
   * The NTK-aware scaling of GTE, always in force: {@code theta} grows by the factor, and then all
   * angles shrink by {@code factor^(2/rotated)} ({@code NTKScalingRotaryEmbedding} of
   * Alibaba-NLP/new-impl).
   */
  public static RotaryFrequencies ntk(double theta, int rotated, double factor) {
    return of(theta * factor, rotated).slowedBy(Math.pow(factor, 2.0 / rotated));
  }

  /**
   * The mixed scaling of GTE: pair i, counted from 1, is slowed by {@code exp(a · i^b)}, with
   * {@code a = ln(factor) / (rotated/2)^b}.
   *
   * @param b {@code mixed_b}
   */
  public static RotaryFrequencies mixedNtk(double theta, int rotated, double factor, double b) {
    var values = of(theta, rotated).values;
    double a = Math.log(factor) / Math.pow(rotated / 2.0, b);
    for (int i = 0; i < values.length; i++) {
      values[i] /= (float) Math.exp(a * Math.pow(i + 1.0, b));
    }
    return new RotaryFrequencies(values);
  }

  /**
   * Dynamic NTK scaling: beyond the length of training the base grows with the length of the
   * sequence, by {@code (factor · tokens/trained − (factor − 1))^(rotated/(rotated − 2))}.
   *
   * @param tokens of the sequence
   * @param trained tokens of the longest sequence in training
   */
  public static RotaryFrequencies dynamicNtk(
      double theta, int rotated, double factor, int tokens, int trained) {
    if (tokens <= trained) {
      return of(theta, rotated);
    }
    double stretch = factor * tokens / trained - (factor - 1);
    return of(theta * Math.pow(stretch, rotated / (rotated - 2.0)), rotated);
  }

  /**
   * The angles of positions 0, 1, 2 …, in scratch memory.
   *
   * @param positions how many
   */
  public RotaryTable table(Pass pass, int positions, int headSize, RotaryTable.Layout layout) {
    var cosines = pass.matrix(positions, values.length);
    var sines = pass.matrix(positions, values.length);
    pass.backend().workers().run(positions, p -> write(p, 1, cosines.rows(p, 1), sines.rows(p, 1)));
    return new RotaryTable(headSize, layout, cosines, sines);
  }

  /**
   * Queries and keys turned by the angles of their positions, in scratch memory.
   *
   * @param positions [batch * tokens]; null to count in every sequence, and then tokens at one
   *     place share their angles
   */
  public Rotation rotation(
      Pass pass,
      int batch,
      int tokens,
      int @Nullable [] positions,
      int headSize,
      RotaryTable.Layout layout) {
    int rows = Math.multiplyExact(batch, tokens);
    if (positions == null) {
      var counted = table(pass, tokens, headSize, layout);
      return Rotation.of(counted, PositionIds.counting(batch, tokens, 0));
    }
    var cosines = pass.matrix(rows, values.length);
    var sines = pass.matrix(rows, values.length);
    pass.backend()
        .workers()
        .run(rows, i -> write(positions[i], 1, cosines.rows(i, 1), sines.rows(i, 1)));
    var table = new RotaryTable(headSize, layout, cosines, sines);
    return Rotation.of(table, IntStream.range(0, rows).toArray());
  }

  /**
   * Writes the angles of one position.
   *
   * @param factor multiplies cosines and sines, and so what they turn
   * @param cosines [1, pairs], written
   * @param sines likewise
   */
  public void write(int position, double factor, Matrix cosines, Matrix sines) {
    var cosine = new float[values.length];
    var sine = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      double angle = position * values[i]; // in single precision, on purpose
      cosine[i] = (float) (factor * Math.cos(angle));
      sine[i] = (float) (factor * Math.sin(angle));
    }
    cosines.copyFrom(cosine, 0);
    sines.copyFrom(sine, 0);
  }
}
