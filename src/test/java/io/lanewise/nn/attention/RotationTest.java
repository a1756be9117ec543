package io.lanewise.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.RotaryTable;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.UnpaddedSequences;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rotary positions against the paper's formula, and what follows from it. */
@Tag("every-vector-width")
class RotationTest {
  private static final int HEADS = 3;
  private static final int SIZE = 6;
  private static final int WIDTH = HEADS * SIZE;
  private static final int TOKENS = 9;

  private final Region region = Region.open();
  private final Weights weights = Weights.random(5, 0.4f, region);
  private final Backend backend = Backend.of(Backend.Choice.AUTO, 2);
  private final Slab slab = new Slab();
  private final Slab.Frame frame = slab.frame();
  private final Pass pass = new Pass(backend, slab);

  @AfterEach
  void free() {
    frame.close();
    slab.close();
    backend.close();
    region.close();
  }

  private DenseAttention attention() {
    return DenseAttention.load(
        new Packing(backend.gemm(), region),
        WIDTH,
        HEADS,
        weights.at("query"),
        weights.at("key"),
        weights.at("value"),
        weights.at("dense"),
        null);
  }

  private Matrix sample(int rows) {
    var random = new Random(3);
    var x = region.matrix(rows, WIDTH);
    for (int i = 0; i < rows * WIDTH; i++) {
      x.set(i / WIDTH, i % WIDTH, (float) random.nextGaussian());
    }
    return x;
  }

  private Mask turned(Mask mask, RotaryTable table, int[] positions) {
    return mask.withRotation(Rotation.of(table, positions));
  }

  private float[] applied(Matrix x, int batch, Mask mask) {
    var y = pass.matrix(x.rows(), WIDTH);
    attention().apply(pass, x, batch, mask, null, y);
    return y.toArray();
  }

  @ParameterizedTest
  @CsvSource({"HALVES,6", "HALVES,4", "ADJACENT,6", "ADJACENT,2"})
  void isWhatThePaperSays(RotaryTable.Layout layout, int rotated) {
    var x = sample(TOKENS);
    int[] positions = {0, 1, 2, 7, 4, 30, 6, 100, 8};
    var table = RotaryFrequencies.of(50, rotated).table(pass, 101, SIZE, layout);
    PlainAttention.Angles angles =
        (head, d, position) -> {
          if (d >= rotated) {
            return head[d];
          }
          boolean halves = layout == RotaryTable.Layout.HALVES;
          int pair = halves ? d % (rotated / 2) : d / 2;
          boolean first = halves ? d < rotated / 2 : d % 2 == 0;
          int distance = halves ? rotated / 2 : 1;
          double angle = position * Math.pow(50, -2.0 * pair / rotated);
          double other = first ? -head[d + distance] : head[d - distance];
          return head[d] * Math.cos(angle) + other * Math.sin(angle);
        };
    var plain = new PlainAttention(weights, HEADS, SIZE, angles, (head, query, key) -> 0);
    assertThat(applied(x, 1, turned(Mask.NONE, table, positions)))
        .containsExactly(plain.of(x, positions), within(2e-5f));
  }

  @ParameterizedTest
  @EnumSource
  void onlyDistancesCount(RotaryTable.Layout layout) {
    var x = sample(TOKENS);
    var table = RotaryFrequencies.of(10_000, SIZE).table(pass, 600, SIZE, layout);
    int[] near = IntStream.range(0, TOKENS).toArray();
    int[] far = IntStream.range(500, 500 + TOKENS).toArray();
    var unturned = applied(x, 1, Mask.NONE);
    assertThat(applied(x, 1, turned(Mask.NONE, table, far)))
        .containsExactly(applied(x, 1, turned(Mask.NONE, table, near)), within(2e-5f))
        .isNotEqualTo(unturned);
    var same = new int[TOKENS];
    assertThat(applied(x, 1, turned(Mask.NONE, table, same))).isEqualTo(unturned);
  }

