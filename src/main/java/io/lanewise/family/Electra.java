package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.LossTarget;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.head.SequenceSummary;
import io.lanewise.family.head.TokenHeads;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.EncoderOutputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.input.TokenRows;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.BertStack;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * ELECTRA (Clark et al. 2020): BERT's layers, trained to find the words that a small generator has
 * replaced. Its embeddings may be narrower than its states. Hugging Face's {@code
 * modeling_electra.py}.
 *
 * @param embeddingSize features of an embedding
 * @param projection to the states; null where both have the same size
 */
record Electra(
    BertStack stack,
    int embeddingSize,
    TokenEmbeddings embeddings,
    @Nullable Linear projection,
    ModelHead head)
    implements Family {
  static final ModelType TYPE = new ModelType("electra", "Electra", Electra::head, Electra::load);

  /** {@code ElectraConfig}. */
  private static final BertConfig.Defaults DEFAULTS =
      new BertConfig.Defaults(30522, 256, 12, 4, 1024, "gelu", 512, 2, 1e-12);

  /** Inputs besides those of a decoder and of the heads. */
  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids", "position_ids");

  /** Hugging Face's names to layers. */
  private static Electra load(LayerSource from, HeadPlan head) {
    var config = BertConfig.of(from.config(), DEFAULTS);
    int embeddingSize = from.config().positive("embedding_size", 128);
    var root = from.weights().base("electra");
    var embeddings =
        TokenEmbeddings.load(
            root.at("embeddings"),
            config.vocabulary(),
            config.types(),
            config.positions(),
            embeddingSize,
            config.epsilon(),
            config.positionType() == PositionType.ABSOLUTE);
    var projection =
        embeddingSize == config.hidden()
            ? null
            : Linear.load(
                from.packing(), embeddingSize, config.hidden(), root.at("embeddings_project"));
    var distances = BertStack.learntDistances(from.packing(), config);
    var stack = BertStack.load(from, config, root.at("encoder"), distances);
    var name = "electra.embeddings.word_embeddings";
    var source = new HeadSource(from, root, config, embeddings.words(), name);
    return new Electra(stack, embeddingSize, embeddings, projection, head.load(source));
  }

  /** {@code ElectraForPreTraining} and so on. */
  private static HeadPlan.Loader head(Head kind) {
    return switch (kind) {
      case MODEL -> HeadSource::none;
      case PRE_TRAINING -> Discriminator::load;
      case MASKED_LM -> Electra::words;
      case CAUSAL_LM -> from -> new TokenHeads.CausalLm(words(from));
      // ElectraClassificationHead: GELU whatever hidden_act says.
      case SEQUENCE_CLASSIFICATION ->
          from ->
              from.sequence(
                  from.ownPooler("classifier.dense", Activation.GELU), "classifier.out_proj");
      case MULTIPLE_CHOICE ->
          from -> from.choice(SequenceSummary.load(from, "first", true, "gelu"), "classifier");
      case TOKEN_CLASSIFICATION -> from -> from.token("classifier");
      case QUESTION_ANSWERING -> from -> from.span("qa_outputs");
      case NEXT_SENTENCE_PREDICTION, CONDITIONAL_GENERATION -> null;
    };
  }

  /** {@code ElectraGeneratorPredictions}: GELU whatever {@code hidden_act} says. */
  private static TokenHeads.MaskedLm words(HeadSource from) {
    var place = "generator_predictions";
    var decoder = "generator_lm_head";
    return from.words(
        from.source().head(),
        place + ".dense",
        Activation.GELU,
        place + ".LayerNorm",
        decoder,
        decoder + ".bias");
  }

  /**
   * Whether each token has been replaced: {@code ElectraDiscriminatorPredictions}.
   *
   * @param dense with the activation of the layers behind it
   * @param prediction to one number
   */
  private record Discriminator(Linear dense, Activation activation, Linear prediction)
      implements HeadLayers {
    static Discriminator load(HeadSource from) {
      var place = "discriminator_predictions";
      return new Discriminator(
          from.linear(from.hidden(), place + ".dense"),
          from.activation("gelu"),
          from.linear(1, place + ".dense_prediction"));
    }

    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    /** A loss is of the tokens that the mask says 1 of. */
    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      var target = target(inputs, tokens).ofBatch(inputs);
      return (pass, last) -> {
        var logits = logits(pass, last.states());
        return HeadLayers.logits(pass, target.loss(logits), last.tensor(logits));
      };
    }

    private static LossTarget target(CheckedInputs inputs, InputTokens tokens) {
      if (!inputs.has("labels")) {
        return new LossTarget.None();
      }
      if (tokens.pairs() != null) {
        throw new InputException(
            "labels: an attention_mask with a row for each token does not say which tokens count:"
                + " give one for each sequence");
      }
      var labels = inputs.floats("labels", Shape.of(tokens.batch(), tokens.length()));
      return new Replaced(labels, tokens.seen(), tokens.keys(), tokens.length());
    }

    private float[] logits(Pass pass, Matrix states) {
      try (var _ = pass.frame()) {
        var features = pass.matrix(states.rows(), dense.outputs()); // [batch * tokens, hidden]
        dense.apply(pass, states, activation, features);
        return prediction.toHeap(pass, features); // [batch * tokens]
      }
    }
  }

  /**
   * Yes (1) or no (0) for each token: binary cross entropy over those that are seen.
   *
   * @param seen [batch * keys], of whose rows the last {@code length} are the tokens; null if all
   *     are seen
   */
  private record Replaced(float[] labels, float @Nullable [] seen, int keys, int length)
      implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      var counted = new float[2][logits.length];
      int count = 0;
      for (int i = 0; i < logits.length; i++) {
        if (isSeen(i)) {
          counted[0][count] = logits[i];
          counted[1][count++] = labels[i];
        }
      }
      return new Truths(Arrays.copyOf(counted[1], count)).loss(Arrays.copyOf(counted[0], count));
    }

    private boolean isSeen(int i) {
      return seen == null || seen[i / length * keys + keys - length + i % length] == 1;
    }

    @Override
    public float ofExample(float[] logits, int i) {
      throw new IllegalStateException("one mean over all tokens");
    }
  }

  /** {@code ElectraModel.forward}. */
  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var config = stack.config();
    if (head.kind() == Head.MASKED_LM) {
      refuseEncoder(inputs);
    }
    var limits =
        new InputTokens.Limits(
            config.vocabulary(),
            embeddingSize,
            config.types(),
            config.positions(),
            longest(),
            true);
    var call = stack.read(head, INPUTS, limits, inputs, cache, keep);
    return stack.run(pass, call, keep, this::embed);
  }

  /** {@code ElectraForMaskedLM} takes none, other than BERT's. */
  private void refuseEncoder(Inputs inputs) {
    for (var name : EncoderOutputs.NAMES) {
      if (inputs.get(name).isPresent()) {
        throw new InputException(
            name
                + ": no input of "
                + head.className()
                + ": only a model without head and a causal"
                + " one look at an encoder");
      }
    }
  }

  private void embed(Pass pass, TokenRows tokens, Matrix x) {
    if (projection == null) {
      tokens.embed(pass, embeddings, tokens.positionsOrCount(), x);
      return;
    }
    try (var _ = pass.frame()) {
      var embedded = pass.matrix(x.rows(), embeddingSize); // [batch * tokens, embedding]
      tokens.embed(pass, embeddings, tokens.positionsOrCount(), embedded);
      projection.apply(pass, embedded, x);
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

  /** A classification has a layer of its own in the pooler's place; choices have a summary. */
  @Override
  public Dropout.Rates dropout(Config config) {
    double hidden = BertConfig.hiddenDropout(config);
    if (head.kind() == Head.MULTIPLE_CHOICE) {
      double first = FamilySettings.rate(config, "summary_first_dropout", 0);
      double last = FamilySettings.rate(config, "summary_last_dropout", 0.1);
      return BertConfig.dropout(config, first, last);
    }
    double classifier = FamilySettings.rate(config, "classifier_dropout", hidden);
    return BertConfig.dropout(config, classifier, classifier);
  }
}
