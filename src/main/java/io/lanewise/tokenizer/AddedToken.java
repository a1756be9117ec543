package io.lanewise.tokenizer;

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
  AddedToken withId(int newId) {
    return new AddedToken(newId, content, singleWord, stripLeft, stripRight, normalized, special);
  }

  AddedToken asSpecial() {
    return new AddedToken(id, content, singleWord, stripLeft, stripRight, normalized, true);
  }

  /** The same token, found everywhere and without the white space around it. */
  public AddedToken plain() {
    return new AddedToken(id, content, false, false, false, normalized, special);
  }
}
