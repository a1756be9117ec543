package io.lanewise.cli.output;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What somebody may have meant. */
final class EditDistance {
  private EditDistance() {}

  /**
   * The known word that differs least, by letters left out, put in, changed, or swapped with their
   * neighbours (the restricted distance of Damerau and Levenshtein); none if more than a third of
   * the letters differ.
   */
  static Optional<String> nearest(String word, Collection<String> known) {
    return known.stream()
        .filter(each -> distance(word, each) <= Math.max(1, word.length() / 3))
        .min(Comparator.comparingInt(each -> distance(word, each)));
  }

  private static int distance(String one, String other) {
    var rows = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        int least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1);
        least = Math.min(least, rows[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && one.charAt(i - 1) == other.charAt(j - 2)
                && one.charAt(i - 2) == other.charAt(j - 1);
        rows[i][j] = swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
      }
    }
    return rows[one.length()][other.length()];
  }
}
