package io.lanewise.family;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.head.TokenHeads;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.OldNames;
import io.lanewise.family.stack.BertStack;
import io.lanewise.family.stack.LayerNames;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Region;
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
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * DistilBERT (Sanh et al. 2019): half of BERT's layers, trained to give what BERT gives. Its tokens
 * have no types, and there is no pooler. Hugging Face's {@code modeling_distilbert.py}.
 */
record DistilBert(BertStack stack, TokenEmbeddings embeddings, ModelHead head) implements Family {
  static final ModelType TYPE =
      new ModelType("distilbert", "DistilBert", DistilBert::head, DistilBert::load)
          .withOldNames(DistilBert::today);

  /** A computed table comes from no file whose size would bound it. */
  private static final int MOST_COMPUTED = 1 << 16;

  /** {@code Embeddings}, {@code TransformerBlock}: no setting changes it. */
  private static final float EPSILON = 1e-12f;

  private static final String MASK = "attention_mask";

  /** Inputs besides those of the heads. */
  private static final List<String> INPUTS = List.of("input_ids", "inputs_embeds", MASK);

  /** {@code TransformerBlock}. */
  private static final LayerNames NAMES =
      new LayerNames(
          "attention",
          "q_lin",
          "k_lin",
          "v_lin",
          "attention.out_lin",
          "sa_layer_norm",
          "ffn.lin1",
          "ffn.lin2",
          "output_layer_norm",
          "",
          false);

  /** {@code DistilBertConfig.attribute_map}. */
  private static Config today(Config config) {
    return OldNames.today(
        config,
        Map.of(
            "hidden_size", "dim",
            "num_attention_heads", "n_heads",
            "num_hidden_layers", "n_layers"));
  }

  /** The settings, as those of an encoder whose tokens have one type. */
  private static BertConfig settings(Config config) {
    int hidden = config.positive("dim", 768);
    int heads = config.positive("n_heads", 12);
    if (hidden % heads != 0) {
      throw config.wrong("n_heads", heads + " heads do not divide dim " + hidden);
    }
    return new BertConfig(
        config.positive("vocab_size", 30522),
        hidden,
        config.positive("n_layers", 6, FamilySettings.MOST_LAYERS),
        heads,
        config.positive("hidden_dim", 3072),
        FamilySettings.activation(config, "activation", "gelu"),
        config.positive("max_position_embeddings", 512),
        1,
        EPSILON,
        PositionType.ABSOLUTE,
        false,
        false,
        config.bool("tie_word_embeddings", true));
  }

  /** Hugging Face's names to layers. */
  private static DistilBert load(LayerSource from, HeadPlan head) {
    var config = settings(from.config());
    var root = from.weights().base("distilbert");
    var at = root.at("embeddings");
    var words = EmbeddingTable.load(config.vocabulary(), config.hidden(), at.at("word_embeddings"));
    var embeddings =
        new TokenEmbeddings(
            words,
            null,
            positions(from, config, at.at("position_embeddings")),
            LayerNorm.load(config.hidden(), EPSILON, at.at("LayerNorm")));
    var stack = BertStack.load(from, config, root.at("transformer"), NAMES, (self, cross) -> null);
    var name = "distilbert.embeddings.word_embeddings";
    var source = new HeadSource(from, root, config, words, name);
    return new DistilBert(stack, embeddings, head.load(source));
  }

  /**
   * The file's table, whatever {@code sinusoidal_pos_embds} says of it. Only where the file has
   * none does that make one.
   */
  private static EmbeddingTable positions(LayerSource from, BertConfig sizes, Weights at) {
    var config = from.config();
    if (!config.bool("sinusoidal_pos_embds", false) || at.has("weight")) {
      return EmbeddingTable.load(sizes.positions(), sizes.hidden(), at);
    }
    if (sizes.positions() > MOST_COMPUTED) {
      throw config.wrong(
          "max_position_embeddings",
          sizes.positions() + " positions are too many to compute: at most " + MOST_COMPUTED);
    }
    return sinusoidal(from.packing().region(), sizes.positions(), sizes.hidden());
  }

