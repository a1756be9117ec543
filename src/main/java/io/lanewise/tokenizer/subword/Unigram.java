package io.lanewise.tokenizer.subword;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.normalize.AlignedText;
import java.util.Arrays;

/**
 * {@code Unigram}: a unigram language model that selects the segmentation with the largest sum of
 * log probabilities (Viterbi; Kudo, "Subword Regularization", 2018).
 *
 * <p>Ties are resolved as in {@code Unigram::encode_optimized} (models/unigram/model.rs in Hugging
 * Face's tokenizers library): sums are doubles, starts go from left to right, pieces from short to
 * long, and only a strictly larger sum replaces an older one.
 */
public final class Unigram implements SubwordModel {
  /** Difference between the lowest score of a piece and the score of an unknown character. */
  private static final double UNKNOWN_PENALTY = 10;

  private static final int UNREACHED = -1;

  private final String[] pieces;
  private final double[] scores;
  private final CharTrie trie;
  private final int unknown;
  private final double unknownScore;

  /**
   * @param pieces the pieces by id
   * @param scores their log probabilities
   * @param unknown the id of the unknown piece; -1 for none
   */
  public Unigram(String[] pieces, double[] scores, int unknown) {
    this.pieces = pieces;
    this.scores = scores;
    this.unknown = unknown;
    double least = Double.POSITIVE_INFINITY;
    var ids = new int[pieces.length];
    for (int id = 0; id < ids.length; id++) {
      ids[id] = id;
      least = Math.min(least, scores[id]);
    }
    this.unknownScore = least - UNKNOWN_PENALTY;
    this.trie = CharTrie.of(pieces, ids);
  }

  /**
   * The best path to each position of the word: its score, and the start and id of its last piece.
   */
  private static final class Lattice implements Scratch {
    private double[] best = new double[64];
    private int[] start = new int[64];
    private int[] id = new int[64];

    void begin(int length) {
      if (length >= best.length) {
        int capacity = Math.max(length + 1, best.length * 2);
        best = new double[capacity];
        start = new int[capacity];
        id = new int[capacity];
      }
      Arrays.fill(start, 0, length + 1, UNREACHED);
      best[0] = 0;
    }
  }

  @Override
  public Scratch scratch() {
    return new Lattice();
  }

  @Override
  public String[] pieces() {
    return pieces;
  }

  @Override
  public void encode(
      AlignedText text, int from, int to, int word, TokenBuffer tokens, Scratch scratch) {
    var lattice = (Lattice) scratch;
    search(text.chars, from, to, lattice);
    collect(text, from, to, word, tokens, lattice);
  }

  private void search(char[] chars, int from, int to, Lattice lattice) {
    int length = to - from;
    lattice.begin(length);
    double[] best = lattice.best;
    int[] start = lattice.start;
    int[] id = lattice.id;
    int at = 0;
    while (at < length) {
      double here = best[at];
      int first = Character.charCount(Character.codePointAt(chars, from + at, to));
      boolean single = false;
      int state = CharTrie.ROOT;
      for (int end = at; end < length; ) {
        state = trie.step(state, chars[from + end]);
        if (state == CharTrie.DEAD) {
          break;
        }
        end++;
        int piece = trie.value(state);
        if (piece != CharTrie.NONE) {
          double score = here + scores[piece];
          if (start[end] == UNREACHED || score > best[end]) {
            best[end] = score;
            start[end] = at;
            id[end] = piece;
          }
          single |= end - at == first;
        }
      }
      if (!single) {
        if (unknown < 0) {
          throw new TokenizerException(
              "the vocabulary has no piece for "
                  + new String(chars, from + at, first)
                  + " and no unknown token");
        }
        int end = at + first;
        double score = here + unknownScore;
        if (start[end] == UNREACHED || score > best[end]) {
          best[end] = score;
          start[end] = at;
          id[end] = unknown;
        }
      }
      at += first;
    }
  }

  /**
   * Follows the path back from the end, then adds its tokens in order; consecutive unknown pieces
   * become one token.
   */
  private void collect(
      AlignedText text, int from, int to, int word, TokenBuffer tokens, Lattice lattice) {
    int[] start = lattice.start;
    int[] id = lattice.id;
    // Reverse the links: start[p] becomes the end of the piece that begins at p.
    int end = to - from;
    int piece = id[end];
    int begin = start[end];
    while (true) {
      int nextBegin = begin == 0 ? UNREACHED : start[begin];
      int nextPiece = id[begin];
      start[begin] = end;
      id[begin] = piece;
      if (begin == 0) {
        break;
      }
      end = begin;
      begin = nextBegin;
      piece = nextPiece;
    }
    int length = to - from;
    for (int at = 0; at < length; ) {
      int next = start[at];
      int found = id[at];
      if (found == unknown) {
        while (next < length && id[next] == unknown) {
          next = start[next];
        }
      }
      int first = from + at;
      int last = from + next;
      if (found == unknown) {
        String surface = text.substring(first, last);
        tokens.add(found, text.starts[first], text.ends[last - 1], word, surface);
      } else {
        tokens.add(found, text.starts[first], text.ends[last - 1], word);
      }
      at = next;
    }
  }
}
