package io.lanewise.tokenizer.subword;

/**
 * A token that is found in the text before the model sees it.
 *
 * @param id its id
 * @param content its text
 * @param singleWord only where it is not part of a longer word
 * @param stripLeft takes the white space before it too
 * @param stripRight takes the white space behind it too
 * @param normalized looked for in the normalized text, not in the original
 * @param special left out by decoding that skips special tokens
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
