package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.LossTarget;
import io.lanewise.family.head.Losses;
import io.lanewise.family.head.SequenceVector;
import io.lanewise.family.head.TokenHeads;
import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Head;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The heads of ModernBERT: all of them put {@code ModernBertPredictionHead} before their last
 * layer.
 */
final class ModernBertHeads {
  private static final String POOLING = "classifier_pooling";

  private ModernBertHeads() {}

  /** How a head is loaded. */
  static HeadPlan.@Nullable Loader of(Head kind) {
    return switch (kind) {
      case MODEL -> HeadSource::none;
      case MASKED_LM -> ModernBertHeads::words;
      case SEQUENCE_CLASSIFICATION ->
          from -> {
            var layers = from.sequence(new GivenVector(), "classifier");
            return new Pooled(prediction(from), pooling(from, false), layers);
          };
      case MULTIPLE_CHOICE ->
          from -> {
            var layers = from.choice(new GivenVector(), "classifier");
            return new Pooled(prediction(from), pooling(from, true), layers);
          };
      case TOKEN_CLASSIFICATION ->
          from -> new EachToken(prediction(from), from.token("classifier"));
      case QUESTION_ANSWERING -> from -> new EachToken(prediction(from), from.span("classifier"));
      default -> null;
    };
  }

  /** {@code ModernBertPredictionHead}. */
  record Prediction(Linear dense, Activation activation, LayerNorm norm) {
    /** The states through the layers, in scratch memory. */
    Matrix of(Pass pass, Matrix states) {
      var y = pass.matrix(states.rows(), dense.outputs());
      dense.apply(pass, states, activation, y);
      norm.apply(pass, y, y);
      return y;
    }
  }

  private static Prediction prediction(HeadSource from) {
    var config = from.source().config();
    var packing = from.source().packing();
    var at = from.source().head().at("head");
    boolean biased = config.bool("classifier_bias", false);
    var norm =
        config.bool("norm_bias", false)
            ? LayerNorm.load(from.hidden(), from.epsilon(), at.at("norm"))
            : LayerNorm.withoutBias(packing, from.hidden(), from.epsilon(), at.at("norm"));
    return new Prediction(
        Linear.load(packing, from.hidden(), from.hidden(), biased, at.at("dense")),
        FamilySettings.activation(config, "classifier_activation", "gelu"),
        norm);
  }

  /** {@code ModernBertForMaskedLM}. */
  private static HeadLayers words(HeadSource from) {
    var config = from.source().config();
    var prediction = prediction(from);
    var packing = from.source().packing();
    var at = from.source().head();
    var decoder =
        config.bool("decoder_bias", true)
            ? from.scores(packing, at, "decoder", "decoder.bias")
            : from.scores(
                packing, at.at("decoder"), packing.region().floats(from.words().table().rows()));
    var words =
        new TokenHeads.MaskedLm(prediction.dense, prediction.activation, prediction.norm, decoder);
    return config.bool("sparse_prediction", false)
        ? new SparseWords(words, config.integer("sparse_pred_ignore_index", Losses.IGNORED))
        : words;
  }

  private static Pooling pooling(HeadSource from, boolean firstSeen) {
    var name = from.source().config().choice(POOLING, "cls", List.of("cls", "mean"));
    return name.equals("mean") ? Pooling.MEAN : firstSeen ? Pooling.FIRST_SEEN : Pooling.FIRST;
  }

  /** The state of a sequence that its classification goes by. */
  enum Pooling {
    /** Of its first position, padding or not. */
    FIRST,
    /** Of its first token that is no padding. */
    FIRST_SEEN,
    /** The mean of all tokens that are no padding. */
    MEAN;

    /** The tokens whose states it is made of; null for all. */
    @Nullable ReadTokens tokens(InputTokens tokens) {
      return switch (this) {
        case FIRST -> ReadTokens.first(tokens.batch(), tokens.length());
        case FIRST_SEEN -> ReadTokens.at(firstSeen(tokens), tokens.length());
        case MEAN -> null;
      };
    }

    private static int[][] firstSeen(InputTokens tokens) {
      var positions = new int[tokens.batch()][1];
      for (int b = 0; tokens.seen() != null && b < positions.length; b++) {
        int first = b * tokens.length();
        int t = 0;
        while (t < tokens.length() && tokens.seen()[first + t] == 0) {
          t++;
        }
        positions[b][0] = t % tokens.length(); // the first position if nothing is seen
      }
      return positions;
    }

