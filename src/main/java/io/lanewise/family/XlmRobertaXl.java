package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.LossTarget;
import io.lanewise.family.head.Losses;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.DefaultTokenIds;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.BertStack;
import io.lanewise.family.stack.DecoderShape;
import io.lanewise.family.stack.LayerNames;
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
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * XLM-RoBERTa-XL (Goyal et al. 2021): XLM-RoBERTa grown to billions of weights, with norms before
 * each part of a layer instead of behind it, one behind the last layer, and none over the
 * embeddings. Hugging Face's {@code modeling_xlm_roberta_xl.py}.
 *
 * @param padding id of the padding token, which is also its position
 */
record XlmRobertaXl(BertStack stack, int padding, TokenEmbeddings embeddings, ModelHead head)
    implements Family {
  static final ModelType TYPE =
      new ModelType("xlm-roberta-xl", "XLMRobertaXL", XlmRobertaXl::head, XlmRobertaXl::load);

  /** {@code XLMRobertaXLConfig}. */
  private static final BertConfig.Defaults DEFAULTS =
      new BertConfig.Defaults(250880, 2560, 36, 32, 10240, "gelu", 514, 1, 1e-5);

  /** Inputs besides those of a decoder and of the heads. */
  private static final List<String> INPUTS =
      List.of("input_ids", "inputs_embeds", "attention_mask", "token_type_ids", "position_ids");

  /** {@code XLMRobertaXLLayer}. */
  private static final LayerNames NAMES =
      new LayerNames(
          "attention.self",
          "query",
          "key",
          "value",
          "attention.output.dense",
          "attention.self_attn_layer_norm",
          "intermediate.dense",
          "output.dense",
          "LayerNorm",
          "crossattention.self_attn_layer_norm",
          true);

  /** Hugging Face's names to layers; the prefix is {@code roberta} here too. */
  private static XlmRobertaXl load(LayerSource from, HeadPlan head) {
    var config = BertConfig.of(from.config(), DEFAULTS);
    var root = from.weights().base("roberta");
    var embeddings =
        TokenEmbeddings.loadSum(
            root.at("embeddings"),
            config.vocabulary(),
            config.types(),
            config.positions(),
            config.hidden(),
            config.positionType() == PositionType.ABSOLUTE);
    var distances = BertStack.learntDistances(from.packing(), config);
    var stack = BertStack.load(from, config, root.at("encoder"), NAMES, distances);
    int padding = config.padding(from.config());
    var name = "roberta.embeddings.word_embeddings";
    var source = new HeadSource(from, root, config, embeddings.words(), name);
    return new XlmRobertaXl(stack, padding, embeddings, head.load(source));
  }

  /** {@code XLMRobertaXLForMaskedLM} and so on: RoBERTa's, but for the loss of one. */
  private static HeadPlan.Loader head(Head kind) {
    return kind == Head.TOKEN_CLASSIFICATION
        ? from -> new SeenTokens(from.linear(from.labels(), "classifier"))
        : Roberta.head(kind);
  }

  /**
   * A score of each label for every token, whose loss is of the tokens that the mask says 1 of:
   * {@code XLMRobertaXLForTokenClassification}.
   */
  private record SeenTokens(Linear classifier) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      int outputs = classifier.outputs();
      CheckedInputs.checkSize("the logits", tokens.batch(), tokens.length(), outputs);
      var target = target(inputs, tokens, outputs).ofBatch(inputs);
      return (pass, last) -> {
        pass.dropout().classifier(pass, last.states());
        var logits = classifier.toHeap(pass, last.states()); // [batch * tokens, labels]
        return HeadLayers.logits(pass, target.loss(logits), last.tensor(logits, outputs));
      };
    }

    private static LossTarget target(CheckedInputs inputs, InputTokens tokens, int outputs) {
      if (!inputs.has("labels")) {
        return new LossTarget.None();
      }
      if (tokens.pairs() != null) {
        throw new InputException(
            "labels: an attention_mask with a row for each token does not say which tokens count:"
                + " give one for each sequence");
      }
      var shape = Shape.of(tokens.batch(), tokens.length());
      int[] labels = inputs.labels("labels", outputs, "num_labels", shape);
      for (int i = 0; tokens.seen() != null && i < labels.length; i++) {
        labels[i] = tokens.seen()[i] == 1 ? labels[i] : Losses.IGNORED;
      }
      return new LossTarget.Classes(labels, outputs, Losses.IGNORED);
    }
  }

  /** {@code XLMRobertaXLModel.forward}. */
  @Override
  public Output forward(Pass pass, Inputs inputs, KeyValueCache cache, Set<Keep> keep) {
    var limits = stack.limits(longest());
    var call = stack.read(head, INPUTS, limits, inputs, cache, keep);
    return stack.run(
        pass,
        call,
        keep,
        (traced, tokens, x) ->
            tokens.embed(traced, embeddings, tokens.positionsBehind(padding), x));
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
    return Roberta.longest(stack.config(), padding);
  }

  @Override
  public DefaultTokenIds specialTokens() {
    return new DefaultTokenIds(Map.of("bos_token_id", 0, "pad_token_id", 1, "eos_token_id", 2));
  }

  /** As RoBERTa, but nothing is dropped of what the feed-forward layers add. */
  @Override
  public Dropout.Rates dropout(Config config) {
    double hidden = BertConfig.hiddenDropout(config);
    double classifier =
        head.kind() == Head.MULTIPLE_CHOICE
            ? hidden
            : FamilySettings.rate(config, "classifier_dropout", hidden);
    double attention = FamilySettings.rate(config, "attention_probs_dropout_prob", 0.1);
    return new Dropout.Rates(hidden, 0, attention, 0, classifier, classifier);
  }
}
