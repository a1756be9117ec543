package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.BertStack;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.SinusoidalDistances;
import java.util.List;
import java.util.Set;

/**
 * NEZHA (Wei et al. 2019): BERT without positions. In every layer the distance between two tokens
 * counts instead, as a fixed vector on the scores and on the values. Hugging Face's {@code
 * models/deprecated/nezha/modeling_nezha.py}.
 */
record Nezha(BertStack stack, TokenEmbeddings embeddings, ModelHead head) implements Family {
  static final ModelType TYPE = new ModelType("nezha", "Nezha", Nezha::head, Nezha::load);

  /** The vectors come from no file whose size would bound them. */
  private static final int MOST_DISTANCES = 1 << 16;

  /** Inputs besides those of a decoder and of the heads: there are no positions. */
  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids");

  /** Hugging Face's names to layers. */
  static Nezha load(LayerSource from, HeadPlan head) {
    var config = BertConfig.of(from.config(), 21128);
    var root = from.weights().base("nezha");
    int positions = 0;
    boolean absolute = false;
    var embeddings =
        TokenEmbeddings.load(
            root.at("embeddings"),
            config.vocabulary(),
            config.types(),
            positions,
            config.hidden(),
            config.epsilon(),
            absolute);
    var distances = distances(from.config(), config, from.packing());
    var stack = BertStack.load(from, config, root.at("encoder"), (attention, cross) -> distances);
    var name = "nezha.embeddings.word_embeddings";
    var source = new HeadSource(from, root, config, embeddings.words(), name);
    return new Nezha(stack, embeddings, head.load(source));
  }

  /**
   * {@code NezhaRelativePositionsEncoding}: one table for all layers, for self attention and for
   * cross attention.
   */
  private static SinusoidalDistances distances(Config config, BertConfig sizes, Packing packing) {
    if (sizes.positionType() != PositionType.ABSOLUTE) {
      throw config.wrong(
          "position_embedding_type", "the distances of this family are fixed: leave it out");
    }
    int limit = config.bounded("max_relative_position", 64, 0, MOST_DISTANCES);
    return SinusoidalDistances.of(packing, limit, sizes.positions(), sizes.headSize());
  }

  /** BERT's, but for the causal one. */
  static HeadPlan.Loader head(Head kind) {
    return kind == Head.CAUSAL_LM ? null : Bert.head(kind);
  }

  /** {@code NezhaModel.forward}. */
  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var limits = stack.limits(longest());
    var call = stack.read(head, INPUTS, limits, inputs, cache, keep);
    return stack.run(
        pass, call, keep, (traced, tokens, x) -> tokens.embed(traced, embeddings, null, x));
  }

  @Override
  public DecoderShape decoder() {
    return stack.decoder(head, longest());
  }

  @Override
  public int longest() {
    return stack.config().positions();
  }

  /** As BERT, but {@code NezhaConfig} has a default for {@code classifier_dropout}. */
  @Override
  public Dropout.Rates dropout(Config config) {
    double hidden = BertConfig.hiddenDropout(config);
    boolean silent = !config.tree().has("classifier_dropout");
    double classifier = silent ? 0.1 : FamilySettings.rate(config, "classifier_dropout", hidden);
    return BertConfig.dropout(config, 0, head.kind() == Head.PRE_TRAINING ? 0 : classifier);
  }
}
