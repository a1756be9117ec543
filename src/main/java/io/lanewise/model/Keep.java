package io.lanewise.model;

/** What a forward pass keeps besides its result. */
public enum Keep {
  /** The embeddings and the output of each layer, {@code hidden_states}. */
  HIDDEN_STATES,
  /** The attention probabilities of each layer, {@code attentions}, {@code cross_attentions}. */
  ATTENTIONS,
  /**
   * The keys and values of a decoder's layers, {@code past_key_values}; what {@code use_cache} asks
   * for. A model without decoder has none.
   */
  PAST_KEY_VALUES
}
