package io.lanewise.cli.bench;

import io.lanewise.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The lengths of a corpus like those that people have: log-normal with median {@value #MEDIAN}, cut
 * at {@value #LONGEST} tokens. {@code tools/bench/OrtWorker.java} draws the same.
 */
final class MixedLengths {
  private static final int TEXTS = 64;
  private static final int MEDIAN = 40;
  private static final double SPREAD = 0.8;
  private static final int SHORTEST = 4;
  private static final int LONGEST = 512;

  private MixedLengths() {}

  /**
   * The lengths of the texts of each forward pass.
   *
   * @param order {@code mixed} for that of the corpus, {@code sorted} by length
   * @param group texts of a pass
   */
  static List<int[]> passes(String order, int group) {
    var random = new Random(7);
    var lengths = new int[TEXTS];
    Arrays.setAll(
        lengths,
        _ -> {
          double length = MEDIAN * Math.exp(SPREAD * random.nextGaussian());
          return Math.clamp(Math.round(length), SHORTEST, LONGEST);
        });
    switch (order) {
      case "mixed" -> {}
      case "sorted" -> Arrays.sort(lengths);
      default -> throw new InputException("\"" + order + "\": write tokens, mixed or sorted");
    }
    var passes = new ArrayList<int[]>();
    for (int from = 0; from < TEXTS; from += group) {
      passes.add(Arrays.copyOfRange(lengths, from, Math.min(TEXTS, from + group)));
    }
    return passes;
  }
}
