package io.lanewise.task.sentence;

import io.lanewise.model.Output;
import io.lanewise.task.SparseEmbedder.SparseVector;
import io.lanewise.tokenizer.Encoding;
import java.util.Arrays;
import java.util.List;

/** SPLADE: a masked language model, and a weight for each word of its vocabulary. */
record SpladeEncoder(SentenceModel model, SpladePooling pooling) implements SparseEncoder {
  @Override
  public List<SparseVector> encode(List<String> texts, int top) {
    var encodings = texts.stream().map(model::encode).toList();
    return model.texts().runOverVocabulary(encodings, batch -> pass(batch, top));
  }

  private List<SparseVector> pass(List<Encoding> batch, int top) {
    var logits = logits(batch);
    var vectors = new SparseVector[batch.size()];
    model
        .texts()
        .model()
        .run(
            vectors.length,
            row -> {
              int tokens = batch.get(row).length();
              var weights =
                  pooling.apply(logits.values(), logits.offset(row), tokens, logits.width());
              vectors[row] = SparseVector.of(SentenceModel.finite(weights), top);
            });
    return Arrays.asList(vectors);
  }

  private TokenStates logits(List<Encoding> batch) {
    return switch (model.texts().forwardTokens(batch)) {
      case Output.Logits output -> TokenStates.unpadded(output.logits(), batch);
      case Output other ->
          throw new IllegalStateException("a masked language model gave " + other.getClass());
    };
  }

  @Override
  public String name(int index) {
    return model.name(index);
  }

  @Override
  public void warmUp() {
    model.texts().warmUp();
  }

  @Override
  public void close() {
    model.close();
  }
}
