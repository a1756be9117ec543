package io.lanewise.task.sentence;

import io.lanewise.task.SparseEmbedder.SparseVector;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Both heads that BGE-M3 has beside its pooled embedding: a weight and a vector of each token.
 *
 * @param vectors what makes a token's vector of its state
 */
public record TokenHeads(LexicalEncoder lexical, List<SentenceModule> vectors) {
  /**
   * Those of a folder; empty if it has not both.
   *
   * @throws io.lanewise.CheckpointException if their files are broken
   */
  public static Optional<TokenHeads> load(Path folder, SentenceModel model) {
    return TokenHeadFile.SPARSE.isIn(folder) && TokenHeadFile.VECTORS.isIn(folder)
        ? Optional.of(new TokenHeads(LexicalEncoder.load(folder, model), vectors(folder, model)))
        : Optional.empty();
  }

  /** What makes the vectors of {@code colbert_linear.pt}. */
  static List<SentenceModule> vectors(Path folder, SentenceModel model) {
    var layer = TokenHeadFile.VECTORS.load(folder, model.hidden());
    return List.of(Dense.of(folder + ": colbert_linear.pt", layer), new Normalize());
  }

  /** The weights of a text's words. */
  public SparseVector sparse(Encoding encoding, TokenStates states, int row) {
    return lexical.vector(encoding, states.of(row), 0);
  }

  /** The vectors of all tokens but the first, [tokens, size]. */
  public Tensor tokens(Encoding encoding, TokenStates states, int row) {
    var own = states.of(row);
    int hidden = states.width();
    int count = Math.max(0, encoding.length() - 1);
    var counted = Arrays.copyOfRange(own, own.length - count * hidden, own.length);
    var made = SentencePass.applyToEach(vectors, counted, count);
    return Tensor.of(SentenceModel.finite(made), count, SentenceModule.size(vectors, hidden));
  }
}
