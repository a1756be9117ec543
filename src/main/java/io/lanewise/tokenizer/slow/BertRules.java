package io.lanewise.tokenizer.slow;

import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.normalize.CodePoints;
import io.lanewise.tokenizer.normalize.Composition;
import io.lanewise.tokenizer.normalize.Decomposition;
import io.lanewise.tokenizer.subword.CharTrie;
import java.text.Normalizer.Form;
import java.util.List;

/**
 * The word splitting of BERT's slow tokenizer: {@code BasicTokenizer} in Hugging Face's
 * tokenization_bert.py, with the JDK's Unicode tables, which are those of Python 3.14.
 */
public final class BertRules {
  private final boolean basic;
  private final boolean lowerCase;
  private final boolean stripAccents;
  private final boolean spaceIdeographs;
  private final CharTrie neverSplit;
  private final Composition composition = new Composition(Form.NFC, false);
  private final Decomposition decomposition = new Decomposition(Form.NFD, false);

  /**
   * @param basic {@code do_basic_tokenize}; without it only white space separates words
   * @param lowerCase {@code do_lower_case}
   * @param stripAccents {@code strip_accents}; if that is null, do_lower_case
   * @param spaceIdeographs {@code tokenize_chinese_chars}
   * @param neverSplit words that do not change
   */
  public BertRules(
      boolean basic,
      boolean lowerCase,
      boolean stripAccents,
      boolean spaceIdeographs,
      List<String> neverSplit) {
    this.basic = basic;
    this.lowerCase = lowerCase;
    this.stripAccents = stripAccents;
    this.spaceIdeographs = spaceIdeographs;
    this.neverSplit = CharTrie.of(neverSplit.toArray(String[]::new), new int[neverSplit.size()]);
  }

  boolean lowerCase() {
    return lowerCase;
  }

  /** Receives the words. */
  interface Listener {
    /** A word [from, to) of a text. */
    void word(AlignedText text, int from, int to);
  }

  /** Splits a part of the text without added tokens into words. */
  void words(AlignedText part, Listener listener) {
    var text = part;
    if (basic) {
      var cleaned = new AlignedText(part.length + 16);
      clean(part, cleaned);
      text = new AlignedText(cleaned.length);
      composition.apply(cleaned, text);
    }
    int from = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i == text.length || CodePoints.isPythonSpace(text.chars[i])) {
        if (i > from) {
          word(text, from, i, listener);
        }
        from = i + 1;
      }
    }
  }

  private void word(AlignedText text, int from, int to, Listener listener) {
    if (!basic || neverSplit.get(text.chars, from, to) != CharTrie.NONE) {
      listener.word(text, from, to);
    } else if (stripAccents && !isAscii(text, from, to)) {
      var bare = bare(text, from, to);
      cut(bare, 0, bare.length, listener);
    } else {
      cut(text, from, to, listener);
    }
  }

  /** Splits at punctuation; each punctuation character is a word. */
  private static void cut(AlignedText text, int from, int to, Listener listener) {
    int start = from;
    for (int i = from; i < to; ) {
      int c = Character.codePointAt(text.chars, i, to);
      int next = i + Character.charCount(c);
      if (c < 0x80 ? CodePoints.isAsciiPunctuation(c) : CodePoints.isPunctuation(c)) {
        if (i > start) {
          listener.word(text, start, i);
        }
        listener.word(text, i, next);
        start = next;
      }
      i = next;
    }
    if (to > start) {
      listener.word(text, start, to);
    }
  }

  private static boolean isAscii(AlignedText text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.chars[i] >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private AlignedText bare(AlignedText text, int from, int to) {
    var word = new AlignedText(to - from);
    word.append(text, from, to);
    var decomposed = new AlignedText(word.length + 16);
    decomposition.apply(word, decomposed);
    var bare = new AlignedText(decomposed.length);
    for (int i = 0; i < decomposed.length; ) {
      int c = decomposed.codePointAt(i);
      int next = i + Character.charCount(c);
      if (Character.getType(c) != Character.NON_SPACING_MARK) {
        bare.append(decomposed, i, next);
      }
      i = next;
    }
    return bare;
  }

  private void clean(AlignedText source, AlignedText target) {
    for (int i = 0; i < source.length; ) {
      int c = source.codePointAt(i);
      int start = source.starts[i];
      int end = source.ends[i];
      i += Character.charCount(c);
      if (isSpace(c)) {
        target.append(' ', start, end);
        continue;
      }
      // before the test for ideographs, because their blocks have unassigned code points
      if (isRemoved(c)) {
        continue;
      }
      boolean spaced = spaceIdeographs && CodePoints.isIdeograph(c);
      if (spaced) {
        target.append(' ', start, end);
      }
      target.appendCodePoint(c, start, end);
      if (spaced) {
        target.append(' ', start, end);
      }
    }
  }

  private static boolean isSpace(int c) {
    return c == ' '
        || c == '\t'
        || c == '\n'
        || c == '\r'
        || Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  /** Category C, including unassigned characters, and U+FFFD (BasicTokenizer._clean_text). */
  private static boolean isRemoved(int c) {
    return c == 0
        || c == 0xFFFD
        || CodePoints.isControl(c)
        || Character.getType(c) == Character.UNASSIGNED;
  }
}
