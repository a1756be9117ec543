package io.lanewise.tokenizer.split;

import java.lang.Character.UnicodeScript;

/**
 * {@code UnicodeScripts} (pre_tokenizers/unicode_scripts/pre_tokenizer.rs): one piece for each run
 * of one script. Japanese kana count as Han; spaces and unassigned characters belong to the run
 * before them. Text before the first character with a script is removed.
 */
public record ScriptRuns() implements PreTokenizer {
  @Override
  public SplitText apply(SplitText pieces) {
    var cut = new SplitText(pieces.text);
    for (int p = 0; p < pieces.count(); p++) {
      if (pieces.token(p) == SplitText.OPEN) {
        split(pieces.from(p), pieces.to(p), cut);
      } else {
        cut.add(pieces.from(p), pieces.to(p), pieces.token(p));
      }
    }
    return cut;
  }

  private static void split(int from, int to, SplitText cut) {
    char[] chars = cut.text.chars;
    int start = -1;
    UnicodeScript last = null;
    for (int i = from; i < to; ) {
      int c = Character.codePointAt(chars, i, to);
      var script = ScriptTable.of(c);
      if (script != null && script != last) {
        if (start >= 0) {
          cut.add(start, i);
        }
        start = i;
        last = script;
      }
      i += Character.charCount(c);
    }
    if (start >= 0) {
      cut.add(start, to);
    }
  }
}