    /** [batch, hidden], in scratch memory. */
    Matrix of(Pass pass, LastStates last, InputTokens tokens) {
      var wanted = tokens(tokens);
      if (wanted != null) {
        return last.of(pass, wanted).states();
      }
      int length = tokens.length();
      var means = pass.matrix(tokens.batch(), last.hidden());
      for (int b = 0; b < tokens.batch(); b++) {
        var sums = new double[last.hidden()];
        double count = 0;
        for (int t = b * length; t < (b + 1) * length; t++) {
          if (tokens.seen() == null || tokens.seen()[t] != 0) {
            var row = last.states().rows(t, 1).toArray();
            for (int j = 0; j < row.length; j++) {
              sums[j] += row[j];
            }
            count++;
          }
        }
        for (int j = 0; j < sums.length; j++) {
          means.set(b, j, (float) (sums[j] / count));
        }
      }
      return means;
    }
  }

  /** A vector that is made already. */
  record GivenVector() implements SequenceVector {
    @Override
    public @Nullable ReadTokens tokens(CheckedInputs inputs, InputTokens tokens) {
      return null;
    }

    @Override
    public Matrix of(Pass pass, LastStates last) {
      return last.states();
    }
  }

  /** A classification of sequences: pooling, prediction head, classifier. */
  record Pooled(Prediction prediction, Pooling pooling, HeadLayers layers) implements HeadLayers {
    @Override
    public List<String> labels() {
      return layers.labels();
    }

    @Override
    public @Nullable ReadTokens reads(CheckedInputs inputs, InputTokens tokens) {
      layers.reads(inputs, tokens); // checks them
      return pooling.tokens(tokens);
    }

    @Override
    public boolean readsPadding() {
      return false;
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      var finish = layers.prepare(inputs, tokens);
      return (pass, last) -> {
        var pooled = pooling.of(pass, last, tokens);
        var predicted = prediction.of(pass, pooled);
        return finish.apply(pass, LastStates.all(predicted, last.batch()));
      };
    }
  }

  /** A head for each token, behind the prediction head. */
  record EachToken(Prediction prediction, HeadLayers layers) implements HeadLayers {
    @Override
    public List<String> labels() {
      return layers.labels();
    }

    @Override
    public @Nullable ReadTokens reads(CheckedInputs inputs, InputTokens tokens) {
      return layers.reads(inputs, tokens);
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      var finish = layers.prepare(inputs, tokens);
      return (pass, last) -> {
        var predicted = prediction.of(pass, last.states());
        return finish.apply(pass, new LastStates(predicted, last.read(), last.batch()));
      };
    }
  }

  /**
   * Masked words of which only those with a label are scored: {@code sparse_prediction}. Without
   * labels there is a score for every token.
   *
   * @param ignored the label of tokens that are left out; the loss leaves out -100 all the same
   */
  record SparseWords(TokenHeads.MaskedLm words, int ignored) implements HeadLayers {
    @Override
    public List<String> labels() {
      return words.labels();
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      if (!inputs.has("labels")) {
        return words.prepare(inputs, tokens);
      }
      int vocabulary = words.decoder().count();
      int[] labels = checked(inputs, tokens, vocabulary);
      int[] rows = new int[labels.length];
      int[] left = new int[labels.length];
      int count = 0;
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] != ignored) {
          rows[count] = i;
          left[count++] = labels[i];
        }
      }
      int kept = count;
      int[] keptRows = Arrays.copyOf(rows, kept);
      var classes = new LossTarget.Classes(Arrays.copyOf(left, kept), vocabulary, Losses.IGNORED);
      var target = classes.ofBatch(inputs);
      return (pass, last) -> {
        var states = pass.matrix(kept, last.hidden());
        pass.backend().rowwise().gather(last.states(), keptRows, states);
        var logits = words.logits(pass, states);
        return HeadLayers.logits(pass, target.loss(logits), Tensor.of(logits, kept, vocabulary));
      };
    }

    private int[] checked(CheckedInputs inputs, InputTokens tokens, int vocabulary) {
      var shape = Shape.of(tokens.batch(), tokens.length());
      if (!inputs.isInteger("labels")) {
        return inputs.labels("labels", vocabulary, "vocab_size", shape); // says what is wrong
      }
      var values = inputs.get("labels", shape).longs();
      var labels = new int[values.length];
      for (int i = 0; i < labels.length; i++) {
        boolean word = values[i] >= 0 && values[i] < vocabulary;
        if (!word && values[i] != Losses.IGNORED && values[i] != ignored) {
          throw new InputException(
              "labels: "
                  + values[i]
                  + " is neither a word from 0 to "
                  + (vocabulary - 1)
                  + " nor "
                  + Losses.IGNORED
                  + " nor sparse_pred_ignore_index "
                  + ignored);
        }
        labels[i] = (int) values[i];
      }
      return labels;
    }
  }
}
