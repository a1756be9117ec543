package io.lanewise.family;

import io.lanewise.InputException;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Output;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Pass;
import io.lanewise.nn.Pooler;
import io.lanewise.nn.ReadTokens;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * The layers of a {@link io.lanewise.model.Head}, and the result they make of the encoder's. A
 * family says which weights they hold.
 */
sealed interface HeadLayers {
  /** The second half of a call, when the labels are known to be good. */
  @FunctionalInterface
  interface Finish {
    /**
     * Makes the result.
     *
     * @param last the states of {@link HeadLayers#reads}
     */
    Output apply(Pass pass, LastStates last);
  }

  /** Names of the labels that the head understands. */
  List<String> labels();

  /** Checks the labels of a call. */
  Finish prepare(Request request, InputTokens tokens);

  /**
   * The tokens whose states the head reads; null for all. Those that a caller asked for, unless the
   * head says otherwise.
   *
   * @throws InputException if the caller asked for what cannot be
   */
  default ReadTokens reads(Request request, InputTokens tokens) {
    return request.readTokens(tokens.batch(), tokens.length(), labels());
  }

  /** The first token of each sequence, for a head that gives a result for whole sequences. */
  private static ReadTokens first(Request request, InputTokens tokens) {
    if (request.reading().tokens() != null) {
      throw new InputException(
          "this head gives a result for a sequence, not for each token: leave out which to read");
    }
    return ReadTokens.first(tokens.batch(), tokens.length());
  }

