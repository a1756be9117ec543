package io.lanewise.nn.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.kernel.Backend;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.memory.Slab;
import io.lanewise.nn.Packing;
import io.lanewise.nn.Pass;
import io.lanewise.nn.ReadTokens;
import io.lanewise.nn.Trace;
import io.lanewise.nn.UnpaddedSequences;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sliding windows against plain loops, and against dense attention where they see everything. */
@Tag("every-vector-width")
class LocalAttentionTest {
  private static final int HEADS = 2;
  private static final int SIZE = 5;
  private static final int WIDTH = HEADS * SIZE;
  private static final int TOKENS = 23;

  private final Region region = Region.open();
  private final Weights weights = Weights.random(8, 0.5f, region);
  private final Backend backend = Backend.of(Backend.Choice.AUTO, 2);
  private final Slab slab = new Slab();
  private final Slab.Frame frame = slab.frame();

  @AfterEach
  void free() {
    frame.close();
    slab.close();
    backend.close();
    region.close();
  }

  private LocalAttention attention(int reach) {
    return new LocalAttention(
        DenseAttention.load(
            new Packing(backend.gemm(), region),
            WIDTH,
            HEADS,
            weights.at("query"),
            weights.at("key"),
            weights.at("value"),
            weights.at("dense"),
            null),
        reach);
  }

  private Matrix sample(int rows) {
    var random = new Random(4);
    var x = region.matrix(rows, WIDTH);
    for (int i = 0; i < rows * WIDTH; i++) {
      x.set(i / WIDTH, i % WIDTH, (float) random.nextGaussian());
    }
    return x;
  }

  private float[] applied(int reach, Matrix x, int batch, Mask mask, Trace trace) {
    var pass = new Pass(backend, slab, trace);
    var y = pass.matrix(x.rows(), WIDTH);
    attention(reach).apply(pass, x, batch, mask, null, y);
    return y.toArray();
  }

  private float[] applied(int reach, Matrix x, int batch, Mask mask) {
    return applied(reach, x, batch, mask, new Trace(false, false));
  }

  /** Tokens, and padding before, between and behind them: some of it sees none of them. */
  private static float[] seen() {
    var seen = new float[TOKENS];
    Arrays.fill(seen, 5, 14, 1);
    seen[9] = 0;
    return seen;
  }

  private float[] expected(int reach, Matrix x, float[] seen) {
    PlainAttention.Scores scores =
        (head, query, key) ->
            Math.abs(query - key) <= reach && seen[key] == 1 ? 0 : Double.NEGATIVE_INFINITY;
    return new PlainAttention(weights, HEADS, SIZE, null, scores).of(x, null);
  }

  @ParameterizedTest
  @ValueSource(ints = {-2, 0, 1, 3, 8, 21, 22, 23, 1000})
  void isWhatTheWindowSays(int reach) {
    var x = sample(TOKENS);
    var pass = new Pass(backend, slab);
    var ones = new float[TOKENS];
    Arrays.fill(ones, 1);
    assertThat(applied(reach, x, 1, Mask.NONE))
        .containsExactly(expected(reach, x, ones), within(1e-5f));
    var mask = Mask.padding(pass, seen(), 1, TOKENS);
    var padded = expected(reach, x, seen());
    assertThat(applied(reach, x, 1, mask)).containsExactly(padded, within(1e-5f));
    var trace = new Trace(false, true);
    assertThat(applied(reach, x, 1, mask, trace)).containsExactly(padded, within(1e-5f));
    var probabilities = trace.attentions().getFirst();
    assertThat(probabilities.shape().dims()).containsExactly(1, HEADS, TOKENS, TOKENS);
    for (int key = 0; reach >= 0 && key < TOKENS; key++) {
      boolean near = Math.abs(7 - key) <= reach && seen()[key] == 1;
      assertThat(probabilities.row(0, 1, 7)[key] > 0).isEqualTo(near);
    }
  }

  @Test
  void aWindowOverTheWholeLengthHasTheBitsOfDenseAttention() {
    var x = sample(2 * TOKENS);
    var pass = new Pass(backend, slab);
    var dense = pass.matrix(2 * TOKENS, WIDTH);
    attention(3).dense().apply(pass, x, 2, Mask.NONE, null, dense);
    assertThat(applied(TOKENS - 1, x, 2, Mask.NONE)).isEqualTo(dense.toArray());
    assertThat(applied(TOKENS - 2, x, 2, Mask.NONE)).isNotEqualTo(dense.toArray());
  }

  @Test
  void neitherPaddingNorTheBatchNorThoseWhoReadChangeABit() {
    int reach = 4;
    var x = sample(2 * TOKENS);
    var pass = new Pass(backend, slab);
    var seen = new float[2 * TOKENS];
    Arrays.fill(seen, 0, TOKENS, 1);
    Arrays.fill(seen, TOKENS, TOKENS + 11, 1);
    var mask = Mask.padding(pass, seen, 2, TOKENS);
    var padded = applied(reach, x, 2, mask);
    var packed = UnpaddedSequences.of(seen, 2, TOKENS);
    var left = pass.matrix(packed.rows(), WIDTH);
    backend.rowwise().gather(x, packed.paddedRows(), left);
    var tokensOnly = Arrays.copyOf(padded, packed.rows() * WIDTH);
    assertThat(applied(reach, left, 2, Mask.of(packed))).isEqualTo(tokensOnly);
    assertThat(applied(reach, x.rows(0, TOKENS), 1, Mask.NONE))
        .isEqualTo(Arrays.copyOf(padded, TOKENS * WIDTH));
    var read = ReadTokens.at(new int[][] {{0, 22}, {3}}, TOKENS);
    var y = pass.matrix(3, WIDTH);
    attention(reach).apply(pass, x, 2, mask, null, read, read.of(pass, x), y);
    var all = Matrix.of(region.copyOf(padded), 2 * TOKENS, WIDTH);
    assertThat(y.toArray()).isEqualTo(read.of(pass, all).toArray());
  }

  @Test
  void memoryGrowsWithTheLengthAndNotWithItsSquare() {
    assertThat(bytes(8192)).isLessThan(9 * bytes(1024)).isLessThan(8192L * 8192);
  }

  private long bytes(int tokens) {
    try (var own = new Slab();
        var _ = own.frame()) {
      var pass = new Pass(backend, own);
      var y = pass.matrix(tokens, WIDTH);
      attention(64).apply(pass, sample(tokens), 1, Mask.NONE, null, y);
      return own.bytes();
    }
  }
}