  /**
   * {@code create_sinusoidal_embeddings}: in row p {@code sin(p / 10000^(2m/features))} at column
   * 2m and the cosine at 2m + 1.
   */
  static EmbeddingTable sinusoidal(Region region, int positions, int features) {
    var table = region.matrix(positions, features);
    for (int p = 0; p < positions; p++) {
      for (int j = 0; j < features; j++) {
        double angle = p / Math.pow(10000, (double) (j & ~1) / features);
        table.set(p, j, (float) (j % 2 == 0 ? Math.sin(angle) : Math.cos(angle)));
      }
    }
    return new EmbeddingTable(table);
  }

  /** {@code DistilBertForMaskedLM} and so on; a sequence's vector goes through ReLU always. */
  private static HeadPlan.Loader head(Head kind) {
    var first = "pre_classifier";
    var classifier = "classifier";
    return switch (kind) {
      case MODEL -> HeadSource::none;
      case MASKED_LM -> DistilBert::words;
      case SEQUENCE_CLASSIFICATION ->
          from -> from.sequence(from.ownPooler(first, Activation.RELU), classifier);
      case MULTIPLE_CHOICE ->
          from -> from.choice(from.ownPooler(first, Activation.RELU), classifier);
      case TOKEN_CLASSIFICATION -> from -> from.token(classifier);
      case QUESTION_ANSWERING -> from -> new DroppedSpan(from.span("qa_outputs"));
      case PRE_TRAINING, NEXT_SENTENCE_PREDICTION, CAUSAL_LM, CONDITIONAL_GENERATION -> null;
    };
  }

  /** {@code DistilBertForMaskedLM}: its parts stand beside the base. */
  private static TokenHeads.MaskedLm words(HeadSource from) {
    var activation = FamilySettings.activation(from.source().config(), "activation", "gelu");
    var decoder = "vocab_projector";
    return from.words(
        from.source().head(),
        "vocab_transform",
        activation,
        "vocab_layer_norm",
        decoder,
        decoder + ".bias");
  }

  /** {@code DistilBertForQuestionAnswering}, which drops some of the states in training. */
  private record DroppedSpan(TokenHeads.Span span) implements HeadLayers {
    @Override
    public List<String> labels() {
      return span.labels();
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      var finish = span.prepare(inputs, tokens);
      return (pass, last) -> {
        pass.dropout().classifier(pass, last.states());
        return finish.apply(pass, last);
      };
    }
  }

  /** {@code DistilBertModel.forward}. */
  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var config = stack.config();
    var limits =
        new InputTokens.Limits(config.vocabulary(), config.hidden(), 1, config.positions());
    var call = stack.read(head, INPUTS, limits, whole(inputs), cache, keep);
    return stack.run(
        pass,
        call,
        keep,
        (traced, tokens, x) -> tokens.embed(traced, embeddings, tokens.positionsOrCount(), x));
  }

  /**
   * {@code MultiHeadSelfAttention} hides what the mask says 0 of; a token that counts in part is
   * seen like any other.
   */
  private static Inputs whole(Inputs inputs) {
    var mask = inputs.tensors().get(MASK);
    if (mask == null || !mask.dtype().isFloat()) {
      return inputs;
    }
    var seen = mask.floats().clone();
    for (int i = 0; i < seen.length; i++) {
      seen[i] = seen[i] > 0 && seen[i] < 1 ? 1 : seen[i];
    }
    return inputs.with(MASK, Tensor.of(seen, mask.shape().dims()));
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

  /** {@code TransformerBlock} drops nothing of what attention adds. */
  @Override
  public Dropout.Rates dropout(Config config) {
    double rate = FamilySettings.rate(config, "dropout", 0.1);
    double attention = FamilySettings.rate(config, "attention_dropout", 0.1);
    double classifier =
        switch (head.kind()) {
          case QUESTION_ANSWERING -> FamilySettings.rate(config, "qa_dropout", 0.1);
          case TOKEN_CLASSIFICATION -> rate;
          default -> FamilySettings.rate(config, "seq_classif_dropout", 0.2);
        };
    return new Dropout.Rates(rate, 0, rate, attention, 0, 0, classifier);
  }
}
