package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/**
 * The {@code WeightedLayerPooling} of sentence-transformers: a weighted mean of what the layers
 * give for each token.
 *
 * @param where its folder, for messages
 * @param first the first layer that counts; 0 is the embeddings
 * @param weights of the layers from there on
 */
record LayerMean(String where, int first, float[] weights) {
  static LayerMean load(Path folder) {
    var config = Checkpoint.config(folder);
    int layers = config.positive("num_hidden_layers", 12);
    int first = config.bounded("layer_start", 4, 0, layers);
    return SentenceModule.read(
        folder,
        config,
        stored ->
            new LayerMean(
                folder.toString(),
                first,
                SentenceModule.vector(stored, "layer_weights", layers + 1 - first)));
  }

  /** How many layers the model must have. */
  int layers() {
    return first + weights.length - 1;
  }

  /**
   * The mean.
   *
   * @param states [batch, tokens, hidden] of the embeddings and of each layer
   */
  Tensor of(List<Tensor> states) {
    double sum = 0;
    for (float weight : weights) {
      sum += weight;
    }
    var shape = states.getFirst().shape();
    var sums = new double[Math.toIntExact(shape.count())];
    for (int i = 0; i < weights.length; i++) {
      double weight = weights[i];
      var layer = states.get(first + i).floats();
      for (int at = 0; at < sums.length; at++) {
        sums[at] += weight * layer[at];
      }
    }
    var mean = new float[sums.length];
    for (int at = 0; at < mean.length; at++) {
      mean[at] = (float) (sums[at] / sum);
    }
    return Tensor.of(mean, shape.size(0), shape.size(1), shape.size(2));
  }
}