  @Test
  void someQueriesHaveTheBitsOfAll() {
    var x = sample(2 * TOKENS);
    var table = RotaryFrequencies.of(100, SIZE).table(pass, TOKENS, SIZE, halves());
    int[] positions = IntStream.range(0, 2 * TOKENS).map(i -> i % TOKENS).toArray();
    var mask = turned(Mask.NONE, table, positions);
    var read = ReadTokens.at(new int[][] {{0, 4}, {8}}, TOKENS);
    var y = pass.matrix(3, WIDTH);
    attention().apply(pass, x, 2, mask, null, read, read.of(pass, x), y);
    var all = Matrix.of(region.copyOf(applied(x, 2, mask)), 2 * TOKENS, WIDTH);
    assertThat(y.toArray()).isEqualTo(read.of(pass, all).toArray());
  }

  @Test
  void withoutPaddingTheBitsAreTheSame() {
    var x = sample(2 * TOKENS);
    var seen = new float[2 * TOKENS];
    for (int i = 0; i < seen.length; i++) {
      seen[i] = i < TOKENS || i < TOKENS + 4 ? 1 : 0;
    }
    var table = RotaryFrequencies.of(100, SIZE).table(pass, TOKENS, SIZE, halves());
    int[] positions = IntStream.range(0, 2 * TOKENS).map(i -> i % TOKENS).toArray();
    var packed = UnpaddedSequences.of(seen, 2, TOKENS);
    var left = pass.matrix(packed.rows(), WIDTH);
    pass.backend().rowwise().gather(x, packed.paddedRows(), left);
    var padded = applied(x, 2, turned(Mask.padding(pass, seen, 2, TOKENS), table, positions));
    assertThat(applied(left, 2, turned(Mask.of(packed), table, positions)))
        .isEqualTo(Arrays.copyOf(padded, packed.rows() * WIDTH));
  }

  @Test
  void valuesAreTurnedWhereTheFamilySaysSo() {
    var x = sample(1);
    var table = RotaryFrequencies.of(10, SIZE).table(pass, 4, SIZE, halves());
    int[] third = {3};
    // the only key gets all the attention: what changes is its value
    var mask = Mask.NONE.withRotation(new Rotation(table, table, table, third));
    assertThat(applied(x, 1, turned(Mask.NONE, table, third)))
        .isEqualTo(applied(x, 1, Mask.NONE))
        .isNotEqualTo(applied(x, 1, mask));
  }

  @Test
  void frequenciesOfTheKnownScalings() {
    assertThat(RotaryFrequencies.of(10_000, 4).values()).containsExactly(1f, 0.01f);
    assertThat(RotaryFrequencies.of(10_000, 4).slowedBy(4).values())
        .containsExactly(0.25f, 0.0025f);
    // theta 20,000, then divided by the square root of 2
    assertThat(RotaryFrequencies.ntk(10_000, 4, 2).values())
        .containsExactly(
            new float[] {
              (float) (1 / Math.sqrt(2)), (float) (1 / Math.sqrt(20_000) / Math.sqrt(2))
            },
            within(1e-8f));
    // a = ln 2 / 2^1: pair 1 is slowed by exp(a), pair 2 by exp(2a), which is the factor
    assertThat(RotaryFrequencies.mixedNtk(10_000, 4, 2, 1).values())
        .containsExactly(new float[] {(float) (1 / Math.sqrt(2)), 0.005f}, within(1e-8f));
    assertThat(RotaryFrequencies.dynamicNtk(1000, 8, 2, 16, 16).values())
        .isEqualTo(RotaryFrequencies.of(1000, 8).values());
    assertThat(RotaryFrequencies.dynamicNtk(1000, 8, 2, 32, 16).values())
        .isEqualTo(RotaryFrequencies.of(1000 * Math.pow(3, 8 / 6.0), 8).values());
  }

  @Test
  void aPositionBeyondTheTableIsAnError() {
    var x = sample(1);
    var table = RotaryFrequencies.of(10, SIZE).table(pass, 4, SIZE, halves());
    assertThatThrownBy(() -> applied(x, 1, turned(Mask.NONE, table, new int[] {4})))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> applied(x, 1, turned(Mask.NONE, table, new int[] {1, 2})))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static RotaryTable.Layout halves() {
    return RotaryTable.Layout.HALVES;
  }
}
