package io.lanewise.family.stack;

import io.lanewise.InputException;
import io.lanewise.memory.MemoryBudget;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Output;
import io.lanewise.model.PastKeyValues;
import io.lanewise.nn.attention.KeyValueCache;
import java.util.Set;

/**
 * What a cache must be like to fit a decoder.
 *
 * @param layers of the decoder
 * @param heads of a layer
 * @param headSize features of a head
 * @param longest tokens that a sequence may have
 * @param pastBesideLoss whether a call with labels gives {@code past_key_values} too; most of
 *     Hugging Face's language models leave them out then
 */
public record DecoderShape(
    int layers, int heads, int headSize, int longest, boolean pastBesideLoss) {
  /** An empty cache that grows. */
  public KeyValueCache cache(MemoryBudget budget) {
    return KeyValueCache.growing(layers, heads, headSize, budget);
  }

  /** An empty cache with a fixed number of slots. */
  public KeyValueCache slots(int batch, int slots, MemoryBudget budget) {
    if (batch < 1 || slots < 1 || slots > longest) {
      throw new InputException(
          "max_length: a cache of "
              + batch
              + " × "
              + slots
              + " tokens cannot be: at least one sequence and one token, at most "
              + longest
              + " tokens (max_position_embeddings)");
    }
    return KeyValueCache.slots(layers, heads, headSize, batch, slots, budget);
  }

  /** A call of a decoder. */
  @FunctionalInterface
  public interface Call {
    /**
     * Runs it.
     *
     * @param inputs without {@code past_key_values}
     * @param cache null for none
     */
    Output with(Inputs inputs, KeyValueCache cache);
  }

  /**
   * Runs a call with the cache that it needs: the caller's, one made from {@code past_key_values}
   * among the inputs, an empty one if the past is to be kept, or none.
   *
   * @param given the caller's cache; null for none
   * @param budget for a cache of its own
   */
  public Output run(
      Inputs inputs, KeyValueCache given, Set<Keep> keep, MemoryBudget budget, Call call) {
    boolean keeps = keep.contains(Keep.PAST_KEY_VALUES) && (pastBesideLoss || !hasLabels(inputs));
    boolean past = PastKeyValues.areIn(inputs);
    if (given != null) {
      if (past) {
        throw new InputException("past_key_values: they were given beside a cache: leave one out");
      }
      check(given);
      return run(inputs, given, keeps, call);
    }
    if (!past && !keeps) {
      return call.with(inputs, null);
    }
    try (var cache = past ? PastKeyValues.read(inputs, this, budget) : cache(budget)) {
      return run(PastKeyValues.without(inputs), cache, keeps, call);
    }
  }

  private static boolean hasLabels(Inputs inputs) {
    return inputs.get("labels") != null
        || (inputs.get("start_positions") != null && inputs.get("end_positions") != null);
  }

  private static Output run(Inputs inputs, KeyValueCache cache, boolean keeps, Call call) {
    var output = call.with(inputs, cache);
    cache.commit();
    return keeps ? output.with(output.states().withPast(PastKeyValues.of(cache))) : output;
  }

  /** The call of a model that is no decoder, which takes no past. */
  public static Output runWithout(Inputs inputs, KeyValueCache given, Call call) {
    if (given != null || PastKeyValues.areIn(inputs)) {
      throw new InputException("past_key_values: this model is no decoder (is_decoder)");
    }
    return call.with(inputs, null);
  }

  /** Refuses a cache of another model. */
  private void check(KeyValueCache cache) {
    if (cache.layers() != layers || cache.heads() != heads || cache.headSize() != headSize) {
      throw new InputException(
          "past_key_values: the cache is made for "
              + cache.layers()
              + " layers of "
              + cache.heads()
              + " × "
              + cache.headSize()
              + ", the decoder has "
              + layers
              + " of "
              + heads
              + " × "
              + headSize
              + ": use a cache of this model");
    }
  }
}
