package io.lanewise.checkpoint.format;

/**
 * Converts the names of tensors in Flax and TensorFlow checkpoints to PyTorch's names.
 *
 * <p>The rules are those of Hugging Face's converters: {@code rename_key_and_reshape_tensor} in
 * modeling_flax_pytorch_utils.py and {@code convert_tf_weight_name_to_pt_weight_name} in
 * modeling_tf_pytorch_utils.py.
 */
final class ForeignNames {
  private ForeignNames() {}

  /**
   * The name of an array in a Flax checkpoint.
   *
   * @param path keys joined by dots
   */
  static String flax(String path) {
    int last = path.lastIndexOf('.') + 1;
    var name =
        switch (path.substring(last)) {
          case "kernel", "scale", "embedding" -> "weight";
          default -> path.substring(last);
        };
    return path.substring(0, last) + name;
  }

  /**
   * The name of a TensorFlow weight, such as {@code
   * tf_bert_model/bert/encoder/layer_._0/…/kernel:0}.
   *
   * <p>The scope of the model is dropped, {@code layer_._0} becomes {@code layer.0}, and of {@code
   * mlm___cls} only what follows the underscores counts.
   */
  static String tensorFlow(String weight) {
    int device = weight.lastIndexOf(':');
    var path = (device < 0 ? weight : weight.substring(0, device)).split("/", -1);
    var name = new StringBuilder();
    for (int i = path.length > 1 ? 1 : 0; i < path.length; i++) {
      if (path[i].isEmpty()) {
        continue;
      }
      int dropped = i < path.length - 1 ? path[i].indexOf("___") : -1;
      var part = dropped < 0 ? path[i] : path[i].substring(dropped + 3);
      boolean last = i == path.length - 1;
      name.append(name.isEmpty() ? "" : ".")
          .append(last ? parameter(part) : part.replace("_._", "."));
    }
    return name.toString();
  }

  /** Whether this is the weight of a linear layer, which Flax and TensorFlow store transposed. */
  static boolean isKernel(String path) {
    return path.matches("(?:.*[./])?kernel(?::\\d+)?");
  }

  private static String parameter(String name) {
    return switch (name) {
      case "kernel", "gamma", "embeddings" -> "weight";
      case "beta" -> "bias";
      default -> name;
    };
  }
}
