package io.lanewise.tokenizer.sentencepiece;

import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.normalize.Charsmap;
import io.lanewise.tokenizer.subword.CharTrie;

/**
 * SentencePiece's own normalization (Normalizer::Normalize in normalizer.cc): the longest key of
 * the character map at every position is replaced; spaces are trimmed, collapsed and marked.
 * User-defined pieces do not change.
 */
final class SentencePieceNormalizer {
  private final SentencePieceFile file;
  private final Charsmap charsmap;
  private final CharTrie userDefined;

  SentencePieceNormalizer(SentencePieceModel model) {
    this.file = model.file;
    this.charsmap = model.charsmap;
    this.userDefined = model.userDefined;
  }

  /**
   * Normalizes a text: character map, spaces trimmed, collapsed and marked.
   *
   * @return the end of the source without the spaces that were removed at its end
   */
  int normalize(AlignedText source, AlignedText target) {
    boolean trim = file.removeExtraWhitespaces();
    int at = 0;
    var prefix = new Prefix();
    if (trim) {
      while (at < source.length) {
        prefix.read(source, at);
        if (!prefix.isSpace()) {
          break;
        }
        at += prefix.units;
      }
    }
    if (at == source.length) {
      return 0;
    }
    char space = file.escapeWhitespaces() ? SentencePiece.SPACE_MARK : ' ';
    if (file.addDummyPrefix() && !file.whitespaceAsSuffix()) {
      target.append(space, source.starts[at], source.ends[at]);
    }
    boolean afterSpace = trim;
    while (at < source.length) {
      prefix.read(source, at);
      int start = source.starts[at];
      int end = source.ends[at + prefix.units - 1];
      int count = prefix.count();
      int i = 0;
      while (afterSpace && i < count && prefix.get(i) == ' ') {
        i++;
      }
      for (; i < count; i++) {
        int c = prefix.get(i);
        target.appendCodePoint(c == ' ' ? space : c, start, end);
        afterSpace = c == ' ';
      }
      at += prefix.units;
      if (!trim) {
        afterSpace = false;
      }
    }
    int used = source.ends[source.length - 1];
    if (trim) {
      while (target.length > 0 && target.chars[target.length - 1] == space) {
        target.length--;
        used = target.starts[target.length];
      }
    }
    if (file.addDummyPrefix() && file.whitespaceAsSuffix()) {
      target.append(space, used, used);
    }
    return used;
  }

  /** The next part of a text that is normalized as a unit. */
  private final class Prefix {
    private int units;
    private int[] form;
    private AlignedText source;
    private int at;

    void read(AlignedText text, int from) {
      source = text;
      at = from;
      form = null;
      int verbatim = longestUserDefined(text, from);
      if (verbatim > 0) {
        units = verbatim;
        return;
      }
      var match = charsmap.longest(text.chars, from, text.length);
      if (match == null) {
        units = Character.charCount(text.codePointAt(from));
      } else {
        units = match.units();
        form = match.form();
      }
    }

    boolean isSpace() {
      return count() == 1 && get(0) == ' ';
    }

    /**
     * Number of items of {@link #get}: code points of a normal form, or units of unchanged text.
     */
    int count() {
      return form == null ? units : form.length;
    }

    int get(int i) {
      return form == null ? source.chars[at + i] : form[i];
    }
  }

  private int longestUserDefined(AlignedText text, int from) {
    int state = CharTrie.ROOT;
    int longest = 0;
    for (int i = from; i < text.length; i++) {
      state = userDefined.step(state, text.chars[i]);
      if (state == CharTrie.DEAD) {
        break;
      }
      if (userDefined.value(state) != CharTrie.NONE) {
        longest = i + 1 - from;
      }
    }
    return longest;
  }
}
