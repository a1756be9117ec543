package io.lanewise.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.load.PrunedHeads;
import io.lanewise.family.stack.EncoderCall;
import io.lanewise.family.stack.LayerStack;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.model.TinyBert;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.EncoderLayer;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.DenseAttention;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A family that no other piece knows: BERT with DistilBERT's names of layers, in one file with a
 * head of its own. Its results are BERT's.
 */
class OwnNamesTest {
  private static final List<String> INPUTS =
      List.of("input_ids", "attention_mask", "token_type_ids", "head_mask");
  private static final Inputs PADDED =
      Inputs.ids(TinyBert.ids(new Random(4), 2, 7))
          .with("attention_mask", new long[][] {{1, 1, 1, 1, 0, 0, 0}, {1, 1, 1, 1, 1, 1, 0}});

  /** BERT's names to this family's. */
  private static final Map<String, String> NAMES =
      Map.of(
          "bert.", "own.",
          "encoder.layer.", "transformer.layer.",
          "attention.self.query", "attention.q_lin",
          "attention.self.key", "attention.k_lin",
          "attention.self.value", "attention.v_lin",
          "attention.output.dense", "attention.out_lin",
          "cls.predictions.transform.dense", "vocab_transform",
          "cls.predictions.transform.LayerNorm", "vocab_layer_norm",
          "cls.predictions.bias", "vocab_projector.bias");

  @TempDir Path folder;

  /** The family's file would hold this and its own settings. */
  private record Own(
      BertConfig config, TokenEmbeddings embeddings, List<EncoderLayer> layers, ModelHead head)
      implements Family {
    static final ModelType TYPE = new ModelType("own", "Own", Own::head, Own::load);

    static Own load(LayerSource from, HeadPlan head) {
      var config = BertConfig.of(from.config(), 30522);
      int hidden = config.hidden();
      var root = from.weights().base("own");
      var embeddings =
          TokenEmbeddings.load(
              root.at("embeddings"),
              config.vocabulary(),
              config.types(),
              config.positions(),
              hidden,
              config.epsilon(),
              true);
      var layers = new ArrayList<EncoderLayer>();
      for (int i = 0; i < config.layers(); i++) {
        var at = root.at("transformer.layer." + i);
        var attention = at.at("attention");
        layers.add(
            new EncoderLayer(
                DenseAttention.load(
                    from.packing(),
                    hidden,
                    config.heads(),
                    attention.at("q_lin"),
                    attention.at("k_lin"),
                    attention.at("v_lin"),
                    attention.at("out_lin"),
                    null),
                LayerNorm.load(hidden, config.epsilon(), at.at("attention.output.LayerNorm")),
                FeedForward.load(
                    from.packing(),
                    hidden,
                    config.intermediate(),
                    config.activation(),
                    at.at("intermediate.dense"),
                    at.at("output.dense")),
                LayerNorm.load(hidden, config.epsilon(), at.at("output.LayerNorm"))));
      }
      var words = "own.embeddings.word_embeddings";
      var source = new HeadSource(from, root, config, embeddings.words(), words);
      return new Own(config, embeddings, List.copyOf(layers), head.load(source));
    }

    static HeadPlan.Loader head(Head kind) {
      return switch (kind) {
        case MODEL -> HeadSource::none;
        case MASKED_LM ->
            from ->
                from.words(
                    from.source().head(),
                    "vocab_transform",
                    from.activation("gelu"),
                    "vocab_layer_norm",
                    "vocab_projector",
                    "vocab_projector.bias");
        case SEQUENCE_CLASSIFICATION -> _ -> new MeanHead();
        default -> null;
      };
    }

    @Override
    public Output forward(Pass pass, Inputs given, KeyValueCache cache, Set<Keep> keep) {
      var inputs = head.check(given, INPUTS);
      var limits =
          new InputTokens.Limits(
              config.vocabulary(), config.hidden(), config.types(), config.positions());
      var tokens = InputTokens.read(inputs, limits, head.hasChoices());
      var headMask = inputs.headMask("head_mask", config.layers(), config.heads());
      var call = EncoderCall.of(head, inputs, tokens, headMask);
      return call.run(
          pass,
          keep,
          (traced, checked) -> {
            int batch = tokens.batch();
            var sequences = checked.unpadded(traced);
            var rows = tokens.rows(sequences);
            var x = traced.matrix(rows.count(), config.hidden());
            rows.embed(traced, embeddings, rows.positionsOrCount(), x);
            return new LayerStack(
                    layers.size(),
                    (layerPass, i, states, mask, read, y) ->
                        layers
                            .get(i)
                            .apply(layerPass, states, batch, mask, checked.headMask(i), read, y))
                .run(
                    traced,
                    x,
                    batch,
                    checked.read(),
                    sequences,
                    () -> Mask.padding(traced, tokens.seen(), batch, tokens.length()));
          });
    }

    @Override
    public int hiddenSize() {
      return config.hidden();
    }

    @Override
    public int longest() {
      return config.positions();
    }

    @Override
    public Dropout.Rates dropout(Config settings) {
      return BertConfig.dropout(settings, 0, 0);
    }
  }

