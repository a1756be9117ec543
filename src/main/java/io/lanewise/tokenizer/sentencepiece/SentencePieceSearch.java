package io.lanewise.tokenizer.sentencepiece;

import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.subword.CharTrie;
import java.util.Arrays;

/**
 * Finds the most probable segmentation (Model::EncodeOptimized in SentencePiece's
 * unigram_model.cc). Ties are resolved as there: sums are floats, starts go from left to right,
 * pieces from short to long.
 */
public final class SentencePieceSearch {
  private static final int UNREACHED = -1;

  private final CharTrie trie;
  private final float[] scores;
  private final float unknownScore;
  private final int unknown;

  SentencePieceSearch(SentencePieceModel model) {
    this.trie = model.trie;
    this.scores = model.pathScores;
    this.unknownScore = model.unknownScore;
    this.unknown = model.unknown;
  }

  /** Receives the pieces. */
  public interface Listener {
    /** A piece [from, to) of the normalized text. */
    void piece(int id, int from, int to);
  }

  /**
   * Splits a normalized text into its most probable pieces; consecutive unknown pieces become one.
   */
  void segment(AlignedText text, Listener listener) {
    int length = text.length;
    if (length == 0) {
      return;
    }
    var best = new float[length + 1];
    var start = new int[length + 1];
    var id = new int[length + 1];
    Arrays.fill(start, UNREACHED);
    search(text.chars, length, best, start, id);
    var cuts = new int[length + 1];
    int count = 0;
    for (int end = length; end > 0; end = start[end]) {
      cuts[count++] = end;
    }
    int from = 0;
    for (int i = count - 1; i >= 0; i--) {
      int to = cuts[i];
      int piece = id[to];
      if (piece == unknown) {
        while (i > 0 && id[cuts[i - 1]] == unknown) {
          i--;
          to = cuts[i];
        }
      }
      listener.piece(piece, from, to);
      from = to;
    }
  }

  private void search(char[] chars, int length, float[] best, int[] start, int[] id) {
    for (int at = 0; at < length; ) {
      float here = best[at];
      int first = Character.charCount(Character.codePointAt(chars, at, length));
      boolean single = false;
      int state = CharTrie.ROOT;
      for (int end = at; end < length; ) {
        state = trie.step(state, chars[end]);
        if (state == CharTrie.DEAD) {
          break;
        }
        end++;
        int piece = trie.value(state);
        if (piece != CharTrie.NONE) {
          float score = here + scores[piece];
          if (start[end] == UNREACHED || score > best[end]) {
            best[end] = score;
            start[end] = at;
            id[end] = piece;
          }
          single |= end - at == first;
        }
      }
      if (!single) {
        int end = at + first;
        float score = here + unknownScore;
        if (start[end] == UNREACHED || score > best[end]) {
          best[end] = score;
          start[end] = at;
          id[end] = unknown;
        }
      }
      at += first;
    }
  }
}
