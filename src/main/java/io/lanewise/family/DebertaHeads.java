package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.family.head.HeadLayers;
import io.lanewise.family.head.HeadPlan;
import io.lanewise.family.head.HeadSource;
import io.lanewise.family.head.LastStates;
import io.lanewise.family.head.LossTarget;
import io.lanewise.family.head.Losses;
import io.lanewise.family.head.SequenceHeads;
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
import io.lanewise.nn.WordScores;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The heads of both versions of DeBERTa. */
final class DebertaHeads {
  private DebertaHeads() {}

  /** {@code DebertaV2ForMaskedLM} and so on. */
  static HeadPlan.@Nullable Loader head(Head kind) {
    return switch (kind) {
      case MODEL -> HeadSource::none;
      case MASKED_LM -> DebertaHeads::words;
      case SEQUENCE_CLASSIFICATION ->
          from -> sequence(from.sequence(pooler(from, false), "classifier"));
      case MULTIPLE_CHOICE -> from -> from.choice(pooler(from, true), "classifier");
      case TOKEN_CLASSIFICATION -> from -> from.token("classifier");
      case QUESTION_ANSWERING -> from -> from.span("qa_outputs");
      case CAUSAL_LM, PRE_TRAINING, NEXT_SENTENCE_PREDICTION, CONDITIONAL_GENERATION -> null;
    };
  }

  /** {@code LegacyDebertaV2LMPredictionHead} or {@code DebertaV2LMPredictionHead}. */
  private static TokenHeads.MaskedLm words(HeadSource from) {
    var config = from.source().config();
    var activation = from.activation("gelu");
    if (config.bool("legacy", true)) {
      return from.words("cls.predictions", "transform.dense", activation, "transform.LayerNorm");
    }
    var table = from.words().table();
    if (from.tied() || table.columns() != from.hidden()) {
      throw config.wrong(
          "legacy",
          "without it Hugging Face's head works with tie_word_embeddings false and an"
              + " embedding_size that is hidden_size only");
    }
    var packing = from.source().packing();
    var at = from.source().head().at("lm_predictions.lm_head");
    return new TokenHeads.MaskedLm(
        Linear.load(packing, from.hidden(), from.hidden(), at.at("dense")),
        activation,
        LayerNorm.load(from.hidden(), from.epsilon(), at.at("LayerNorm")),
        WordScores.of(packing, table, at.vector("bias", table.rows(), Weights.Init.ZEROS)));
  }

  private static ContextPooler pooler(HeadSource from, boolean drops) {
    var config = from.source().config();
    var activation = FamilySettings.activation(config, "pooler_hidden_act", "gelu");
    return new ContextPooler(from.linear(from.hidden(), "pooler.dense"), activation, drops);
  }

  /**
   * The first token through a layer and an activation: {@code ContextPooler}.
   *
   * @param drops whether something of the token may be dropped here, and not by the head
   */
  private record ContextPooler(Linear dense, Activation activation, boolean drops)
      implements SequenceVector {
    @Override
    public ReadTokens tokens(CheckedInputs inputs, InputTokens tokens) {
      return ReadTokens.first(tokens.batch(), tokens.length());
    }

    @Override
    public Matrix of(Pass pass, LastStates last) {
      var states = last.states();
      int stride = Math.multiplyExact(states.rows() / last.batch(), states.columns());
      var first = new Matrix(states.data(), last.batch(), states.columns(), stride);
      if (drops) {
        pass.dropout().features(pass, first);
      }
      var pooled = pass.matrix(last.batch(), dense.outputs()); // [batch, hidden]
      dense.apply(pass, first, activation, pooled);
      return pooled;
    }
  }

  /** The classification with DeBERTa's own losses, where {@code problem_type} says nothing. */
  private static HeadLayers sequence(SequenceHeads.Sequence all) {
    return all.problemType() == null ? new Sequence(all) : all;
  }

  /**
   * {@code DebertaV2ForSequenceClassification}: labels below 0 are left out, numbers for each label
   * are probabilities, and for a single output the logits that come with a loss are [batch].
   */
  private record Sequence(SequenceHeads.Sequence all) implements HeadLayers {
    @Override
    public List<String> labels() {
      return all.labels();
    }

    @Override
    public ReadTokens reads(CheckedInputs inputs, InputTokens tokens) {
      return all.reads(inputs, tokens);
    }

    @Override
    public boolean readsPadding() {
      return all.readsPadding();
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      if (!inputs.has("labels")) {
        return all.prepare(inputs, tokens);
      }
      int batch = tokens.batch();
      int outputs = all.classifier().outputs();
      var target = target(inputs, batch, outputs).ofExamples(inputs, batch);
      return (pass, last) -> {
        pass.dropout().features(pass, last.states());
        var pooled = all.vector().of(pass, last);
        pass.dropout().classifier(pass, pooled);
        var logits = all.classifier().toHeap(pass, pooled);
        var tensor = outputs == 1 ? Tensor.of(logits, batch) : Tensor.of(logits, batch, outputs);
        return HeadLayers.logits(pass, target.loss(logits), tensor);
      };
    }

    private static LossTarget target(CheckedInputs inputs, int batch, int outputs) {
      var one = Shape.of(batch);
      var each = Shape.of(batch, outputs);
      if (outputs == 1) {
        return new LossTarget.Numbers(inputs.floats("labels", one, each));
      }
      return inputs.shape("labels").rank() == 1
          ? new KnownClasses(classes(inputs.floats("labels", one), outputs), outputs)
          : new Probabilities(inputs.floats("labels", each), outputs);
    }

    private static int[] classes(float[] labels, int outputs) {
      var classes = new int[labels.length];
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] >= outputs) {
          throw new InputException(
              "labels: %s at [%d] is not below num_labels %d".formatted(labels[i], i, outputs));
        }
        classes[i] = labels[i] >= 0 ? (int) labels[i] : Losses.IGNORED;
      }
      return classes;
    }
  }

  /** Cross entropy of the sequences whose class is known; 0 if there are none. */
  private record KnownClasses(int[] labels, int classes) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      boolean none = Arrays.stream(labels).allMatch(label -> label == Losses.IGNORED);
      return none ? Tensor.scalar(0) : all().loss(logits);
    }

    @Override
    public float ofExample(float[] logits, int i) {
      return all().ofExample(logits, i);
    }

    private LossTarget all() {
      return new LossTarget.Classes(labels, classes, Losses.IGNORED);
    }
  }

  /** Cross entropy with a probability for each class, which need not sum to one. */
  private record Probabilities(float[] labels, int classes) implements LossTarget {
    @Override
    public Tensor loss(float[] logits) {
      double sum = 0;
      for (int i = 0; i < logits.length / classes; i++) {
        sum += ofExample(Arrays.copyOfRange(logits, i * classes, (i + 1) * classes), i);
      }
      return Tensor.scalar((float) (sum * classes / logits.length));
    }

    @Override
    public float ofExample(float[] logits, int i) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += labels[i * classes + c] * Losses.crossEntropy(logits, classes, new int[] {c}, -1);
      }
      return (float) sum;
    }
  }
}
