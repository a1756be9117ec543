package io.lanewise.task.sentence;

import io.lanewise.task.SparseEmbedder.SparseVector;
import io.lanewise.tokenizer.Encoding;
import java.util.List;

/** An embedding of which a {@link SparseAutoEncoder}, the last module, makes a sparse vector. */
record PooledSparseEncoder(SentencePass pass) implements SparseEncoder {
  @Override
  public List<SparseVector> encode(List<String> texts, int top) {
    var encodings = texts.stream().map(pass.model()::encode).toList();
    var run = top == 0 ? pass : withActive(top);
    return pass.model()
        .texts()
        .run(
            encodings,
            Encoding::length,
            batch ->
                run.run(batch, 0).stream()
                    .map(vector -> SparseVector.of(SentenceModel.finite(vector), top))
                    .toList());
  }

  /** The number of active dimensions that is asked for counts in the place of the file's. */
  private SentencePass withActive(int active) {
    var modules =
        pass.folder().modules().stream()
            .map(each -> each instanceof SparseAutoEncoder last ? last.withActive(active) : each)
            .toList();
    return new SentencePass(pass.model(), pass.folder().withModules(modules));
  }

  @Override
  public String name(int index) {
    return String.valueOf(index);
  }

  @Override
  public void warmUp() {
    pass.model().texts().warmUp();
  }

  @Override
  public void close() {
    pass.model().close();
  }
}
