package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.BertStack;
import io.lanewise.family.stack.LayerNames;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.EmbeddingTable;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.BucketedDistances;
import io.lanewise.nn.attention.KeyValueCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MPNet (Song et al. 2020): BERT without types of tokens, with one table of numbers for the
 * distances between tokens that all layers add to their scores. Its positions and heads are
 * RoBERTa's. Hugging Face's {@code modeling_mpnet.py}.
 *
 * @param buckets rows of the table of distances
 */
record MpNet(BertStack stack, int buckets, TokenEmbeddings embeddings, ModelHead head)
    implements Family {
  static final ModelType TYPE = new ModelType("mpnet", "MPNet", MpNet::head, MpNet::load);

  /** {@code MPNetEmbeddings.padding_idx}: no setting changes it. */
  private static final int PADDING = 1;

  private static final String BUCKETS = "relative_attention_num_buckets";

  /** Inputs besides those of the heads. */
  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "position_ids");

  /** {@code MPNetLayer}. */
  static final LayerNames NAMES =
      new LayerNames(
          "attention.attn",
          "q",
          "k",
          "v",
          "attention.attn.o",
          "attention.LayerNorm",
          "intermediate.dense",
          "output.dense",
          "output.LayerNorm",
          "",
          false);

  /** The settings, as those of an encoder whose tokens have one type. */
  static BertConfig settings(Config config) {
    var sizes =
        new BertConfig(
            config.positive("vocab_size", 30527),
            config.positive("hidden_size", 768),
            config.positive("num_hidden_layers", 12, FamilySettings.MOST_LAYERS),
            config.positive("num_attention_heads", 12),
            config.positive("intermediate_size", 3072),
            FamilySettings.activation(config, "gelu"),
            config.positive("max_position_embeddings", 512),
            1,
            (float) config.decimal("layer_norm_eps", 1e-12, 0, 1),
            PositionType.ABSOLUTE,
            false,
            false,
            config.bool("tie_word_embeddings", true));
    FamilySettings.checkHeads(config, sizes.hidden(), sizes.heads());
    sizes.padding(config.with("pad_token_id", PADDING));
    return sizes;
  }

  /** Hugging Face's names to layers. */
  private static MpNet load(LayerSource from, HeadPlan head) {
    var config = settings(from.config());
    int hidden = config.hidden();
    var root = from.weights().base("mpnet");
    var at = root.at("embeddings");
    var words = EmbeddingTable.load(config.vocabulary(), hidden, at.at("word_embeddings"));
    var embeddings =
        new TokenEmbeddings(
            words,
            null,
            EmbeddingTable.load(config.positions(), hidden, at.at("position_embeddings")),
            LayerNorm.load(hidden, config.epsilon(), at.at("LayerNorm")));
    var encoder = root.at("encoder");
    int buckets = from.config().positive(BUCKETS, 32);
    var distances =
        BucketedDistances.load(buckets, config.heads(), encoder.at("relative_attention_bias"));
    var stack = BertStack.load(from, config, encoder, NAMES, (self, cross) -> distances);
    var source = new HeadSource(from, root, config, words, "mpnet.embeddings.word_embeddings");
    return new MpNet(stack, buckets, embeddings, head.load(source));
  }

  /** {@code MPNetForMaskedLM} and so on: RoBERTa's, but for the causal one. */
  private static HeadPlan.Loader head(Head kind) {
    return kind == Head.CAUSAL_LM ? null : Roberta.head(kind);
  }

  /** {@code MPNetModel} takes types of tokens, as the tokenizer may give them, for nothing. */
  private List<String> inputs() {
    if (head.kind() != Head.MODEL) {
      return INPUTS;
    }
    var names = new ArrayList<>(INPUTS);
    names.add("token_type_ids");
    return names;
  }

  /** {@code MPNetModel.forward}; distances go by the index of a token, not by its position. */
  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var config = stack.config();
    var limits =
        new InputTokens.Limits(
            config.vocabulary(),
            config.hidden(),
            Integer.MAX_VALUE,
            config.positions(),
            config.positions() - PADDING - 1,
            true);
    var call = stack.read(head, inputs(), limits, inputs, cache, keep);
    int tokens = call.call().tokens().length();
    if (tokens > BucketedDistances.longest(buckets)) {
      throw new InputException(
          "input_ids: "
              + tokens
              + " tokens are too many: there are distances for "
              + BucketedDistances.longest(buckets)
              + ", since "
              + BUCKETS
              + " is "
              + buckets
              + ": shorten the sequence");
    }
    return stack.run(
        pass,
        call,
        keep,
        (traced, read, x) -> read.embed(traced, embeddings, read.positionsBehind(PADDING), x));
  }

  @Override
  public int hiddenSize() {
    return stack.config().hidden();
  }

  @Override
  public int longest() {
    int positions = stack.config().positions() - PADDING - 1;
    return Math.min(positions, BucketedDistances.longest(buckets));
  }

  @Override
  public DefaultTokenIds specialTokens() {
    return new DefaultTokenIds(Map.of("bos_token_id", 0, "pad_token_id", 1, "eos_token_id", 2));
  }

  /** A classification drops what its own layers read ({@code MPNetClassificationHead}). */
  @Override
  public Dropout.Rates dropout(Config config) {
    double hidden = BertConfig.hiddenDropout(config);
    return BertConfig.dropout(config, hidden, hidden);
  }
}
