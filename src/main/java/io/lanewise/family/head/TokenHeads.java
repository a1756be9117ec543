package io.lanewise.family.head;

import io.lanewise.family.input.CheckedInputs;
import io.lanewise.family.input.InputTokens;
import io.lanewise.kernel.Activation;
import io.lanewise.memory.Matrix;
import io.lanewise.model.Output;
import io.lanewise.nn.LayerNorm;
import io.lanewise.nn.Linear;
import io.lanewise.nn.Pass;
import io.lanewise.nn.WordScores;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Heads that give a result for each token: words and labels. */
public final class TokenHeads {
  private TokenHeads() {}

  /**
   * Scores of every word of the vocabulary at every token.
   *
   * @param dense back to the size of the embeddings
   * @param activation after it
   * @param norm after that
   * @param decoder [embedding] to [vocabulary]
   */
  public record MaskedLm(Linear dense, Activation activation, LayerNorm norm, WordScores decoder)
      implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    LossTarget target(CheckedInputs inputs, InputTokens tokens) {
      return words(inputs, tokens, decoder.count());
    }

    /**
     * The scores, row after row.
     *
     * @param hidden [rows, hidden]
     */
    public float[] logits(Pass pass, Matrix hidden) {
      return logits(pass, hidden, null);
    }

    /**
     * The same where perhaps only the highest of each row are read.
     *
     * @param excluded as {@link WordScores#of(Pass, Matrix, int[][])}
     */
    float[] logits(Pass pass, Matrix hidden, int @Nullable [][] excluded) {
      try (var _ = pass.frame()) {
        var words = pass.matrix(hidden.rows(), dense.outputs()); // [batch * tokens, embedding]
        dense.apply(pass, hidden, activation, words);
        norm.apply(pass, words, words);
        return decoder.of(pass, words, excluded); // [batch * tokens, vocabulary]
      }
    }

    Tensor tensor(float[] logits, LastStates of) {
      return of.tensor(logits, decoder.count());
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      var target = target(inputs, tokens).ofBatch(inputs);
      return (pass, last) -> {
        var logits = logits(pass, last.states());
        return HeadLayers.logits(pass, target.loss(logits), tensor(logits, last));
      };
    }
  }

  /**
   * Scores of every word of the vocabulary straight from a decoder's states; its labels stand where
   * its tokens do.
   */
  public record Words(WordScores decoder) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      var target = words(inputs, tokens, decoder.count()).ofBatch(inputs);
      var excluded = inputs.excludedWords(decoder.count());
      return (pass, last) -> {
        var logits = decoder.of(pass, last.states(), excluded); // [batch * tokens, vocabulary]
        return HeadLayers.logits(pass, target.loss(logits), last.tensor(logits, decoder.count()));
      };
    }
  }

  /** Scores of every word of the vocabulary to follow each token; labels are the tokens again. */
  public record CausalLm(MaskedLm words) implements HeadLayers {
    @Override
    public List<String> labels() {
      return words.labels();
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      var target = words.target(inputs, tokens).next(tokens.length()).ofBatch(inputs);
      var excluded = inputs.excludedWords(words.decoder.count());
      return (pass, last) -> {
        var logits = words.logits(pass, last.states(), excluded);
        return HeadLayers.logits(pass, target.loss(logits), words.tensor(logits, last));
      };
    }
  }

  /** A score of each label for every token. */
  public record Token(Linear classifier) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("labels");
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      int outputs = classifier.outputs();
      CheckedInputs.checkSize("the logits", tokens.batch(), tokens.length(), outputs);
      var shape = Shape.of(tokens.batch(), tokens.length());
      var all = LossTarget.classes(inputs, "labels", outputs, "num_labels", shape);
      var target = all.ofBatch(inputs);
      return (pass, last) -> {
        pass.dropout().classifier(pass, last.states());
        var logits = classifier.toHeap(pass, last.states()); // [batch * tokens, labels]
        return HeadLayers.logits(pass, target.loss(logits), last.tensor(logits, outputs));
      };
    }
  }

  /** Scores of every token as the start and as the end of an answer. */
  public record Span(Linear outputs) implements HeadLayers {
    @Override
    public List<String> labels() {
      return List.of("start_positions", "end_positions");
    }

    @Override
    public Finish prepare(CheckedInputs inputs, InputTokens tokens) {
      int batch = tokens.batch();
      int length = tokens.length();
      var start = LossTarget.position(inputs, "start_positions", batch, length);
      var end = LossTarget.position(inputs, "end_positions", batch, length);
      return (pass, last) -> {
        var both = outputs.toHeap(pass, last.states()); // [batch * tokens, 2]
        var starts = everyOther(both, 0); // [batch * tokens]
        var ends = everyOther(both, 1);
        var loss = Losses.sum(start.loss(starts), end.loss(ends), 0.5f);
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

  private static LossTarget words(CheckedInputs inputs, InputTokens tokens, int words) {
    CheckedInputs.checkSize("the logits", tokens.batch(), tokens.length(), words);
    var shape = Shape.of(tokens.batch(), tokens.length());
    return LossTarget.classes(inputs, "labels", words, "vocab_size", shape);
  }
}
