package io.lanewise.task.sentence;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * How queries, or documents, become the tokens of a late-interaction model, and which of them count
 * in the score.
 *
 * @param prompt what every text begins with; empty for none
 * @param marker the id that is put behind the first token; empty for none
 * @param most tokens to which a text is cut, special ones counted
 * @param expansion what short ones are filled with; empty for none
 * @param expansionCounts whether the states of what fills them count
 * @param skipped ids that do not count
 * @param kept the only ids that count; empty for all
 * @param first the first position that counts
 */
record LateTexts(
    String prompt,
    OptionalInt marker,
    int most,
    Optional<QueryExpansion> expansion,
    boolean expansionCounts,
    Set<Integer> skipped,
    Set<Integer> kept,
    int first) {
  /** All tokens of texts of any length. */
  static final LateTexts ALL =
      new LateTexts(
          "",
          OptionalInt.empty(),
          Integer.MAX_VALUE,
          Optional.empty(),
          false,
          Set.of(),
          Set.of(),
          0);

  /** The same with a marker, cut to so many tokens. */
  LateTexts with(OptionalInt newMarker, int newMost) {
    return new LateTexts(
        prompt, newMarker, newMost, expansion, expansionCounts, skipped, kept, first);
  }

  /** The same that counts from this position on, cut to so many tokens. */
  LateTexts from(int newFirst, int newMost) {
    return new LateTexts(
        prompt, marker, newMost, expansion, expansionCounts, skipped, kept, newFirst);
  }

  /** The same, filled with tokens that count, or without some. */
  LateTexts with(Optional<QueryExpansion> newExpansion, Set<Integer> newSkipped) {
    return new LateTexts(prompt, marker, most, newExpansion, true, newSkipped, kept, first);
  }

  /**
   * A text's tokens.
   *
   * @param mask 1 for tokens that all see
   * @param counted positions of the tokens that count, ascending
   */
  record Tokens(int[] ids, int[] mask, int[] counted) {
    int length() {
      return ids.length;
    }
  }

  /** The tokens of a text. */
  Tokens tokens(SentenceModel model, String text) {
    int[] found = model.encode(prompt + text, most - (marker.isPresent() ? 1 : 0)).ids();
    int[] own = marker.isPresent() ? inserted(found, marker.getAsInt()) : found;
    int length = Math.max(own.length, expansion.map(QueryExpansion::length).orElse(0));
    int[] ids = Arrays.copyOf(own, length);
    int[] mask = new int[length];
    Arrays.fill(mask, 0, own.length, 1);
    expansion.ifPresent(
        filled -> {
          Arrays.fill(ids, own.length, length, filled.token());
          Arrays.fill(mask, own.length, length, filled.attended() ? 1 : 0);
        });
    int[] counted =
        IntStream.range(first, length)
            .filter(i -> mask[i] == 1 || expansionCounts)
            .filter(i -> !skipped.contains(ids[i]))
            .filter(i -> kept.isEmpty() || kept.contains(ids[i]))
            .toArray();
    return new Tokens(ids, mask, counted);
  }

  private static int[] inserted(int[] ids, int marker) {
    int[] longer = new int[ids.length + 1];
    int before = Math.min(1, ids.length);
    System.arraycopy(ids, 0, longer, 0, before);
    longer[before] = marker;
    System.arraycopy(ids, before, longer, before + 1, ids.length - before);
    return longer;
  }
}
