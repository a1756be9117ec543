package io.lanewise.task.sentence;

import io.lanewise.model.Inputs;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A late-interaction model: a vector for each token of a text that counts. Thread-safe.
 *
 * @param modules what makes a token's vector of its state
 * @param mean whether a score is divided by the number of the query's vectors
 */
public record LateModel(
    SentenceModel model,
    List<SentenceModule> modules,
    LateTexts queries,
    LateTexts documents,
    boolean mean)
    implements AutoCloseable {

  /** How many numbers a token's vector has. */
  public int size() {
    return SentenceModule.size(modules, model.hidden());
  }

  /** For each query its vectors, [tokens, size]. */
  public List<Tensor> queryVectors(List<String> texts) {
    return vectors(queries, texts);
  }

  /** For each document its vectors, [tokens, size]. */
  public List<Tensor> documentVectors(List<String> texts) {
    return vectors(documents, texts);
  }

  private List<Tensor> vectors(LateTexts side, List<String> texts) {
    var tokens = texts.stream().map(text -> side.tokens(model, text)).toList();
    return model.texts().run(tokens, LateTexts.Tokens::length, this::pass);
  }

  private List<Tensor> pass(List<LateTexts.Tokens> batch) {
    var states = SentenceModel.states(model.texts().model().forward(inputs(batch)));
    var vectors = new Tensor[batch.size()];
    model
        .texts()
        .model()
        .run(vectors.length, row -> vectors[row] = counted(batch.get(row), states, row));
    return Arrays.asList(vectors);
  }

  /** Tokens that are hidden from others are computed like them: their states count. */
  private Inputs inputs(List<LateTexts.Tokens> batch) {
    var ids = batch.stream().map(LateTexts.Tokens::ids).toList();
    var masks = batch.stream().map(LateTexts.Tokens::mask).toList();
    return model.texts().inputs(ids, masks);
  }

  private Tensor counted(LateTexts.Tokens tokens, Tensor states, int row) {
    int width = states.shape().size(2);
    int from = row * states.shape().size(1) * width;
    int[] counted = tokens.counted();
    var own = new float[counted.length * width];
    for (int i = 0; i < counted.length; i++) {
      System.arraycopy(states.floats(), from + counted[i] * width, own, i * width, width);
    }
    var vectors = SentencePass.applyToEach(modules, own, counted.length);
    return Tensor.of(SentenceModel.finite(vectors), counted.length, size());
  }

  @Override
  public void close() {
    model.close();
  }
}
