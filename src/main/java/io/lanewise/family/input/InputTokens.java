package io.lanewise.family.input;

import io.lanewise.InputException;
import io.lanewise.nn.Pass;
import io.lanewise.nn.UnpaddedSequences;
import io.lanewise.nn.attention.KeyValueCache;
import io.lanewise.tensor.Shape;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sequences of one call, checked, as the encoders take them in. Multiple choice lays the
 * choices of an example one after the other, as sequences of their own.
 *
 * @param batch sequences
 * @param choices sequences of one example, 1 except for multiple choice
 * @param length tokens of a sequence
 * @param ids [batch * length]; null if the embeddings were given
 * @param embeddings word embeddings, [batch * length * features]; null if the ids were given
 * @param types token type ids, [batch * length]
 * @param positions [batch * length]; null if none were given
 * @param past tokens before these that a cache holds
 * @param keys that these tokens may look at: the cache's and their own, or all of its slots
 * @param seen the attention mask, [batch * keys]; null if none was given
 * @param pairs an attention mask for each token of its own, [batch * length * keys]; null if none
 *     was given
 * @param paddingUnread whether nobody reads a result of the padding
 */
public record InputTokens(
    int batch,
    int choices,
    int length,
    int[] ids,
    float[] embeddings,
    int[] types,
    int[] positions,
    int past,
    int keys,
    float[] seen,
    float[] pairs,
    boolean paddingUnread) {
  /**
   * What the sequences are checked against.
   *
   * @param vocabulary token ids are below it
   * @param features of a word embedding
   * @param types token type ids are below it
   * @param positions position ids are below it
   * @param longest tokens that a sequence may have when it numbers its positions itself
   * @param pairs whether there may be an attention mask for each token of its own
   */
  public record Limits(
      int vocabulary, int features, int types, int positions, int longest, boolean pairs) {
    /** A position for each token, and one attention mask for a sequence. */
    public Limits(int vocabulary, int features, int types, int positions) {
      this(vocabulary, features, types, positions, positions, false);
    }
  }

  /**
   * Reads the sequences.
   *
   * @param choices whether the inputs have a dimension for the choices, [batch, choices, length]
   */
  public static InputTokens read(CheckedInputs request, Limits limits, boolean choices) {
    return read(request, limits, choices, null);
  }

  /**
   * Reads sequences that go on where a cache ends.
   *
   * @param cache null for none
   */
  public static InputTokens read(
      CheckedInputs request, Limits limits, boolean choices, KeyValueCache cache) {
    return read(request, limits, choices, "", cache);
  }

  /**
   * Reads sequences whose inputs have names of their own.
   *
   * @param prefix what the names start with, {@code decoder_} in an encoder-decoder
   */
  public static InputTokens read(
      CheckedInputs request, Limits limits, boolean choices, String prefix, KeyValueCache cache) {
    var idsName = prefix + "input_ids";
    var embeddingsName = prefix + "inputs_embeds";
    boolean given = request.has(embeddingsName);
    if (given == request.has(idsName)) {
      var both = idsName + (given ? " and " : " nor ") + embeddingsName;
      throw new InputException(
          (given ? both + " were both given" : "neither " + both + " was given")
              + ": give one of them");
    }
    var name = given ? embeddingsName : idsName;
    int past = cache == null ? 0 : cache.tokens();
    var shape = sequences(request, name, given, choices);
    int length = shape.size(-1);
    checkLength(name, shape, limits, past, request.has(prefix + "position_ids"));
    var all = choices ? Shape.of(1, 1, length) : Shape.of(1, length); // one row for all sequences
    long rows = shape.count() / length;
    CheckedInputs.checkSize("the states", rows, length, limits.features());
    int batch = Math.toIntExact(rows);
    float[] embeddings = null;
    int[] ids = null;
    if (given) {
      var dims = Arrays.copyOf(shape.dims(), shape.rank() + 1);
      dims[shape.rank()] = limits.features();
      embeddings = request.floats(name, Shape.of(dims));
    } else {
      ids = request.integers(name, limits.vocabulary(), "vocab_size", shape);
    }
    int[] types = new int[batch * length];
    if (request.has("token_type_ids")) {
      var read = request.integers("token_type_ids", limits.types(), "type_vocab_size", shape, all);
      types = repeated(read, types.length);
    }
    int[] positions = null;
    if (request.has(prefix + "position_ids")) {
      var limit = "max_position_embeddings";
      var read = request.integers(prefix + "position_ids", limits.positions(), limit, shape, all);
      positions = repeated(read, types.length);
    }
    int keys = cache == null ? length : cache.visible(length);
    float[] seen = null;
    float[] pairs = null;
    var maskName = prefix + "attention_mask";
    if (request.has(maskName)) {
      if (limits.pairs() && !choices && request.shape(maskName).rank() == 3) {
        pairs = request.fractions(maskName, Shape.of(batch, length, keys));
      } else {
        var mask = request.fractions(maskName, longer(shape, keys), longer(all, keys));
        seen = repeated(mask, Math.multiplyExact(batch, keys));
      }
    }
    int perExample = choices ? shape.size(1) : 1;
    return new InputTokens(
        batch,
        perExample,
        length,
        ids,
        embeddings,
        types,
        positions,
        past,
        keys,
        seen,
        pairs,
        !request.reading().padding());
  }

  /** The shape without the features: [batch, length] or [batch, choices, length]. */
  private static Shape sequences(
      CheckedInputs request, String name, boolean given, boolean choices) {
    var shape = request.shape(name);
    int rank = choices ? 3 : 2;
    if (shape.rank() != (given ? rank + 1 : rank)) {
      throw new InputException(
          name
              + ": its shape is "
              + shape
              + ", it must be [batch, "
              + (choices ? "choices, " : "")
              + (given ? "tokens, features]" : "tokens]"));
    }
    return given ? Shape.of(Arrays.copyOf(shape.dims(), rank)) : shape;
  }

  /** The shape with another last dimension. */
  private static Shape longer(Shape shape, int last) {
    var dims = shape.dims();
    dims[dims.length - 1] = last;
    return Shape.of(dims);
  }

  private static void checkLength(
      String name, Shape shape, Limits limits, int past, boolean positionsGiven) {
    if (shape.count() == 0) {
      throw new InputException(name + ": " + shape + " holds no token: give at least one");
    }
    int longest = positionsGiven ? limits.positions() : limits.longest();
    if (shape.dim(-1) > longest - past) {
      throw new InputException(
          name
              + ": "
              + shape.dim(-1)
              + (past > 0 ? " tokens after " + past + " cached ones" : " tokens")
              + " are too many: "
              + longest
              + " fit, since max_position_embeddings is "
              + limits.positions()
              + ": shorten the sequence");
    }
  }

  private static int[] repeated(int[] values, int count) {
    if (values.length == count) {
      return values;
    }
    var result = new int[count];
    for (int i = 0; i < count; i += values.length) {
      System.arraycopy(values, 0, result, i, values.length);
    }
    return result;
  }

  private static float[] repeated(float[] values, int count) {
    if (values.length == count) {
      return values;
    }
    var result = new float[count];
    for (int i = 0; i < count; i += values.length) {
      System.arraycopy(values, 0, result, i, values.length);
    }
    return result;
  }

  /**
   * The same where a token is either seen or hidden: one that counts in part is hidden, as by
   * Hugging Face's masks that are filled instead of added.
   */
  public InputTokens withWholeMask() {
    if (seen == null) {
      return this;
    }
    var whole = new float[seen.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = seen[i] == 1 ? 1 : 0;
    }
    return new InputTokens(
        batch,
        choices,
        length,
        ids,
        embeddings,
        types,
        positions,
        past,
        keys,
        whole,
        pairs,
        paddingUnread);
  }

  /**
   * The sequences without their padding, for the layers of an encoder.
   *
   * @param readsPadding whether the head's results show what becomes of it
   * @return null if the padding goes through the layers like any token: there is none, or somebody
   *     may see what becomes of it
   */
  public UnpaddedSequences unpadded(Pass pass, boolean readsPadding) {
    boolean unread = paddingUnread || !readsPadding;
    boolean plain = past == 0 && pairs == null && pass.dropout().dropsNothing();
    return unread && plain && pass.trace().keepsNothing()
        ? UnpaddedSequences.of(seen, batch, length)
        : null;
  }

  /**
   * The tokens that go through embeddings and layers.
   *
   * @param sequences what is left without the padding; null for all tokens
   */
  public TokenRows rows(@Nullable UnpaddedSequences sequences) {
    return TokenRows.of(this, sequences);
  }
}
