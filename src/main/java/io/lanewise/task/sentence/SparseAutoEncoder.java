package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * The {@code SparseAutoEncoder} of sentence-transformers, its first half: a wide layer of which the
 * largest numbers are kept, and of those the positive ones; all others are 0.
 *
 * @param wide W·(x - before) + bias
 * @param before [inputs] is taken off
 * @param normalised whether each vector gets mean 0 and deviation 1 first
 * @param active how many numbers are kept
 */
record SparseAutoEncoder(
    String where, LinearLayer wide, float[] before, boolean normalised, int active)
    implements SentenceModule {
  private static final double EPSILON = 1e-5;

  static SparseAutoEncoder load(Path folder) {
    var config = Checkpoint.config(folder);
    int inputs = config.positive("input_dim", 0);
    if (inputs == 0) {
      throw config.wrong("input_dim", "it is missing");
    }
    int outputs = config.positive("hidden_dim", 512);
    int active = config.positive("k", 8, outputs);
    boolean normalised = config.bool("normalize", false);
    return SentenceModule.read(
        folder,
        config,
        weights ->
            new SparseAutoEncoder(
                folder.toString(),
                LinearLayer.of(
                    weights.matrix("encoder.weight", outputs, inputs).toArray(),
                    SentenceModule.vector(weights, "latent_bias", outputs),
                    inputs),
                SentenceModule.vector(weights, "pre_bias", inputs),
                normalised,
                active));
  }

  /** The same that keeps so many numbers; all if there are fewer. */
  SparseAutoEncoder withActive(int newActive) {
    return new SparseAutoEncoder(
        where, wide, before, normalised, Math.min(newActive, wide.outputs()));
  }

  @Override
  public float[] apply(float[] vector) {
    var shifted = normalised ? normalise(vector) : vector.clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] -= before[i];
    }
    var latent = wide.apply(shifted, 0);
    var kept = new float[latent.length];
    IntStream.range(0, latent.length)
        .boxed()
        .sorted((one, other) -> Double.compare(latent[other], latent[one])) // NaN first
        .limit(active)
        .forEach(i -> kept[i] = (float) (latent[i] < 0 ? 0 : latent[i]));
    return kept;
  }

  /** The deviation is that of a sample, with n - 1. */
  private static float[] normalise(float[] vector) {
    var spread = Spread.of(vector);
    double deviation = Math.sqrt(spread.squares() / (vector.length - 1));
    var y = new float[vector.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) ((vector[i] - spread.mean()) / (deviation + EPSILON));
    }
    return y;
  }

  @Override
  public int size(int size) {
    SentenceModule.checkSize(where, "input_dim", before.length, size);
    return wide.outputs();
  }
}
