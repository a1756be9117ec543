package io.lanewise.model;

import io.lanewise.nn.attention.KeyValueCache;

/**
 * The keys and values of the tokens that a decoder has seen, so that each call looks at the new
 * tokens only; and those of the encoder, which never change. {@link Model#newCache} and {@link
 * Model#initCache} make it.
 *
 * <pre>{@code
 * try (var model = Model.load(Path.of("bart-large-cnn"));
 *     var cache = model.newCache()) {
 *   var states = model.encode(Inputs.ids(new long[][] {{0, 31414, 2}})).lastHiddenState();
 *   var first =
 *       Inputs.of(Map.of("encoder_outputs.last_hidden_state", states))
 *           .with("decoder_input_ids", new long[][] {{2}});
 *   var second = Inputs.of(Map.of()).with("decoder_input_ids", new long[][] {{0}});
 *   model.decode(first, cache);
 *   model.decode(second, cache); // the encoder's part is known
 *   System.out.println(cache.tokens()); // 2
 * }
 * }</pre>
 *
 * <p>It belongs to the caller, who gives it to one call after the other and closes it in the end.
 * It does not depend on the model's life. One thread at a time. A call that fails leaves it as it
 * was.
 *
 * <p>A growing cache takes more memory when it is full; what is there never moves. One with slots,
 * as Flax makes them, has all its room from the start; attention then runs over all slots, and the
 * mask hides those that are not filled.
 */
public final class DecoderCache implements AutoCloseable {
  private final KeyValueCache internal;

  DecoderCache(KeyValueCache internal) {
    this.internal = internal;
  }

  /** What the layers write to. */
  KeyValueCache internal() {
    return internal;
  }

  /** Sequences; 0 before the first call. */
  public int batch() {
    return internal.batch();
  }

  /** Tokens of each sequence so far; Flax calls it {@code cache_index}. */
  public int tokens() {
    return internal.tokens();
  }

  /** Slots of each sequence, 0 for a cache that grows. */
  public int slots() {
    return internal.slots();
  }

  /** Bytes held outside the heap. */
  public long bytes() {
    return internal.bytes();
  }

  /**
   * Chooses among the sequences: i becomes what {@code from[i]} was. A beam search goes on with its
   * best beams so, and a batch loses its finished sequences. Nothing is copied: sequences share
   * what they were.
   *
   * @param from each in [0, batch)
   */
  public void select(int[] from) {
    internal.select(from);
  }

  /** Frees the memory; a second call does nothing. */
  @Override
  public void close() {
    internal.close();
  }
}
