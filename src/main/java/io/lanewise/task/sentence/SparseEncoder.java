package io.lanewise.task.sentence;

import io.lanewise.task.SparseEmbedder.SparseVector;
import java.util.List;

/** What makes sparse vectors of texts. Thread-safe. */
public sealed interface SparseEncoder extends AutoCloseable
    permits LexicalEncoder, PooledSparseEncoder, SpladeEncoder, StaticSparseEncoder {
  /**
   * For each text its vector.
   *
   * @param texts with their prompts
   * @param top how many numbers of each are kept at most; 0 for all
   */
  List<SparseVector> encode(List<String> texts, int top);

  /** What a place in the vectors stands for: a token, or its number where it stands for none. */
  String name(int index);

  /** {@link io.lanewise.task.Task#warmUp}. */
  void warmUp();

  @Override
  void close();
}
