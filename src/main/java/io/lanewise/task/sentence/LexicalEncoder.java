package io.lanewise.task.sentence;

import io.lanewise.task.SparseEmbedder.SparseVector;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.SpecialTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * BGE-M3's lexical weights: each token of a text has a weight by its state, and a word that stands
 * there several times the largest of its own. Tokens that begin, end and fill texts have none, nor
 * has the unknown one ({@code _process_token_weights} of FlagEmbedding).
 *
 * @param weight of a state
 * @param size of the vectors: ids of the tokenizer
 */
public record LexicalEncoder(SentenceModel model, LinearLayer weight, int size)
    implements SparseEncoder {
  static LexicalEncoder load(Path folder, SentenceModel model) {
    var weight = TokenHeadFile.SPARSE.load(folder, model.hidden());
    return new LexicalEncoder(model, weight, model.texts().tokenizer().size());
  }

  @Override
  public List<SparseVector> encode(List<String> texts, int top) {
    var encodings = texts.stream().map(model::encode).toList();
    return model.texts().run(encodings, Encoding::length, batch -> pass(batch, top));
  }

  private List<SparseVector> pass(List<Encoding> batch, int top) {
    var states = model.states(batch);
    var vectors = new ArrayList<SparseVector>();
    for (int row = 0; row < batch.size(); row++) {
      vectors.add(vector(batch.get(row), states.of(row), top));
    }
    return vectors;
  }

  /**
   * The vector of a text.
   *
   * @param states [tokens * hidden]
   */
  SparseVector vector(Encoding encoding, float[] states, int top) {
    var excluded = excluded(model.texts().tokenizer().specials());
    var vector = new float[size];
    int[] ids = encoding.ids();
    for (int token = 0; token < ids.length; token++) {
      if (!excluded.contains(ids[token])) {
        float found = (float) weight.apply(states, token * model.hidden())[0];
        vector[ids[token]] = Math.max(vector[ids[token]], found); // 0 at least; NaN stays
      }
    }
    return SparseVector.of(SentenceModel.finite(vector), top);
  }

  private static List<Integer> excluded(SpecialTokens specials) {
    return Stream.of("cls_token", "eos_token", "pad_token", "unk_token")
        .flatMapToInt(role -> specials.id(role).stream())
        .boxed()
        .toList();
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
