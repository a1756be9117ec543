package io.lanewise.nn;

/**
 * The kinds of position embeddings: the values of {@code position_embedding_type}
 * (BertSelfAttention in Hugging Face's modeling_bert.py).
 */
public enum PositionType {
  /** A vector for each position, added to the embeddings. */
  ABSOLUTE,
  /** A vector for each distance, multiplied with the queries in every layer. */
  RELATIVE_KEY,
  /** The same, multiplied with the queries and with the keys. */
  RELATIVE_KEY_QUERY
}