  /**
   * No head.
   *
   * @param pooler null if there is none
   */
  record None(Pooler pooler) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of();
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      boolean pools = pooler != null && request.reading().pooler();
      return (pass, last) -> {
        Tensor pooled = null;
        if (pools) {
          pooled = pooled(pass, pooler, last).toTensor(last.batch(), last.hidden());
        }
        return new Output.Base(
            last.tensor(), Optional.ofNullable(pooled), KeptStates.of(pass.trace()));
      };
    }
  }

  /**
   * Scores of every word of the vocabulary at every token.
   *
   * @param dense back to the size of the embeddings
   * @param activation after it
   * @param norm after that
   * @param decoder [embedding] to [vocabulary]
   */
  record MaskedLm(Linear dense, Activation activation, LayerNorm norm, Linear decoder)
      implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    LossTarget target(Request request, InputTokens tokens) {
      return words(request, tokens, decoder.outputs());
    }

    float[] logits(Pass pass, Matrix hidden) {
      try (var _ = pass.frame()) {
        var words = pass.matrix(hidden.rows(), dense.outputs()); // [batch * tokens, embedding]
        dense.apply(pass, hidden, activation, words);
        norm.apply(pass, words, words);
        return decoder.toHeap(pass, words); // [batch * tokens, vocabulary]
      }
    }

    Tensor tensor(float[] logits, LastStates of) {
      return of.tensor(logits, decoder.outputs());
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      var target = target(request, tokens).ofBatch(request);
      return (pass, last) -> {
        var logits = logits(pass, last.states());
        return result(pass, target.loss(logits), tensor(logits, last));
      };
    }
  }

  /**
   * Scores of every word of the vocabulary straight from a decoder's states; its labels stand where
   * its tokens do.
   */
  record Words(Linear decoder) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      var target = words(request, tokens, decoder.outputs()).ofBatch(request);
      return (pass, last) -> {
        var logits = decoder.toHeap(pass, last.states()); // [batch * tokens, vocabulary]
        return result(pass, target.loss(logits), last.tensor(logits, decoder.outputs()));
      };
    }
  }

  /** Scores of every word of the vocabulary to follow each token; labels are the tokens again. */
  record CausalLm(MaskedLm words) implements HeadLayers {
    @Override
    public List<String> labels() {
      return words.labels();
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      var target = words.target(request, tokens).next(tokens.length()).ofBatch(request);
      return (pass, last) -> {
        var logits = words.logits(pass, last.states());
        return result(pass, target.loss(logits), words.tensor(logits, last));
      };
    }
  }

  /**
   * A score of each label for a whole sequence.
   *
   * @param problemType null if the config is silent
   */
  record Sequence(Pooler pooler, Linear classifier, String problemType) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    @Override
    public ReadTokens reads(Request request, InputTokens tokens) {
      return first(request, tokens);
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      int outputs = classifier.outputs();
      int batch = tokens.batch();
      var all = LossTarget.ofSequences(request, problemType, batch, outputs);
      var target = all.ofExamples(request, batch);
      return (pass, last) -> {
        pass.dropout().features(pass, last.states());
        var pooled = pooled(pass, pooler, last);
        pass.dropout().classifier(pass, pooled);
        var logits = classifier.toHeap(pass, pooled);
        return result(pass, target.loss(logits), Tensor.of(logits, tokens.batch(), outputs));
      };
    }
  }

  /** Whether the second of two sentences goes on where the first ends (0) or not (1). */
  record NextSentence(Pooler pooler, Linear classifier) implements HeadLayers {
    /** The second is the older name. */
    private static final List<String> LABELS = List.of("labels", "next_sentence_label");

    @Override
    public List<String> labels() {
      return LABELS;
    }

    @Override
    public ReadTokens reads(Request request, InputTokens tokens) {
      return first(request, tokens);
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      int batch = tokens.batch();
      int classes = classifier.outputs();
      var name = LABELS.get(request.has(LABELS.getFirst()) ? 0 : 1);
      var shapes = new Shape[] {Shape.of(batch), Shape.of(batch, 1)};
      var all = LossTarget.classes(request, name, classes, "its classes", shapes);
      var target = all.ofExamples(request, batch);
      return (pass, last) -> {
        var logits = classifier.toHeap(pass, pooled(pass, pooler, last));
        return result(pass, target.loss(logits), Tensor.of(logits, batch, classes));
      };
    }
  }

  /** A score of each choice: every choice is a sequence, and an example has several. */
  record Choice(Pooler pooler, Linear classifier) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    @Override
    public ReadTokens reads(Request request, InputTokens tokens) {
      return first(request, tokens);
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      int choices = tokens.choices();
      int examples = tokens.batch() / choices;
      var shape = Shape.of(examples);
      var all = LossTarget.classes(request, "labels", choices, "the number of choices", shape);
      var target = all.ofExamples(request, examples);
      return (pass, last) -> {
        var pooled = pooled(pass, pooler, last);
        pass.dropout().classifier(pass, pooled);
        var logits = classifier.toHeap(pass, pooled);
        return result(pass, target.loss(logits), Tensor.of(logits, examples, choices));
      };
    }
  }

  /** A score of each label for every token. */
  record Token(Linear classifier) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      int outputs = classifier.outputs();
      Request.checkSize("the logits", tokens.batch(), tokens.length(), outputs);
      var shape = Shape.of(tokens.batch(), tokens.length());
      var all = LossTarget.classes(request, "labels", outputs, "num_labels", shape);
      var target = all.ofBatch(request);
      return (pass, last) -> {
        pass.dropout().classifier(pass, last.states());
        var logits = classifier.toHeap(pass, last.states()); // [batch * tokens, labels]
        return result(pass, target.loss(logits), last.tensor(logits, outputs));
      };
    }
  }

  /** Scores of every token as the start and as the end of an answer. */
  record Span(Linear outputs) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("start_positions", "end_positions");
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      int batch = tokens.batch();
      int length = tokens.length();
      var start = LossTarget.position(request, "start_positions", batch, length);
      var end = LossTarget.position(request, "end_positions", batch, length);
      return (pass, last) -> {
        var both = outputs.toHeap(pass, last.states()); // [batch * tokens, 2]
        var starts = everyOther(both, 0); // [batch * tokens]
        var ends = everyOther(both, 1);
        var loss = sum(start.loss(starts), end.loss(ends), 0.5f);
        return new Output.Span(
            Optional.ofNullable(loss),
            last.tensor(starts),
            last.tensor(ends),
            KeptStates.of(pass.trace()));
      };
    }

    private static float[] everyOther(float[] values, int first) {
      var result = new float[values.length / 2];
      for (int i = 0; i < result.length; i++) {
        result[i] = values[2 * i + first];
      }
      return result;
    }
  }

  /**
   * Masked words and a question about two sentences.
   *
   * @param sentence [hidden] to the classes of the question
   * @param logitsName what the family calls the answer
   * @param labelName what it calls the label
   */
  record PreTraining(
      MaskedLm words, Pooler pooler, Linear sentence, String logitsName, String labelName)
      implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels", labelName);
    }

    /** All: the pooler reads the first, whichever words are asked for. */
    @Override
    public ReadTokens reads(Request request, InputTokens tokens) {
      return null;
    }

    @Override
    public Finish prepare(Request request, InputTokens tokens) {
      int batch = tokens.batch();
      int classes = sentence.outputs();
      var shape = Shape.of(batch);
      var column = Shape.of(batch, 1);
      var word = words.target(request, tokens).ofBatch(request);
      var sentences = LossTarget.classes(request, labelName, classes, "its classes", shape, column);
      var order = sentences.ofBatch(request);
      var wanted = request.readTokens(batch, tokens.length(), labels());
      return (pass, last) -> {
        var read = last.of(pass, wanted);
        var logits = words.logits(pass, read.states());
        var pooled = pooled(pass, pooler, last);
        pass.dropout().classifier(pass, pooled);
        var answer = sentence.toHeap(pass, pooled);
        return new Output.PreTraining(
            Optional.ofNullable(sum(word.loss(logits), order.loss(answer), 1)),
            words.tensor(logits, read),
            Tensor.of(answer, batch, classes),
            logitsName,
            KeptStates.of(pass.trace()));
      };
    }
  }

  /** The sum of two losses of the same shape times a factor, null if one is missing. */
  private static Tensor sum(Tensor first, Tensor second, float factor) {
    if (first == null || second == null) {
      return null;
    }
    var sums = new float[first.floats().length];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = (first.floats()[i] + second.floats()[i]) * factor;
    }
    return Tensor.of(sums, first.shape().dims());
  }

  private static LossTarget words(Request request, InputTokens tokens, int words) {
    Request.checkSize("the logits", tokens.batch(), tokens.length(), words);
    var shape = Shape.of(tokens.batch(), tokens.length());
    return LossTarget.classes(request, "labels", words, "vocab_size", shape);
  }

  /** Of each sequence the first state, pooled: there are those of all tokens, or only the first. */
  private static Matrix pooled(Pass pass, Pooler pooler, LastStates last) {
    var pooled = pass.matrix(last.batch(), last.hidden()); // [batch, hidden]
    pooler.apply(pass, last.states(), last.batch(), pooled);
    return pooled;
  }

  private static Output result(Pass pass, Tensor loss, Tensor logits) {
    return new Output.Logits(Optional.ofNullable(loss), logits, KeptStates.of(pass.trace()));
  }
}
