package io.lanewise.tokenizer.slow;

/**
 * The rules of a slow class besides SentencePiece.
 *
 * @param lowerCase {@code do_lower_case} of DeBERTa-v2
 * @param splitPunctuation {@code split_by_punct} of DeBERTa-v2: each punctuation character and each
 *     text between them is encoded separately
 * @param newer {@code legacy=False} of T5: a mark is put before the text, not before each part
 * @param prefixSpace {@code add_prefix_space} of T5, with {@code legacy=False}
 * @param spareSpecials whether decoding separates special tokens by spaces
 * @param ownUnknown whether an unknown piece has the model's own unknown id, even if the unknown
 *     token is another one
 */
public record SentencePieceRules(
    boolean lowerCase,
    boolean splitPunctuation,
    boolean newer,
    boolean prefixSpace,
    boolean spareSpecials,
    boolean ownUnknown) {}
