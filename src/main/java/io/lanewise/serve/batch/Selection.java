package io.lanewise.serve.batch;

import java.util.ArrayList;
import java.util.List;

/**
 * Which sequences share the next pass. The piece that has waited longest always gets on. Each piece
 * gets one sequence in the order of waiting, then so many as its equal share of the pass holds, and
 * what room is left goes to those in front: a large request fills passes that nobody else needs,
 * and takes no more than its share where others wait.
 */
final class Selection {
  /**
   * How much longer a pass may look by its padding than it is. Padding is not computed, but results
   * have room for it.
   */
  private static final int PADDED = 4;

  /**
   * The next sequences of a piece.
   *
   * @param count at least 1
   */
  record Take(Piece piece, int count) {}

  private final List<Piece> pieces;
  private final int[] counts;
  private final long[] held;
  private final long budget;
  private long tokens;
  private int rows;
  private int longest;

  private Selection(List<Piece> pieces, long budget) {
    this.pieces = pieces;
    this.counts = new int[pieces.size()];
    this.held = new long[pieces.size()];
    this.budget = budget;
  }

  /**
   * Chooses among pieces.
   *
   * @param waiting the one that has waited longest first, not empty
   * @param budget tokens of a pass; a sequence that is longer goes alone
   */
  static List<Take> of(List<Piece> waiting, long budget) {
    var kind = waiting.getFirst().kind();
    var alike = waiting.stream().filter(piece -> piece.kind().equals(kind)).toList();
    var selection = new Selection(alike, budget);
    selection.take(0); // it fits an empty pass, whatever its length
    for (int i = 1; i < alike.size(); i++) {
      selection.takeWhile(i, 1, Long.MAX_VALUE);
    }
    long share = budget / alike.size();
    for (int i = 0; i < alike.size(); i++) {
      selection.takeWhile(i, Integer.MAX_VALUE, share);
    }
    for (int i = 0; i < alike.size(); i++) {
      selection.takeWhile(i, Integer.MAX_VALUE, Long.MAX_VALUE);
    }
    return selection.takes();
  }

  private void takeWhile(int piece, int most, long share) {
    while (counts[piece] < Math.min(most, pieces.get(piece).left())) {
      int length = pieces.get(piece).length(counts[piece]);
      long padded = (rows + 1L) * Math.max(longest, length);
      if (tokens + length > budget || held[piece] + length > share || padded > PADDED * budget) {
        return;
      }
      take(piece);
    }
  }

  private void take(int piece) {
    int length = pieces.get(piece).length(counts[piece]);
    counts[piece]++;
    held[piece] += length;
    tokens += length;
    longest = Math.max(longest, length);
    rows++;
  }

  private List<Take> takes() {
    var takes = new ArrayList<Take>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        takes.add(new Take(pieces.get(i), counts[i]));
      }
    }
    return takes;
  }
}
