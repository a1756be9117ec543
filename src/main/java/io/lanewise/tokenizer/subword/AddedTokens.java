package io.lanewise.tokenizer.subword;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.normalize.CodePoints;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Finds added tokens in a text: from left to right, the longest at each position ({@code
 * AddedVocabulary::find_matches} in tokenizer/added_vocabulary.rs of Hugging Face's tokenizers
 * library).
 *
 * <p>A table has the characters that can begin a token, so that ordinary text costs one look-up per
 * unit.
 */
public final class AddedTokens {
  private static final int LONGEST = CharTrie.LONGEST;

  private final AddedToken[] tokens;
  private final CharTrie trie;
  private final boolean[] begins = new boolean[256];
  private final boolean wideBegins;
  private final IntPredicate space;

  private AddedTokens(AddedToken[] tokens, CharTrie trie, IntPredicate space) {
    this.tokens = tokens;
    this.trie = trie;
    this.space = space;
    boolean wide = false;
    for (var token : tokens) {
      char first = token.content().charAt(0);
      if (first < begins.length) {
        begins[first] = true;
      } else {
        wide = true;
      }
    }
    this.wideBegins = wide;
  }

  /**
   * Prepares the search for some added tokens, by the rules of fast tokenizers.
   *
   * @throws TokenizerException if a token is longer than 1,024 UTF-16 units
   */
  public static AddedTokens of(List<AddedToken> all) {
    return of(all, CodePoints::isWhiteSpace);
  }

  /**
   * Prepares the search for some added tokens.
   *
   * @param space the UTF-16 units that a token may strip from the text beside it
   * @throws TokenizerException if a token is longer than 1,024 UTF-16 units
   */
  public static AddedTokens of(List<AddedToken> all, IntPredicate space) {
    var tokens = all.stream().filter(t -> !t.content().isEmpty()).toArray(AddedToken[]::new);
    var contents = new String[tokens.length];
    var positions = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      contents[i] = tokens[i].content();
      positions[i] = i;
      if (contents[i].length() > LONGEST) {
        throw new TokenizerException(
            "the added token "
                + contents[i].substring(0, 40)
                + "... has "
                + contents[i].length()
                + " characters; at most "
                + LONGEST
                + " are possible");
      }
    }
    return new AddedTokens(tokens, CharTrie.of(contents, positions), space);
  }

  public boolean isEmpty() {
    return tokens.length == 0;
  }

  /** Receives the pieces. */
  public interface Listener {
    /** A piece [from, to) of the text; the token is null for text between tokens. */
    void piece(AddedToken token, int from, int to);
  }

  /** Splits [from, to) of the text into tokens and the text between them. */
  public void find(char[] chars, int from, int to, Listener listener) {
    int done = from;
    int i = from;
    while (i < to) {
      char c = chars[i];
      if (c < begins.length ? !begins[c] : !wideBegins) {
        i++;
        continue;
      }
      int found = longest(chars, i, to);
      if (found == CharTrie.NONE) {
        i++;
        continue;
      }
      var token = tokens[found];
      int start = i;
      int end = i + token.content().length();
      i = end;
      if (token.singleWord() && !standsAlone(chars, from, start, end, to)) {
        continue;
      }
      if (token.stripLeft()) {
        while (start > done && space.test(chars[start - 1])) {
          start--;
        }
      }
      if (token.stripRight()) {
        while (end < to && space.test(chars[end])) {
          end++;
        }
        i = end;
      }
      if (done < start) {
        listener.piece(null, done, start);
      }
      listener.piece(token, start, end);
      done = end;
    }
    if (done < to) {
      listener.piece(null, done, to);
    }
  }

  private int longest(char[] chars, int from, int to) {
    int found = CharTrie.NONE;
    int state = CharTrie.ROOT;
    for (int i = from; i < to; i++) {
      state = trie.step(state, chars[i]);
      if (state == CharTrie.DEAD) {
        break;
      }
      int value = trie.value(state);
      if (value != CharTrie.NONE) {
        found = value;
      }
    }
    return found;
  }

  private static boolean standsAlone(char[] chars, int from, int start, int end, int to) {
    return (start == from || !CodePoints.isWord(Character.codePointBefore(chars, start, from)))
        && (end == to || !CodePoints.isWord(Character.codePointAt(chars, end, to)));
  }
}
