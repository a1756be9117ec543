package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.head.SequenceSummary;
import io.lanewise.family.head.TokenHeads;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.input.TokenRows;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.RopeScaling;
import io.lanewise.family.stack.BertStack;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.kernel.RotaryTable;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionIds;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Rotation;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * RoFormer (Su et al. 2021): BERT's layers with rotary positions, which turn neighbouring numbers
 * of a head together. Word embeddings may be smaller than the states. Hugging Face's {@code
 * modeling_roformer.py}.
 *
 * @param project from the embeddings to the states; null where they have one size
 */
record RoFormer(
    BertStack stack, TokenEmbeddings embeddings, @Nullable Linear project, ModelHead head)
    implements Family {
  static final ModelType TYPE =
      new ModelType("roformer", "RoFormer", RoFormer::head, RoFormer::load);

  /** Inputs besides those of a decoder and of the heads: positions are counted. */
  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids");

  private static final BertConfig.Defaults DEFAULTS =
      new BertConfig.Defaults(50_000, 768, 12, 12, 3072, "gelu", 1536, 2, 1e-12);

  /** Hugging Face's names to layers. */
  static RoFormer load(LayerSource from, HeadPlan head) {
    // RoFormerConfig does not know position_embedding_type, and its class does not look at it
    var config = BertConfig.of(from.config().with("position_embedding_type", null), DEFAULTS);
    var root = from.weights().base("roformer");
    int size = from.config().positive("embedding_size", config.hidden());
    int noPositions = 0;
    var embeddings =
        TokenEmbeddings.load(
            root.at("embeddings"),
            config.vocabulary(),
            config.types(),
            noPositions,
            size,
            config.epsilon(),
            false);
    var project =
        size == config.hidden()
            ? null
            : Linear.load(from.packing(), size, config.hidden(), root.at("embeddings_project"));
    var encoder = root.at("encoder");
    var table = table(from, config, encoder.at("embed_positions"));
    boolean values = from.config().bool("rotary_value", false);
    var stack =
        BertStack.load(from, config, encoder, (attention, cross) -> null)
            .withRotation((pass, tokens) -> rotation(table, values, tokens));
    var name = "roformer.embeddings.word_embeddings";
    var source = new HeadSource(from, root, config, embeddings.words(), name);
    return new RoFormer(stack, embeddings, project, head.load(source));
  }

  /**
   * Sines in the first half of a row, cosines in the second ({@code
   * RoFormerSinusoidalPositionalEmbedding}). What the file holds counts; Flax files have none.
   */
  private static RotaryTable table(LayerSource from, BertConfig config, Weights at) {
    int size = config.headSize();
    RopeScaling.checkWholeHeads(from.config(), size);
    var angles =
        at.has("weight")
            ? at.matrix("weight", config.positions(), size)
            : computed(from.packing(), config.positions(), size);
    int pairs = size / 2;
    var sines = angles.columns(0, pairs);
    return new RotaryTable(size, RotaryTable.Layout.ADJACENT, angles.columns(pairs, pairs), sines);
  }

  private static Matrix computed(Packing packing, int positions, int size) {
    var angles = packing.region().matrix(positions, size);
    int pairs = size / 2;
    for (int p = 0; p < positions; p++) {
      for (int i = 0; i < pairs; i++) {
        double angle = p / Math.pow(10_000, 2.0 * i / size);
        angles.set(p, i, (float) Math.sin(angle));
        angles.set(p, pairs + i, (float) Math.cos(angle));
      }
    }
    return angles;
  }

  private static Rotation rotation(RotaryTable table, boolean values, InputTokens tokens) {
    var positions = PositionIds.counting(tokens.batch(), tokens.length(), tokens.past());
    return new Rotation(table, table, values ? table : null, positions);
  }

  /** {@code RoFormerForMaskedLM} and so on. */
  static HeadPlan.@Nullable Loader head(Head kind) {
    return switch (kind) {
      case MODEL -> HeadSource::none;
      case MASKED_LM -> RoFormer::words;
      case CAUSAL_LM -> from -> new TokenHeads.CausalLm(words(from));
      case SEQUENCE_CLASSIFICATION ->
          from -> {
            var vector = from.ownPooler("classifier.dense", from.activation("gelu"));
            return from.sequence(vector, "classifier.out_proj");
          };
      case MULTIPLE_CHOICE ->
          from -> from.choice(SequenceSummary.load(from, "last", false, null), "classifier");
      case TOKEN_CLASSIFICATION -> from -> from.token("classifier");
      case QUESTION_ANSWERING -> from -> from.span("qa_outputs");
      default -> null;
    };
  }

  /** {@code RoFormerLMPredictionHead}. */
  private static TokenHeads.MaskedLm words(HeadSource from) {
    var activation = from.activation("gelu");
    return from.words("cls.predictions", "transform.dense", activation, "transform.LayerNorm");
  }

  /** {@code RoFormerModel.forward}. */
  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var config = stack.config();
    int features = embeddings.words().table().columns();
    var limits =
        new InputTokens.Limits(
            config.vocabulary(), features, config.types(), config.positions(), longest(), true);
    var call = stack.read(head, INPUTS, limits, inputs, cache, keep);
    return stack.run(pass, call, keep, this::embed);
  }

  private void embed(Pass pass, TokenRows tokens, Matrix x) {
    if (project == null) {
      tokens.embed(pass, embeddings, null, x);
      return;
    }
    try (var _ = pass.frame()) {
      var small = pass.matrix(x.rows(), embeddings.words().table().columns());
      tokens.embed(pass, embeddings, null, small);
      project.apply(pass, small, x);
    }
  }

  @Override
  public DecoderShape decoder() {
    return stack.decoder(head, longest());
  }

  @Override
  public int hiddenSize() {
    return stack.config().hidden();
  }

  @Override
  public int longest() {
    return stack.config().positions();
  }

  @Override
  public DefaultTokenIds specialTokens() {
    return new DefaultTokenIds(Map.of("pad_token_id", 0));
  }

  /** A classification drops before its first layer and before its last; a choice nothing. */
  @Override
  public Dropout.Rates dropout(Config config) {
    double hidden = BertConfig.hiddenDropout(config);
    return BertConfig.dropout(config, hidden, head.hasChoices() ? 0 : hidden);
  }
}
