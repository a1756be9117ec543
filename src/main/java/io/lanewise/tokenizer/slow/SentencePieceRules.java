package io.lanewise.tokenizer.slow;

/**
 * What a slow class does around SentencePiece.
 *
 * @param lowerCase {@code do_lower_case} of DeBERTa-v2
 * @param splitPunctuation {@code split_by_punct} of DeBERTa-v2: punctuation and what is between is
 *     encoded each for itself
 * @param newer {@code legacy=False} of T5: a mark is put before the text, not before each part
 * @param prefixSpace {@code add_prefix_space} of T5, for the newer way
 * @param spareSpecials whether decoding sets special tokens apart with a space
 * @param ownUnknown whether an unknown piece has the model's own id, whatever the unknown token is
 */
public record SentencePieceRules(
    boolean lowerCase,
    boolean splitPunctuation,
    boolean newer,
    boolean prefixSpace,
    boolean spareSpecials,
    boolean ownUnknown) {}
