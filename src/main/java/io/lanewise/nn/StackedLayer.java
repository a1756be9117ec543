package io.lanewise.nn;

import io.lanewise.memory.Matrix;
import io.lanewise.nn.attention.CrossAttention;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.DenseAttention;
import org.jspecify.annotations.Nullable;

/** One layer of a stack that may be a decoder, wherever its norms stand. */
public sealed interface StackedLayer permits DecoderLayer, PreNormDecoderLayer {
  /** The attention of the tokens to each other. */
  DenseAttention attention();

  /** Cross attention; null in a decoder that stands alone. */
  @Nullable CrossAttention cross();

  /**
   * Applies the layer.
   *
   * @param x [batch * tokens, hidden]
   * @param layer its number in the stack, counted from 0
   * @param read the tokens that are read, in the last layer of a stack, where nothing is dropped
   *     and nothing kept in the trace; null for all
   * @param y [read, hidden], written; may be x where all are read
   */
  void apply(Pass pass, Matrix x, Decoding call, int layer, @Nullable ReadTokens read, Matrix y);

  /** Whether the layer looks at an encoder or a cache in this call. */
  default boolean looksBeyond(Decoding call) {
    return (cross() != null && call.source() != null) || call.cache() != null;
  }

  /**
   * Cross attention of a call with a source.
   *
   * @param h [batch * tokens, hidden]
   * @param c [batch * tokens, hidden], written
   */
  default void lookAtSource(Pass pass, Matrix h, Decoding call, int layer, Matrix c) {
    var source = call.source();
    cross()
        .apply(
            pass,
            h,
            call.batch(),
            cross().projected(pass, call, layer),
            source.batch(),
            source.tokens(),
            source.mask(),
            call.crossHeadMask(layer),
            call.past(),
            c);
  }
}
