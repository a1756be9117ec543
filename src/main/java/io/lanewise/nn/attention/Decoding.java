package io.lanewise.nn.attention;

import io.lanewise.memory.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call that all layers of a decoder share.
 *
 * @param batch sequences
 * @param mask of the call's tokens as queries; its keys are those of the cache and the call
 * @param headMask factors of the heads of each layer, [layers][heads]; null for none
 * @param source the keys and values of cross attention; null for none
 * @param crossHeadMask as headMask, for cross attention
 * @param cache tokens of earlier calls, with room for this one's; null for none
 */
public record Decoding(
    int batch,
    Mask mask,
    float @Nullable [][] headMask,
    @Nullable Source source,
    float @Nullable [][] crossHeadMask,
    @Nullable KeyValueCache cache) {
  /**
   * The result of an encoder.
   *
   * @param states [batch * tokens, hidden]; null if the cache holds their keys and values
   * @param batch sequences; the decoder's are a multiple of them
   * @param tokens of a sequence
   * @param mask of its tokens as keys
   */
  public record Source(@Nullable Matrix states, int batch, int tokens, Mask mask) {}

  /** The arguments of an encoder: every token attends to all tokens that are not masked. */
  public static Decoding of(int batch, Mask mask, float @Nullable [][] headMask) {
    return new Decoding(batch, mask, headMask, null, null, null);
  }

  public float[] headMask(int layer) {
    return headMask == null ? null : headMask[layer];
  }

  public float[] crossHeadMask(int layer) {
    return crossHeadMask == null ? null : crossHeadMask[layer];
  }

  /** Number of tokens of earlier calls. */
  public int past() {
    return cache == null ? 0 : cache.tokens();
  }
}
