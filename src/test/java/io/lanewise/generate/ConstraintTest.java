package io.lanewise.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.generate.Generated.Ending;
import io.lanewise.generate.GenerationConfig.Beams;
import io.lanewise.generate.GenerationConfig.EarlyStopping;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The rules for the next token and for the end of a beam search, with numbers calculated by hand.
 */
class ConstraintTest {
  private static final float NO = Float.NEGATIVE_INFINITY;

  private static float[] applied(Constraint rule, int... tokens) {
    float[] scores = {1, -2, 3, -4};
    rule.apply(new Written(new int[] {0, 1, 3}, 0, tokens), scores);
    return scores;
  }

  @Test
  void penalisesEachTokenOnce() {
    var rule = new Constraint.RepetitionPenalty(2);
    assertThat(applied(rule, 0, 1, 0, 1)).containsExactly(0.5f, -4, 3, -4);
  }

  @Test
  void repeatsNoRun() {
    var pairs = new Constraint.NoRepeatNgram(2);
    assertThat(applied(pairs, 0, 1, 0, 2, 0)).containsExactly(1, NO, NO, -4);
    assertThat(applied(pairs, 3)).containsExactly(1, -2, 3, -4);
    assertThat(applied(pairs, 3, 3)).containsExactly(1, -2, 3, NO);
    assertThat(applied(new Constraint.NoRepeatNgram(1), 2, 0)).containsExactly(NO, -2, NO, -4);
    var triples = new Constraint.NoRepeatNgram(3);
    assertThat(applied(triples, 0, 1, 2, 0, 1)).containsExactly(1, -2, NO, -4);
    assertThat(applied(triples, 0, 1)).containsExactly(1, -2, 3, -4);
  }

  @Test
  void endsNotTooEarly() {
    var rule = new Constraint.NoEndBefore(3, List.of(2, 3));
    assertThat(applied(rule, 0, 0)).containsExactly(1, -2, NO, NO);
    assertThat(applied(rule, 0, 0, 0)).containsExactly(1, -2, 3, -4);
  }

  @Test
  void forcesTokens() {
    var rule = new Constraint.Forced(1, List.of(3));
    assertThat(applied(rule, 2)).containsExactly(NO, NO, NO, 0);
    assertThat(applied(rule, 2, 2)).containsExactly(1, -2, 3, -4);
  }

  @Test
  void growsTheEndWithTheLength() {
    var rule = new Constraint.EndGrowth(1, 2, List.of(1, 2));
    assertThat(applied(rule, 0)).containsExactly(1, -2, 3, -4);
    assertThat(applied(rule, 0, 0, 0)).containsExactly(1, -2 + 2 * 3, 3 + 3 * 3, -4);
    float[] excluded = {0, NO, NO, 0};
    rule.apply(new Written(null, 0, new int[] {0, 0}), excluded);
    assertThat(excluded).containsExactly(0, Float.POSITIVE_INFINITY, Float.POSITIVE_INFINITY, 0);
  }

  @Test
  void looksAtTheSource() {
    var penalty = new Constraint.EncoderRepetitionPenalty(0.5f);
    assertThat(applied(penalty, 2)).containsExactly(2, -1, 3, -2);
    assertThat(applied(new Constraint.EncoderNoRepeatNgram(2), 1)).containsExactly(1, -2, 3, NO);
    assertThat(applied(new Constraint.EncoderNoRepeatNgram(2), 3)).containsExactly(1, -2, 3, -4);
    assertThat(applied(new Constraint.EncoderNoRepeatNgram(1))).containsExactly(NO, NO, 3, NO);
    float[] second = {1, -2, 3, -4};
    penalty.apply(new Written(new int[] {0}, 1, new int[] {2}), second);
    assertThat(second).containsExactly(1, -2, 3, -4);
  }

  @Test
  void makesScoresFinite() {
    float[] scores = {Float.NaN, NO, Float.POSITIVE_INFINITY, 2};
    new Constraint.FiniteScores().apply(new Written(null, 0, new int[0]), scores);
    assertThat(scores).containsExactly(0, -Float.MAX_VALUE, Float.MAX_VALUE, 2);
  }

  private static BeamHypotheses two(EarlyStopping stopping, double penalty) {
    return new BeamHypotheses(new Beams(2, 2, penalty, stopping), 1, 11);
  }

  @Test
  void keepsTheBestHypotheses() {
    var best = two(EarlyStopping.TRUE, 1);
    best.add(new int[] {0, 1, 2}, -4, Ending.END_TOKEN); // -2
    assertThat(best.isDone(-1, 3)).isFalse();
    best.add(new int[] {0, 1, 1, 2}, -9, Ending.END_TOKEN); // -3
    assertThat(best.isDone(-1, 4)).isTrue();
    best.add(new int[] {0, 3, 1, 3, 2}, -10, Ending.END_TOKEN); // -2.5
    best.add(new int[] {0, 3, 1, 1, 2}, -20, Ending.END_TOKEN); // -5
    var sequences = best.best(2);
    assertThat(sequences.get(0).tokens()).containsExactly(0, 1, 2);
    assertThat(sequences.get(0).score()).isEqualTo(-2);
    assertThat(sequences.get(1).score()).isEqualTo(-2.5f);
    assertThat(sequences).hasSize(2);
  }

  /** If the rules give the end the highest score in all beams, the end of the best beam counts. */
  @Test
  void keepsTheFirstOfUnboundedHypotheses() {
    var best = two(EarlyStopping.FALSE, 2);
    best.add(new int[] {0, 1, 2}, Double.POSITIVE_INFINITY, Ending.END_TOKEN);
    best.add(new int[] {0, 3, 2}, Double.POSITIVE_INFINITY, Ending.END_TOKEN);
    assertThat(best.best(2).getFirst().tokens()).containsExactly(0, 1, 2);
    assertThat(best.isDone(-1, 3)).isTrue();
  }

  /** The worst of the two is -3; a continuation with the sum -8 has 2 of 10 tokens. */
  @Test
  void stopsWhenNothingBetterIsLikelyOrPossible() {
    for (var stopping : EarlyStopping.values()) {
      var best = two(stopping, 1);
      best.add(new int[] {0, 1, 2}, -4, Ending.END_TOKEN);
      best.add(new int[] {0, 1, 1, 2}, -9, Ending.END_TOKEN);
      assertThat(best.isDone(-8, 3)).isEqualTo(stopping != EarlyStopping.NEVER); // -4, or -0.8
      assertThat(best.isDone(-31, 3)).isTrue(); // -15.5, or -3.1
      assertThat(best.isDone(-5, 3)).isEqualTo(stopping == EarlyStopping.TRUE); // -2.5
    }
    // With a penalty that favours short sequences, the current length gives the best possible
    // score.
    var best = two(EarlyStopping.NEVER, -1);
    best.add(new int[] {0, 2}, -3, Ending.END_TOKEN);
    best.add(new int[] {0, 3}, -3, Ending.END_TOKEN);
    assertThat(best.isDone(-2, 3)).isTrue(); // -4
    assertThat(best.isDone(-1, 3)).isFalse(); // -2
  }
}
