package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.subword.AddedToken;
import java.util.Map;

/**
 * A token as a file or a class declares it, before it has an id: a bare text, or what Hugging Face
 * calls an {@code AddedToken}.
 *
 * @param content its text
 * @param singleWord found only if it is not part of a longer word
 * @param stripLeft includes the white space before it
 * @param stripRight includes the white space after it
 * @param normalized searched in the normalized text; null if not declared, which means true for
 *     tokens that are not special
 * @param special omitted when decoding skips special tokens
 * @param bare whether only the text was given
 */
public record DeclaredToken(
    String content,
    boolean singleWord,
    boolean stripLeft,
    boolean stripRight,
    Boolean normalized,
    boolean special,
    boolean bare) {

  /** Only a text. */
  static DeclaredToken bare(String content) {
    return new DeclaredToken(content, false, false, false, null, false, true);
  }

  /** {@code AddedToken(content)}. */
  static DeclaredToken added(String content) {
    return new DeclaredToken(content, false, false, false, null, false, false);
  }

  /** {@code AddedToken(content, lstrip=True)}. */
  static DeclaredToken stripping(String content) {
    return new DeclaredToken(content, false, true, false, null, false, false);
  }

  static DeclaredToken of(AddedToken token) {
    return new DeclaredToken(
        token.content(),
        token.singleWord(),
        token.stripLeft(),
        token.stripRight(),
        token.normalized(),
        token.special(),
        false);
  }

  /** A text, or an object with the members of an {@code AddedToken}. */
  static DeclaredToken read(JsonPart part) {
    if (part.node().isTextual()) {
      return bare(part.text());
    }
    var normalized = part.find("normalized");
    return new DeclaredToken(
        part.get("content").text(),
        part.bool("single_word", false),
        part.bool("lstrip", false),
        part.bool("rstrip", false),
        normalized.isNull() ? null : normalized.bool(),
        part.bool("special", false),
        false);
  }

  public DeclaredToken withSpecial(boolean value) {
    return new DeclaredToken(content, singleWord, stripLeft, stripRight, normalized, value, bare);
  }

  DeclaredToken withNormalized(boolean value) {
    return new DeclaredToken(content, singleWord, stripLeft, stripRight, value, special, bare);
  }

  /** The known token with this text; itself if there is none. */
  DeclaredToken orKnown(Map<String, DeclaredToken> known) {
    return known.getOrDefault(content, this);
  }

  /** The added token with this id and all defaults set. */
  public AddedToken at(int id) {
    boolean inNormalized = normalized == null ? !special : normalized;
    return new AddedToken(id, content, singleWord, stripLeft, stripRight, inNormalized, special);
  }
}
