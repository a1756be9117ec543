package io.lanewise.serve.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.serve.batch.Selection.Take;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which sequences share a pass. */
class SelectionTest {
  private static final int BUDGET = 100;

  @Test
  void whatFitsGoesTogether() {
    var pieces = Pieces.of(List.of(List.of(10, 10), List.of(20), List.of(30)));
    assertThat(counts(pieces)).containsExactly(2, 1, 1);
  }

  @Test
  void aSequenceThatIsTooLongGoesAlone() {
    var pieces = Pieces.of(List.of(List.of(300), List.of(2)));
    assertThat(counts(pieces)).containsExactly(1, 0);
  }

  @Test
  void theOneThatHasWaitedLongestAlwaysGetsOn() {
    var pieces = Pieces.of(List.of(List.of(90), List.of(50), List.of(5)));
    assertThat(counts(pieces)).containsExactly(1, 0, 1);
  }

  @Test
  void aLargeRequestLeavesSmallOnesTheirPlace() {
    var large = IntStream.range(0, 1000).mapToObj(_ -> 10).toList();
    var pieces = Pieces.of(List.of(large, List.of(10), List.of(10, 10)));
    assertThat(counts(pieces)).containsExactly(7, 1, 2);
  }

  @Test
  void twoLargeRequestsTakeTurns() {
    var large = IntStream.range(0, 50).mapToObj(_ -> 10).toList();
    assertThat(counts(Pieces.of(List.of(large, large)))).containsExactly(5, 5);
    assertThat(counts(Pieces.of(List.of(large)))).containsExactly(10);
  }

  @Test
  void nobodyWaitsForEver() {
    var large = IntStream.range(0, 40).mapToObj(_ -> 10).toList();
    var pieces = new ArrayList<>(Pieces.of(List.of(large, large, large)));
    pieces.addAll(Pieces.of(List.of(List.of(60), List.of(95))));
    Map<Piece, Integer> passes = new LinkedHashMap<>();
    for (int pass = 1; !pieces.isEmpty() && pass < 100; pass++) {
      for (Take take : Selection.of(pieces, BUDGET)) {
        take.piece().take(take.count());
        passes.put(take.piece(), pass);
      }
      pieces.removeIf(piece -> piece.left() == 0);
    }
    assertThat(pieces).isEmpty();
    assertThat(passes.values()).allMatch(pass -> pass <= 16);
  }

  @Test
  void onlyThoseOfAKindShare() {
    var pieces = new ArrayList<>(Pieces.of(List.of(List.of(10), List.of(10))));
    pieces.add(1, Pieces.reading(List.of(10)));
    assertThat(counts(pieces)).containsExactly(1, 0, 1);
  }

  @Test
  void paddingDoesNotGrowWithoutBounds() {
    var pieces = new ArrayList<>(Pieces.of(List.of(List.of(50))));
    for (int i = 0; i < 20; i++) {
      pieces.addAll(Pieces.of(List.of(List.of(2))));
    }
    assertThat(counts(pieces).stream().mapToInt(each -> each).sum()).isEqualTo(4 * BUDGET / 50);
  }

  private static List<Integer> counts(List<Piece> pieces) {
    var takes = Selection.of(pieces, BUDGET);
    return pieces.stream()
        .map(
            piece ->
                takes.stream().filter(take -> take.piece() == piece).mapToInt(Take::count).sum())
        .toList();
  }
}
