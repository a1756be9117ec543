package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Checkpoint;
import java.nio.file.Path;

/** A norm over the vector: (x - mean) / √(variance + ε), times a weight, plus a bias. */
record LayerNorm(String where, float[] weight, float[] bias) implements SentenceModule {
  private static final double EPSILON = 1e-5;

  static LayerNorm load(Path folder) {
    var config = Checkpoint.config(folder);
    int size = config.positive("dimension", 0);
    if (size == 0) {
      throw config.wrong("dimension", "it is missing");
    }
    return SentenceModule.read(
        folder,
        config,
        weights -> {
          var norm = weights.at("norm");
          return new LayerNorm(
              folder.toString(),
              SentenceModule.vector(norm, "weight", size),
              SentenceModule.vector(norm, "bias", size));
        });
  }

  @Override
  public float[] apply(float[] vector) {
    var spread = Spread.of(vector);
    double scale = 1 / Math.sqrt(spread.squares() / vector.length + EPSILON);
    var y = new float[vector.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) ((vector[i] - spread.mean()) * scale * weight[i] + bias[i]);
    }
    return y;
  }

  @Override
  public int size(int before) {
    SentenceModule.checkSize(where, "dimension", weight.length, before);
    return before;
  }
}
