package io.lanewise.langchain4j;

import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts in pieces that a model takes. Neighbours share a quarter, so that what stands at a border
 * is read whole once.
 */
final class LongTexts {
  private final Tokenizer tokenizer;
  private final int longest;
  private final EncodeOptions whole;
  private final EncodeOptions windows;

  /**
   * @param longest tokens that a text may have, the special ones counted
   */
  LongTexts(Tokenizer tokenizer, int longest) {
    this.tokenizer = tokenizer;
    this.longest = longest;
    this.whole = tokenizer.options().withMaxLength(0).withPadding(false);
    int specials = tokenizer.specials().count(false);
    // A piece that begins inside a word can have more tokens than the window it was cut from.
    int room = Math.max(1, (longest - specials) / 4 * 3);
    this.windows = whole.withMaxLength(room + specials).withStride(room / 3);
  }

  /** The text itself where it fits, otherwise its pieces. */
  List<String> pieces(String text) {
    if (tokenizer.encode(text, whole).length() <= longest) {
      return List.of(text);
    }
    var pieces = new ArrayList<String>();
    for (var window : tokenizer.encodeWindows(text, windows)) {
      pieces.add(piece(text, window));
    }
    return pieces;
  }

  private static String piece(String text, Encoding window) {
    int from = text.length();
    int to = 0;
    for (int token = 0; token < window.length(); token++) {
      if (window.specialTokensMask()[token] == 0) {
        from = Math.min(from, window.starts()[token]);
        to = Math.max(to, window.ends()[token]);
      }
    }
    return from < to ? text.substring(from, to) : "";
  }
}
