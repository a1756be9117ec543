package io.lanewise.family.load;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pooler;

/**
 * What a family is loaded from.
 *
 * @param config the settings, with the caller's own in the place of the file's
 * @param weights the root of the walk
 * @param packing turns weights into layers
 * @param mayMake whether tensors of the head that the file lacks are made from the seed
 * @param wantsPooler whether a model without head gets its pooler
 * @param pruned heads that the layers have lost
 */
public record LayerSource(
    Config config,
    Weights weights,
    Packing packing,
    boolean mayMake,
    boolean wantsPooler,
    PrunedHeads pruned) {
  /**
   * The root of the walk for the head's own tensors, which may be missing if the caller says so.
   */
  public Weights head() {
    return weights.allowNew(mayMake);
  }

  /** One linear layer of the head. */
  public Linear linear(int inputs, int outputs, String name) {
    return Linear.load(packing, inputs, outputs, head().at(name));
  }

  /** The pooler that a head stands on; it belongs to the head, for other heads do without. */
  public Pooler pooler(int hidden, Weights at) {
    return Pooler.load(packing, hidden, at.allowNew(mayMake));
  }

  /**
   * The pooler of a model without head: null if nobody wants it or the file has none. Hugging Face
   * makes one from random numbers then, and its output means nothing; here that is only done for
   * who asks with {@link io.lanewise.model.Options#withAllowNewHead}.
   */
  public Pooler optionalPooler(int hidden, Weights at) {
    boolean stored = at.has("weight") || at.has("bias");
    if (!wantsPooler) {
      at.skip("weight");
      at.skip("bias");
    }
    return wantsPooler && (stored || mayMake) ? pooler(hidden, at) : null;
  }

  /**
   * The projection to the words of the vocabulary: {@code decoder.weight}, which is the word
   * embeddings themselves where the two are tied (and what a file holds under that name is not
   * read, as in Hugging Face 4), and {@code bias}, which old files call {@code decoder.bias} too.
   *
   * @param name of the word embeddings
   */
  public Linear decoder(Weights at, EmbeddingTable words, String name, boolean tied) {
    int vocabulary = words.table().rows();
    boolean old = at.has("decoder.bias") && !at.has("bias");
    var place = old ? at.at("decoder", "") : at;
    var bias = place.vector("bias", vocabulary, Weights.Init.ZEROS);
    if (!old) {
      at.skip("decoder.bias");
    }
    if (tied) {
      at.tied("decoder.weight", name + ".weight");
      var decoder = Linear.of(packing, words.table(), bias);
      weights.release(words.table());
      return decoder;
    }
    try (var scratch = Packing.scratch()) {
      var weight = at.borrow("decoder.weight", vocabulary, words.table().columns(), scratch);
      var decoder = Linear.of(packing, weight, bias);
      at.release(weight);
      return decoder;
    }
  }

  /** The labels of a classification head. */
  public int labels() {
    return config.labelCount(2);
  }

  /** What a sequence classification's outputs mean; null if the config is silent. */
  public String problemType() {
    return config.problemType().orElse(null);
  }
}