  /** A head like no other: the mean of all states of a sequence, the padding's too. */
  private record MeanHead() implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of();
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      return (pass, last) -> {
        int length = tokens.length();
        var states = last.states().toArray();
        return HeadLayers.logits(pass, null, mean(states, last.batch(), length, last.hidden()));
      };
    }
  }

  private static Tensor mean(float[] states, int batch, int length, int hidden) {
    var sums = new float[batch * hidden];
    for (int i = 0; i < states.length; i++) {
      int sequence = i / hidden / length;
      sums[sequence * hidden + i % hidden] += states[i] / length;
    }
    return Tensor.of(sums, batch, hidden);
  }

  /** The weights of this BERT, and the families of both with this head. */
  private void compare(Head bertHead, Head head, Inputs inputs, Comparing compare) {
    var options =
        Options.DEFAULT.withBackend(KernelChoice.SCALAR).withThreads(1).withHead(bertHead);
    var config = TinyBert.BERT.config();
    try (var bert = Model.random(config, options);
        var backend = Backend.of(Backend.Choice.SCALAR, 1);
        var region = Region.open();
        var slab = new Slab()) {
      bert.save(folder);
      var tensors = new LinkedHashMap<String, Tensor>();
      Safetensors.read(folder.resolve("model.safetensors"))
          .forEach((name, tensor) -> tensors.put(renamed(name), tensor));
      var weights = Weights.given(tensors, 1, 0.3f, region).withoutHead(head == Head.MODEL);
      var source =
          new LayerSource(
              config,
              weights,
              new Packing(backend.gemm(), region),
              false,
              false,
              PrunedHeads.of(config, Map.of()));
      var own = Own.TYPE.load(source, head);
      compare.of(bert, own.forward(new Pass(backend, slab), inputs, null, Set.of()));
    }
  }

  private static String renamed(String name) {
    var renamed = name;
    for (var pair : NAMES.entrySet()) {
      renamed = renamed.replace(pair.getKey(), pair.getValue());
    }
    return renamed;
  }

  @FunctionalInterface
  private interface Comparing {
    void of(Model bert, Output own);
  }

  private void isTheSame(Inputs inputs) {
    compare(
        Head.MASKED_LM,
        Head.MASKED_LM,
        inputs,
        (bert, own) -> assertThat(own.tensors()).isEqualTo(bert.forward(inputs).tensors()));
  }

  @Test
  void wordsAreThoseOfBert() {
    isTheSame(PADDED);
  }

  @Test
  void tokensThatNobodyReadsMayBeLeftOut() {
    isTheSame(PADDED.withPaddingUnread().withReadTokens(new int[][] {{3}, {0, 5}}));
  }

  @Test
  void headsCanBeMasked() {
    isTheSame(PADDED.with("head_mask", new float[] {1, 0.5f, 0, 1, 0.25f}));
  }

  /** Its head says that it reads the padding, so the padding goes through the layers. */
  @Test
  void aHeadOfItsOwnReadsThePadding() {
    compare(
        Head.MODEL,
        Head.SEQUENCE_CLASSIFICATION,
        PADDED,
        (bert, own) -> {
          var states = bert.forward(PADDED).tensors().get("last_hidden_state");
          var expected = mean(states.floats(), 2, 7, TinyBert.HIDDEN);
          assertThat(own.tensors().get("logits").floats())
              .containsExactly(expected.floats(), within(0f));
        });
  }
}
