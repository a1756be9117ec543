package io.lanewise.family.input;

import io.lanewise.InputException;
import io.lanewise.memory.Matrix;
import io.lanewise.nn.Pass;
import io.lanewise.nn.attention.Decoding;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.nn.attention.Mask;
import io.lanewise.tensor.Shape;
import java.util.List;

/**
 * The result of an encoder, checked, as a decoder's cross attention takes it in.
 *
 * @param states [batch * tokens * hidden]; null if a cache holds what is needed of them
 * @param batch sequences
 * @param tokens of a sequence
 * @param seen which of them count, [batch * tokens]; null for all
 * @param pairs which of them count for each token of the decoder, [batch * queries * tokens]; null
 *     if {@code seen} says it for all
 */
public record EncoderOutputs(float[] states, int batch, int tokens, float[] seen, float[] pairs) {
  /** Which of the encoder's tokens count, by its name where the states are an input. */
  public static final String MASK = "encoder_attention_mask";

  /** The inputs of a decoder that stands alone. */
  public static final List<String> NAMES = List.of("encoder_hidden_states", MASK);

  /** Reads {@link #NAMES}, the mask with a row for each token or not; null if there is nothing. */
  public static EncoderOutputs read(
      CheckedInputs request, InputTokens tokens, int hidden, KeyValueCache cache) {
    return read(
        request, NAMES.get(0), NAMES.get(1), tokens.batch(), tokens.length(), hidden, cache);
  }

  /**
   * Reads the states and their mask. A cache that knows them needs neither, and its own mask holds
   * unless another is given.
   *
   * @param batch sequences of the decoder
   * @param hidden features of a state
   * @param cache null for none
   * @return null if there is nothing to look at
   */
  public static EncoderOutputs read(
      CheckedInputs request,
      String name,
      String maskName,
      int batch,
      int hidden,
      KeyValueCache cache) {
    return read(request, name, maskName, batch, 0, hidden, cache);
  }

  private static EncoderOutputs read(
      CheckedInputs request,
      String name,
      String maskName,
      int batch,
      int queries,
      int hidden,
      KeyValueCache cache) {
    boolean given = request.has(name);
    boolean known = cache != null && cache.hasSource();
    if (!given && !known) {
      if (request.has(maskName)) {
        throw new InputException(maskName + ": " + name + " is missing, which it masks");
      }
      return null;
    }
    int sources = known ? cache.sourceBatch() : batch;
    int tokens = known ? cache.sourceTokens() : tokens(request.shape(name), name);
    var states = given ? request.floats(name, Shape.of(sources, tokens, hidden)) : null;
    checkGroups(sources, batch);
    float[] seen = known ? cache.sourceSeen() : null;
    float[] pairs = null;
    if (request.has(maskName)) {
      if (queries > 0 && sources == batch && request.shape(maskName).rank() == 3) {
        pairs = request.fractions(maskName, Shape.of(batch, queries, tokens));
      } else {
        seen = request.fractions(maskName, Shape.of(sources, tokens));
      }
    }
    return new EncoderOutputs(known ? null : states, sources, tokens, seen, pairs);
  }

  /**
   * The tokens that an encoder of the same model reads in this call; a cache that knows its source
   * must know it of as many tokens.
   *
   * @param batch sequences of the decoder
   * @param cache null for none
   */
  public static EncoderOutputs of(InputTokens text, int batch, KeyValueCache cache) {
    boolean known = cache != null && cache.hasSource();
    int sources = known ? cache.sourceBatch() : batch;
    if (text.batch() != sources || (known && text.length() != cache.sourceTokens())) {
      throw new InputException(
          "input_ids: they are "
              + text.batch()
              + " × "
              + text.length()
              + " tokens, "
              + (known
                  ? "the cache knows " + sources + " × " + cache.sourceTokens()
                  : "the decoder has " + batch + " sequences")
              + ": they must match");
    }
    checkGroups(sources, batch);
    float[] seen = text.seen() == null && known ? cache.sourceSeen() : text.seen();
    return new EncoderOutputs(null, sources, text.length(), seen, null);
  }

  private static int tokens(Shape shape, String name) {
    if (shape.rank() != 3 || shape.count() == 0) {
      throw new InputException(
          name + ": its shape is " + shape + ", it must be [batch, tokens, hidden]");
    }
    return shape.size(1);
  }

  private static void checkGroups(int sources, int batch) {
    if (batch % sources != 0) {
      throw new InputException(
          "past_key_values: "
              + batch
              + " sequences cannot share the "
              + sources
              + " of the encoder evenly");
    }
  }

  /** Puts the states where the layers find them. */
  public Decoding.Source source(Pass pass, int hidden, KeyValueCache cache) {
    return source(pass, null, hidden, cache);
  }

  /**
   * The same for states that an encoder has just made.
   *
   * @param made [batch * tokens, hidden]; null if there are none
   */
  public Decoding.Source source(Pass pass, Matrix made, int hidden, KeyValueCache cache) {
    if (cache != null) {
      cache.reserveSource(batch, tokens, seen);
    }
    var mask =
        pairs != null
            ? Mask.pairs(pass, pairs, batch, pairs.length / batch / tokens, tokens)
            : Mask.padding(pass, seen, batch, tokens);
    if (states == null) {
      return new Decoding.Source(made, batch, tokens, mask);
    }
    var matrix = pass.matrix(Math.multiplyExact(batch, tokens), hidden);
    matrix.copyFrom(states, 0);
    return new Decoding.Source(matrix, batch, tokens, mask);
  }
}
