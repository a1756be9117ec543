package io.lanewise.tokenizer.subword;

/**
 * An added token: it is found in the text before the rest is split by the model ({@code AddedToken}
 * of tokenizer/added_vocabulary.rs in Hugging Face's tokenizers library).
 *
 * @param id its id
 * @param content its text
 * @param singleWord found only if it is not part of a longer word
 * @param stripLeft includes the white space before it
 * @param stripRight includes the white space after it
 * @param normalized searched in the normalized text, not in the original one
 * @param special omitted when decoding skips special tokens
 */
public record AddedToken(
    int id,
    String content,
    boolean singleWord,
    boolean stripLeft,
    boolean stripRight,
    boolean normalized,
    boolean special) {
  /** Found wherever it stands, white space around it left alone. */
  public AddedToken plain() {
    return new AddedToken(id, content, false, false, false, normalized, special);
  }
}
