package io.lanewise.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.kernel.Backend;
import io.lanewise.memory.Slab;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  private static final int ROWS = 301;
  private static final int COLUMNS = 103;

  private static float[] dropped(double rate, long seed, int threads, int before) {
    try (var backend = Backend.of(Backend.Choice.SCALAR, threads);
        var slab = new Slab()) {
      var rates = new Dropout.Rates(rate, 0, 0, 0, 0, 0);
      var pass = new Pass(backend, slab, new Trace(false, false), new Dropout(rates, seed));
      try (var _ = pass.frame()) {
        var x = pass.matrix(ROWS, COLUMNS);
        var ones = new float[ROWS * COLUMNS];
        Arrays.fill(ones, 1);
        for (int i = 0; i <= before; i++) {
          x.copyFrom(ones, 0);
          pass.dropout().hidden(pass, x);
        }
        pass.dropout().feedForward(pass, x);
        return x.toArray();
      }
    }
  }

  /** Shares of zeros overall, in rows and in columns, each within five deviations. */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void zeroesItsShareAndKeepsTheMean(double rate) {
    var x = dropped(rate, 7, 2, 0);
    float kept = (float) (1 / (1 - rate));
    var rows = new int[ROWS];
    var columns = new int[COLUMNS];
    int zeros = 0;
    for (int i = 0; i < x.length; i++) {
      assertThat(x[i] == 0 || x[i] == kept).isTrue();
      if (x[i] == 0) {
        zeros++;
        rows[i / COLUMNS]++;
        columns[i % COLUMNS]++;
      }
    }
    double variance = rate * (1 - rate);
    double all = x.length;
    assertThat(zeros / all).isCloseTo(rate, within(5 * Math.sqrt(variance / all)));
    for (int row : rows) {
      assertThat(row / (double) COLUMNS).isCloseTo(rate, within(5 * Math.sqrt(variance / COLUMNS)));
    }
    for (int column : columns) {
      assertThat(column / (double) ROWS).isCloseTo(rate, within(5 * Math.sqrt(variance / ROWS)));
    }
  }

  @Test
  void neighboursAreDroppedIndependently() {
    var x = dropped(0.5, 3, 1, 0);
    int both = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      both += x[i] == 0 && x[i + 1] == 0 ? 1 : 0;
    }
    double pairs = x.length - 1.0;
    assertThat(both / pairs).isCloseTo(0.25, within(5 * Math.sqrt(0.25 / pairs)));
  }

  @Test
  void dependsOnTheSeedAndThePlaceAlone() {
    var x = dropped(0.3, 5, 1, 0);
    assertThat(dropped(0.3, 5, 3, 0)).isEqualTo(x);
    assertThat(dropped(0.3, 6, 1, 0)).isNotEqualTo(x);
    assertThat(dropped(0.3, 5, 1, 1)).isNotEqualTo(x);
  }

  @Test
  void theEndsOfTheScale() {
    assertThat(dropped(0, 5, 1, 0)).containsOnly(1);
    assertThat(dropped(1, 5, 1, 0)).containsOnly(0);
  }
}
