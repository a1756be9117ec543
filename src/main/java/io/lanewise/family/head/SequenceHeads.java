package io.lanewise.family.head;

import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.model.Output;
import io.lanewise.nn.Linear;
import io.lanewise.nn.ReadTokens;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Heads that give a result for whole sequences. */
public final class SequenceHeads {
  private SequenceHeads() {}

  /** A head that reads one vector of each sequence, and nothing else. */
  private sealed interface OfVector extends HeadLayers permits Sequence, NextSentence, Choice {
    SequenceVector vector();

    @Override
    default ReadTokens reads(CheckedInputs inputs, InputTokens tokens) {
      return vector().read(inputs, tokens);
    }

    @Override
    default boolean readsPadding() {
      return vector().readsPadding();
    }
  }

  /**
   * A score of each label for a whole sequence.
   *
   * @param problemType null if the config is silent
   */
  public record Sequence(SequenceVector vector, Linear classifier, String problemType)
      implements OfVector {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      int outputs = classifier.outputs();
      int batch = tokens.batch();
      var all = LossTarget.ofSequences(inputs, problemType, batch, outputs);
      var target = all.ofExamples(inputs, batch);
      return (pass, last) -> {
        pass.dropout().features(pass, last.states());
        var pooled = vector.of(pass, last);
        pass.dropout().classifier(pass, pooled);
        var logits = classifier.toHeap(pass, pooled);
        return HeadLayers.logits(
            pass, target.loss(logits), Tensor.of(logits, tokens.batch(), outputs));
      };
    }
  }

  /** Whether the second of two sentences goes on where the first ends (0) or not (1). */
  public record NextSentence(SequenceVector vector, Linear classifier) implements OfVector {
    /** The second is the older name. */
    private static final List<String> LABELS = List.of("labels", "next_sentence_label");

    @Override
    public List<String> labels() {
      return LABELS;
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      int batch = tokens.batch();
      int classes = classifier.outputs();
      var name = LABELS.get(inputs.has(LABELS.getFirst()) ? 0 : 1);
      var shapes = new Shape[] {Shape.of(batch), Shape.of(batch, 1)};
      var all = LossTarget.classes(inputs, name, classes, "its classes", shapes);
      var target = all.ofExamples(inputs, batch);
      return (pass, last) -> {
        var logits = classifier.toHeap(pass, vector.of(pass, last));
        return HeadLayers.logits(pass, target.loss(logits), Tensor.of(logits, batch, classes));
      };
    }
  }

  /** A score of each choice: every choice is a sequence, and an example has several. */
  public record Choice(SequenceVector vector, Linear classifier) implements OfVector {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      int choices = tokens.choices();
      int examples = tokens.batch() / choices;
      var shape = Shape.of(examples);
      var all = LossTarget.classes(inputs, "labels", choices, "the number of choices", shape);
      var target = all.ofExamples(inputs, examples);
      return (pass, last) -> {
        var pooled = vector.of(pass, last);
        pass.dropout().classifier(pass, pooled);
        var logits = classifier.toHeap(pass, pooled);
        return HeadLayers.logits(pass, target.loss(logits), Tensor.of(logits, examples, choices));
      };
    }
  }

  /**
   * Masked words and a question about two sentences.
   *
   * @param sentence [hidden] to the classes of the question
   * @param logitsName what the family calls the answer
   * @param labelName what it calls the label
   */
  public record PreTraining(
      TokenHeads.MaskedLm words,
      SequenceVector vector,
      Linear sentence,
      String logitsName,
      String labelName)
      implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels", labelName);
    }

    /** All: the pooler reads the first, whichever words are asked for. */
    @Override
    public ReadTokens reads(CheckedInputs inputs, InputTokens tokens) {
      return null;
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      int batch = tokens.batch();
      int classes = sentence.outputs();
      var shape = Shape.of(batch);
      var column = Shape.of(batch, 1);
      var word = words.target(inputs, tokens).ofBatch(inputs);
      var sentences = LossTarget.classes(inputs, labelName, classes, "its classes", shape, column);
      var order = sentences.ofBatch(inputs);
      var wanted = inputs.readTokens(batch, tokens.length(), labels());
      return (pass, last) -> {
        var read = last.of(pass, wanted);
        var logits = words.logits(pass, read.states());
        var pooled = vector.of(pass, last);
        pass.dropout().classifier(pass, pooled);
        var answer = sentence.toHeap(pass, pooled);
        return new Output.PreTraining(
            Optional.ofNullable(Losses.sum(word.loss(logits), order.loss(answer), 1)),
            words.tensor(logits, read),
            Tensor.of(answer, batch, classes),
            logitsName,
            KeptStates.of(pass.trace()));
      };
    }
  }
}
