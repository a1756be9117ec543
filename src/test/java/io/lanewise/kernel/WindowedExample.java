package io.lanewise.kernel;

import io.lanewise.kernel.TokenRoles.Role;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.util.Arrays;
import java.util.Random;

/** Random arguments of windowed attention, and memory for its results. */
public record WindowedExample(
    WindowedAttention.Arguments arguments, Matrix probabilities, Matrix out, Region region)
    implements AutoCloseable {

  /**
   * Queries, keys and values side by side in one matrix, as a fused projection writes them.
   *
   * @param pads floats between two rows, so that rows need not be aligned
   */
  public static WindowedExample random(
      Random random, TokenRoles roles, int heads, int headSize, int window, int pads) {
    var region = Region.open();
    int rows = roles.batch() * roles.tokens();
    int width = heads * headSize;
    var fused = region.matrix(rows, 3 * width + pads);
    fused.copyFrom(normal(random, rows * fused.columns()), 0);
    var headMask = random.nextBoolean() ? null : normal(random, heads);
    var arguments =
        new WindowedAttention.Arguments(
            roles,
            heads,
            headSize,
            window,
            fused.columns(0, width),
            fused.columns(width, width),
            fused.columns(2 * width, width),
            (float) (1 / Math.sqrt(headSize)),
            headMask);
    var probabilities = region.matrix(rows * heads, arguments.columns());
    probabilities.data().fill((byte) 0xff);
    var out = region.matrix(rows, width + pads);
    out.data().fill((byte) 0xff);
    return new WindowedExample(arguments, probabilities, out.columns(0, width), region);
  }

  /** Some hidden at the end of each sequence, some global, the rest local. */
  public static TokenRoles roles(Random random, int batch, int tokens) {
    var roles = new Role[batch * tokens];
    for (int b = 0; b < batch; b++) {
      int seen = 1 + random.nextInt(tokens);
      double share = random.nextInt(3) * 0.15;
      for (int t = 0; t < tokens; t++) {
        var role = random.nextDouble() < share ? Role.GLOBAL : Role.LOCAL;
        roles[b * tokens + t] = t < seen ? role : Role.HIDDEN;
      }
    }
    return TokenRoles.of(batch, tokens, roles);
  }

  private static float[] normal(Random random, int count) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The same arguments, with other memory for the results. */
  public WindowedExample again() {
    var copy = Region.open();
    var room = copy.matrix(probabilities.rows(), probabilities.columns());
    var result = copy.matrix(out.rows(), out.stride());
    room.data().fill((byte) 0xff);
    result.data().fill((byte) 0xff);
    return new WindowedExample(arguments, room, result.columns(0, out.columns()), copy);
  }

  /** The largest difference of the results; infinite if only one of two numbers is NaN. */
  public static double difference(float[] one, float[] other) {
    double largest = one.length == other.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(one.length, other.length); i++) {
      if (Float.isNaN(one[i]) != Float.isNaN(other[i])) {
        return Double.POSITIVE_INFINITY;
      }
      if (!Float.isNaN(one[i])) {
        largest = Math.max(largest, Math.abs((double) one[i] - other[i]));
      }
    }
    return largest;
  }

  @Override
  public void close() {
    region.close();
  }

  @Override
  public String toString() {
    return "%d x %d tokens, %d heads of %d, window %d, globals %s"
        .formatted(
            arguments.roles().batch(),
            arguments.roles().tokens(),
            arguments.heads(),
            arguments.headSize(),
            arguments.window(),
            Arrays.deepToString(arguments.roles().globals()));
  }
}
