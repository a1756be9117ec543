package io.lanewise.checkpoint.format;

/**
 * PyTorch's names for the tensors of Flax and TensorFlow checkpoints.
 *
 * <p>The rules are those by which Hugging Face's converters ({@code modeling_flax_pytorch_utils},
 * {@code modeling_tf_pytorch_utils}) go from one to the other.
 */
final class ForeignNames {
  private ForeignNames() {}

  /** The name of an array whose path in a Flax checkpoint, joined by dots, is this. */
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

  /** Whether the weight of that path is a linear layer's, which both keep transposed. */
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
