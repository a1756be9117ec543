package io.lanewise.nn;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution along the tokens, beside a layer: {@code y = norm(x + activation(conv(z)))} where x
 * is what the layer made of z. Hugging Face's {@code ConvLayer} of DeBERTa-v2.
 *
 * <p>The neighbours of a token are laid side by side, and one matrix product does the rest.
 *
 * @param groups each maps the same part of the features of all neighbours to that part, [kernel *
 *     hidden / groups] to [hidden / groups]
 * @param kernel neighbours that count, the token itself among them; odd
 */
public record TokenConvolution(
    List<Linear> groups, int kernel, Activation activation, LayerNorm norm) {
  /**
   * Loads {@code conv.weight} [hidden, hidden / groups, kernel], {@code conv.bias} [hidden] and
   * {@code LayerNorm}.
   *
   * @param kernel odd
   * @param groups a divisor of hidden
   */
  public static TokenConvolution load(
      Packing packing,
      int hidden,
      int kernel,
      int groups,
      Activation activation,
      float epsilon,
      Weights at) {
    int part = hidden / groups;
    var layers = new ArrayList<Linear>();
    try (var scratch = Packing.scratch()) {
      var stored = at.borrow("conv.weight", scratch, hidden, part, kernel);
      var bias = at.vector("conv.bias", hidden, Weights.Init.ZEROS);
      var turned = scratch.matrix(part, kernel * part); // [outputs, neighbours * inputs]
      for (int group = 0; group < groups; group++) {
        for (int output = 0; output < part; output++) {
          var row = stored.rows(group * part + output, 1).toArray(); // [inputs, neighbours]
          var ordered = new float[row.length];
          for (int i = 0; i < row.length; i++) {
            ordered[i % kernel * part + i / kernel] = row[i];
          }
          turned.rows(output, 1).copyFrom(ordered, 0);
        }
        var ofGroup = bias.asSlice((long) group * part * Float.BYTES, (long) part * Float.BYTES);
        layers.add(Linear.of(packing, turned, ofGroup));
      }
      at.release(stored);
    }
    var norm = LayerNorm.load(hidden, epsilon, at.at("LayerNorm"));
    return new TokenConvolution(List.copyOf(layers), kernel, activation, norm);
  }

  /**
   * Adds the convolution to what a layer made, and normalises.
   *
   * @param z [rows, hidden], what went into the layer
   * @param sequences where each sequence begins, and the number of rows, [batch + 1]; nothing is
   *     seen beyond the ends of a sequence
   * @param seen [rows], 1 for a token; what is not 1 gets nothing of the convolution. Null for all
   *     tokens
   * @param y [rows, hidden], what came out of the layer, overwritten
   */
  public void apply(Pass pass, Matrix z, int[] sequences, float @Nullable [] seen, Matrix y) {
    try (var _ = pass.frame()) {
      var added = pass.matrix(z.rows(), z.columns());
      int part = z.columns() / groups.size();
      var neighbours = pass.matrix(z.rows(), kernel * part);
      for (int group = 0; group < groups.size(); group++) {
        gather(pass, z.columns(group * part, part), sequences, neighbours);
        var result = added.columns(group * part, part);
        groups.get(group).apply(pass, neighbours, activation, result);
      }
      clear(added, seen);
      pass.dropout().hidden(pass, added);
      norm.apply(pass, y, added, y);
    }
  }

  private void gather(Pass pass, Matrix z, int[] sequences, Matrix neighbours) {
    pass.backend()
        .workers()
        .run(
            sequences.length - 1,
            b -> {
              for (int row = sequences[b]; row < sequences[b + 1]; row++) {
                for (int i = 0; i < kernel; i++) {
                  int from = row + i - kernel / 2;
                  var to = neighbours.rows(row, 1).columns(i * z.columns(), z.columns());
                  if (from >= sequences[b] && from < sequences[b + 1]) {
                    to.copyFrom(z.rows(from, 1));
                  } else {
                    zero(to);
                  }
                }
              }
            });
  }

  /** What the activation makes of nothing, in the rows that are no tokens. */
  private void clear(Matrix x, float[] seen) {
    float nothing = (float) activation.of(0);
    for (int row = 0; seen != null && row < seen.length; row++) {
      if (seen[row] != 1) {
        var values = new float[x.columns()];
        Arrays.fill(values, nothing);
        x.rows(row, 1).copyFrom(values, 0);
      }
    }
  }

  private static void zero(Matrix row) {
    row.data().asSlice(0, (long) row.columns() * Float.BYTES).fill((byte) 0);
  }
}
