package io.lanewise.family;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.load.DebertaConfig;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.DebertaEmbeddings;
import io.lanewise.family.stack.DebertaStack;
import io.lanewise.model.Head;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.attention.AttentionHeads;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.DisentangledPositions;
import io.lanewise.nn.attention.DistanceBuckets;
import io.lanewise.nn.attention.DistanceVectors;
import io.lanewise.nn.attention.TalkingHeads;
import org.jspecify.annotations.Nullable;

/**
 * DeBERTa (He et al. 2020), the first version: queries, keys and values of a head lie together in
 * the file, each distance has a vector of its own, and heads may talk to each other. The rest is
 * {@link DebertaV2}. Hugging Face's {@code modeling_deberta.py}.
 */
final class Deberta {
  static final ModelType TYPE = new ModelType("deberta", "Deberta", Deberta::head, Deberta::load);

  private Deberta() {}

  /** Hugging Face's names to layers. */
  static DebertaV2 load(LayerSource from, HeadPlan head) {
    var settings = from.config();
    var config = DebertaConfig.of(settings, 50265, 768, 12, 12, 3072);
    DebertaV2.refuseChanges(from);
    var root = from.weights().base("deberta");
    var packing = from.packing();
    var embeddings = DebertaEmbeddings.load(packing, config, root.at("embeddings"));
    var encoder = root.at("encoder");
    try (var scratch = Packing.scratch()) {
      var vectors =
          DebertaV2.vectors(config, DistanceBuckets.each(config.farthest()), encoder, scratch);
      boolean talking = settings.bool("talking_head", false);
      var layers =
          DebertaStack.layers(
              packing, config, encoder, at -> attention(packing, config, vectors, talking, at));
      var stack = new DebertaStack(config, embeddings, layers, null);
      return new DebertaV2(stack, head.load(DebertaV2.source(from, root, stack)));
    }
  }

  /** {@code DisentangledSelfAttention}, and the layer behind it. */
  private static DenseAttention attention(
      Packing packing, DebertaConfig config, DistanceVectors vectors, boolean talking, Weights at) {
    var self = at.at("self");
    int heads = config.heads();
    DisentangledPositions distances =
        vectors == null
            ? null
            : vectors.project(packing, heads, self.at("pos_proj"), false, self.at("pos_q_proj"));
    // The count of all parts, even of those that mean nothing here.
    float scale = (float) (1 / Math.sqrt(config.headSize() * (1.0 + config.meetings().size())));
    return new DenseAttention(
        queryKeyValue(packing, config, self),
        Linear.load(packing, config.hidden(), config.hidden(), at.at("output.dense")),
        new AttentionHeads(
            heads, config.headSize(), scale, distances, talking ? talking(heads, self) : null));
  }

  private static TalkingHeads talking(int heads, Weights self) {
    try (var scratch = Packing.scratch()) {
      var scores = self.at("head_logits_proj").borrowSource("weight", heads, heads, scratch);
      var probabilities =
          self.at("head_weights_proj").borrowSource("weight", heads, heads, scratch);
      return new TalkingHeads(scores.toArray(), probabilities.toArray());
    }
  }

  /**
   * {@code in_proj}, whose rows are query, key and value of a head before those of the next one,
   * with {@code q_bias} and {@code v_bias}.
   */
  private static Linear queryKeyValue(Packing packing, DebertaConfig config, Weights self) {
    int hidden = config.hidden();
    int size = config.headSize();
    try (var scratch = Packing.scratch()) {
      var stored = self.at("in_proj").borrow("weight", 3 * hidden, hidden, scratch);
      var sorted = scratch.matrix(3 * hidden, hidden);
      for (int head = 0; head < config.heads(); head++) {
        for (int part = 0; part < 3; part++) {
          sorted
              .rows(part * hidden + head * size, size)
              .copyFrom(stored.rows((3 * head + part) * size, size));
        }
      }
      self.at("in_proj").release(stored);
      var bias = scratch.floats(3L * hidden);
      long bytes = (long) hidden * Float.BYTES;
      bias.asSlice(0, bytes).copyFrom(self.vector("q_bias", hidden, Weights.Init.ZEROS));
      bias.asSlice(2 * bytes, bytes).copyFrom(self.vector("v_bias", hidden, Weights.Init.ZEROS));
      return Linear.of(packing, sorted, bias);
    }
  }

  /** The heads of the later version but for the choice, of which there is no class. */
  private static HeadPlan.@Nullable Loader head(Head kind) {
    return kind == Head.MULTIPLE_CHOICE ? null : DebertaHeads.head(kind);
  }
}
