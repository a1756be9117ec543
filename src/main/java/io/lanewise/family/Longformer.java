package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.ModelHead;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.BertConfig;
import io.lanewise.family.load.LayerSource;
import io.lanewise.family.stack.EncoderCall;
import io.lanewise.family.stack.LayerStack;
import io.lanewise.kernel.TokenRoles;
import io.lanewise.kernel.TokenRoles.Role;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.nn.Dropout;
import io.lanewise.nn.EncoderLayer;
import io.lanewise.nn.FeedForward;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.PositionType;
import io.lanewise.nn.TokenEmbeddings;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.nn.attention.WindowedSelfAttention;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Longformer (Beltagy et al. 2020): RoBERTa for long texts. A token sees a window of its neighbours
 * and a few global tokens, so that time and memory grow with the length and not with its square.
 *
 * <p>Hugging Face fills sequences up to a multiple of the largest window and cuts the results back.
 * Here nothing is filled up, the results are the same; {@code global_attentions}, which Hugging
 * Face does not cut, have the longer dimension. Hugging Face's {@code modeling_longformer.py}.
 *
 * @param padding id of the padding token, which is also its position
 * @param separator id of the token that ends a question
 * @param windows of the layers
 */
record Longformer(
    BertConfig sizes,
    int padding,
    int separator,
    List<Integer> windows,
    TokenEmbeddings embeddings,
    List<EncoderLayer> layers,
    ModelHead head)
    implements Family {
  static final ModelType TYPE =
      new ModelType("longformer", "Longformer", Longformer::head, Longformer::load);

  private static final String GLOBAL = "global_attention_mask";

  /** Inputs besides those of the heads. */
  private static final List<String> INPUTS =
      List.of(
          "input_ids",
          "inputs_embeds",
          "attention_mask",
          "token_type_ids",
          "position_ids",
          GLOBAL,
          "head_mask");

  /** What a token's scores take grows with it, however short the text. */
  private static final int WIDEST = 1 << 16;

  /** Hugging Face's names to layers. */
  static Longformer load(LayerSource from, HeadPlan head) {
    var config = from.config();
    var sizes = BertConfig.of(config, 30522);
    checkEncoder(config, sizes);
    from.pruned().refuse(config, "windowed attention cannot lose heads");
    var windows = windows(config, sizes.layers());
    var root = from.weights().base("longformer");
    var embeddings =
        TokenEmbeddings.load(
            root.at("embeddings"),
            sizes.vocabulary(),
            sizes.types(),
            sizes.positions(),
            sizes.hidden(),
            sizes.epsilon(),
            true);
    var layers = new ArrayList<EncoderLayer>();
    for (int i = 0; i < sizes.layers(); i++) {
      layers.add(layer(from.packing(), sizes, windows, i, root.at("encoder.layer." + i)));
    }
    var name = "longformer.embeddings.word_embeddings";
    var source = new HeadSource(from, root, sizes, embeddings.words(), name);
    return new Longformer(
        sizes,
        sizes.padding(config),
        config.bounded("sep_token_id", 2, 0, sizes.vocabulary() - 1),
        windows,
        embeddings,
        List.copyOf(layers),
        head.load(source));
  }

  private static void checkEncoder(Config config, BertConfig sizes) {
    if (sizes.decoder()) {
      throw config.wrong("is_decoder", "windows look both ways: there is no such decoder");
    }
    if (sizes.positionType() != PositionType.ABSOLUTE) {
      throw config.wrong("position_embedding_type", "windowed attention knows absolute ones only");
    }
  }

  /** {@code attention_window}: one number for all layers, or one for each. */
  private static List<Integer> windows(Config config, int layers) {
    var windows = config.positives("attention_window", 512, layers);
    for (int window : windows) {
      if (window < 4 || window % 2 != 0 || window > WIDEST) {
        throw config.wrong(
            "attention_window", window + " must be even, at least 4 and at most " + WIDEST);
      }
    }
    return windows;
  }

  private static EncoderLayer layer(
      Packing packing, BertConfig sizes, List<Integer> windows, int i, Weights at) {
    int hidden = sizes.hidden();
    return new EncoderLayer(
        WindowedSelfAttention.load(
            packing,
            hidden,
            sizes.heads(),
            windows.get(i),
            Collections.max(windows),
            at.at("attention.self"),
            at.at("attention.output.dense")),
        LayerNorm.load(hidden, sizes.epsilon(), at.at("attention.output.LayerNorm")),
        FeedForward.load(
            packing,
            hidden,
            sizes.intermediate(),
            sizes.activation(),
            at.at("intermediate.dense"),
            at.at("output.dense")),
        LayerNorm.load(hidden, sizes.epsilon(), at.at("output.LayerNorm")));
  }

  /** RoBERTa's, but for the causal one. */
  static HeadPlan.Loader head(Head kind) {
    return kind == Head.CAUSAL_LM ? null : Roberta.head(kind);
  }

  /** {@code LongformerModel.forward}. */
  @Override
  public Output forward(Pass pass, Inputs given, KeyValueCache cache, Set<Keep> keep) {
    var inputs = head.check(given, INPUTS);
    var tokens = tokens(inputs);
    var roles = roles(inputs, tokens);
    var headMask = inputs.headMask("head_mask", sizes.layers(), sizes.heads());
    checkSizes(roles, keep);
    var call = EncoderCall.of(head, inputs, tokens, headMask);
    return call.run(pass, keep, (traced, checked) -> encode(traced, checked, roles));
  }

  /** {@code LongformerEncoder}: the states of the last layer. */
  private LastStates encode(Pass pass, EncoderCall call, TokenRoles roles) {
    var tokens = call.tokens();
    int batch = tokens.batch();
    var rows = tokens.rows(null);
    var x = pass.matrix(rows.count(), sizes.hidden()); // [batch * tokens, hidden]
    rows.embed(pass, embeddings, rows.positionsBehind(padding), x);
    var stack =
        new LayerStack(
            layers.size(),
            (traced, i, states, mask, read, y) ->
                layers.get(i).apply(traced, states, batch, mask, call.headMask(i), read, y));
    return stack.run(pass, x, batch, call.read(), null, () -> Mask.windowed(pass, roles));
  }

  @Override
  public int[][] globalTokens(Inputs given) {
    var inputs = head.check(given, INPUTS);
    return roles(inputs, tokens(inputs)).globals();
  }

  private InputTokens tokens(CheckedInputs inputs) {
    var limits =
        new InputTokens.Limits(
            sizes.vocabulary(), sizes.hidden(), sizes.types(), sizes.positions(), longest(), false);
    return InputTokens.read(inputs, limits, head.hasChoices());
  }

  /** {@code _merge_to_attention_mask}: a global mark on a hidden token does nothing. */
  private TokenRoles roles(CheckedInputs inputs, InputTokens tokens) {
    var global = globalMask(inputs, tokens);
    var roles = new Role[tokens.batch() * tokens.length()];
    for (int i = 0; i < roles.length; i++) {
      float seen = tokens.seen() == null ? 1 : tokens.seen()[i];
      float marked = seen * (global[i] + 1);
      roles[i] = marked < 1 ? Role.HIDDEN : marked > 1 ? Role.GLOBAL : Role.LOCAL;
    }
    return TokenRoles.of(tokens.batch(), tokens.length(), roles);
  }

  /** 1 for a global token, 0 for others, [batch * tokens]: as given, or as the head wants it. */
  private float[] globalMask(CheckedInputs inputs, InputTokens tokens) {
    int length = tokens.length();
    if (inputs.has(GLOBAL)) {
      int examples = tokens.batch() / tokens.choices();
      return inputs.fractions(
          GLOBAL,
          head.hasChoices()
              ? Shape.of(examples, tokens.choices(), length)
              : Shape.of(tokens.batch(), length));
    }
    var mask = new float[tokens.batch() * length];
    switch (head.kind()) {
      case SEQUENCE_CLASSIFICATION -> {
        for (int b = 0; b < tokens.batch(); b++) {
          mask[b * length] = 1;
        }
      }
      case QUESTION_ANSWERING -> {
        if (tokens.ids() != null) {
          int[] ends = questionEnds(tokens);
          for (int i = 0; i < mask.length; i++) {
            mask[i] = i % length < ends[i / length] ? 1 : 0;
          }
        }
      }
      case MULTIPLE_CHOICE -> {
        if (tokens.ids() != null) {
          int[] ends = questionEnds(tokens);
          for (int i = 0; i < mask.length; i++) {
            mask[i] = i % length > ends[i / length] + 1 ? 1 : 0;
          }
        }
      }
      default -> {}
    }
    return mask;
  }

  /**
   * The position of the first separator of each sequence, by {@code _get_question_end_index}. It
   * looks at the sequences together, or at those of one choice: they must have three separators
   * each on average, and the first of every three is taken.
   */
  private int[] questionEnds(InputTokens tokens) {
    int length = tokens.length();
    int choices = tokens.choices();
    int examples = tokens.batch() / choices;
    var ends = new int[tokens.batch()];
    for (int choice = 0; choice < choices; choice++) {
      var found = new ArrayList<Integer>();
      for (int example = 0; example < examples; example++) {
        int first = (example * choices + choice) * length;
        for (int t = 0; t < length; t++) {
          if (tokens.ids()[first + t] == separator) {
            found.add(t);
          }
        }
      }
      if (found.size() != 3 * examples) {
        throw new InputException(
            "input_ids: a question ends at the first of three separators (sep_token_id "
                + separator
                + "), there are "
                + found.size()
                + " in "
                + examples
                + " sequences: give a global_attention_mask");
      }
      for (int example = 0; example < examples; example++) {
        ends[example * choices + choice] = found.get(3 * example);
      }
    }
    return ends;
  }

  private void checkSizes(TokenRoles roles, Set<Keep> keep) {
    int most = Collections.max(windows);
    int padded = Math.ceilDiv(roles.tokens(), most) * most;
    for (int window : windows) {
      if (padded % window != 0) {
        throw new InputException(
            "input_ids: "
                + roles.tokens()
                + " tokens, filled up to "
                + padded
                + ", are no multiple of the attention_window "
                + window
                + ": take another length");
      }
    }
    int width = Math.max(3 * sizes.hidden(), sizes.intermediate());
    CheckedInputs.checkSize("the states", roles.batch(), roles.tokens(), width);
    if (keep.contains(Keep.ATTENTIONS)) {
      int globals = roles.mostGlobals();
      int columns = globals + most + 1;
      CheckedInputs.checkSize(
          "the attentions", roles.batch(), sizes.heads(), roles.tokens(), columns);
      CheckedInputs.checkSize(
          "the global attentions", roles.batch(), sizes.heads(), padded, globals);
    }
  }

  @Override
  public int hiddenSize() {
    return sizes.hidden();
  }

  @Override
  public int longest() {
    return sizes.positions() - padding - 1;
  }

  /** No global token: otherwise a head would look for the end of the question. */
  @Override
  public Inputs forWarmUp(Inputs ids) {
    var shape = ids.tensors().get("input_ids").shape();
    return ids.with(GLOBAL, Tensor.of(new long[(int) shape.count()], shape.dims()));
  }

  /** {@code LongformerClassificationHead} has no rate of its own. */
  @Override
  public Dropout.Rates dropout(Config config) {
    double hidden = BertConfig.hiddenDropout(config);
    return BertConfig.dropout(config, hidden, hidden);
  }
}
