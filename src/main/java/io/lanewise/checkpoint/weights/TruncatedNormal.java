package io.lanewise.checkpoint.weights;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Random numbers of a normal distribution truncated at two standard deviations on either side, as
 * in TensorFlow's {@code TruncatedNormal} initialiser; their standard deviation is 0.8796 times the
 * given one.
 *
 * <p>Each tensor has its own stream, which depends only on the seed and on its name. So the order
 * in which tensors are created, and which others are created, changes no bit. The bits come from
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014); half
 * of each 64 is looked up in the quantile function, tabulated at 4096 steps and linear between.
 */
public final class TruncatedNormal {
  private static final double CUT = 2;
  private static final int STEP_BITS = 12;
  private static final int STEPS = 1 << STEP_BITS;
  private static final int REST_BITS = Integer.SIZE - STEP_BITS;
  private static final float REST_UNIT = 1f / (1 << REST_BITS);
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
  private static final int BLOCK = 4096;

  private final float[] quantiles = quantiles();
  private final long seed;
  private final float deviation;

  /** Numbers with this standard deviation (before the cut). */
  public TruncatedNormal(long seed, float deviation) {
    this.seed = seed;
    this.deviation = deviation;
  }

  /** Fills {@code count} floats with the numbers of the tensor of this name. */
  void fill(String name, MemorySegment target, long count) {
    long state = mix(seed + GOLDEN_GAMMA) ^ hash(name);
    var block = new float[BLOCK];
    for (long at = 0; at < count; at += BLOCK) {
      for (int i = 0; i < BLOCK; i += 2) {
        state += GOLDEN_GAMMA;
        long bits = mix(state);
        block[i] = deviation * quantile((int) bits);
        block[i + 1] = deviation * quantile((int) (bits >>> Integer.SIZE));
      }
      int n = (int) Math.min(BLOCK, count - at);
      MemorySegment.copy(block, 0, target, JAVA_FLOAT_UNALIGNED, at * Float.BYTES, n);
    }
  }

  private float quantile(int bits) {
    int step = bits >>> REST_BITS;
    float rest = (bits & ((1 << REST_BITS) - 1)) * REST_UNIT;
    return quantiles[step] + rest * (quantiles[step + 1] - quantiles[step]);
  }

  /** The mixing function of SplitMix64. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** FNV-1a over the characters of the name. */
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** Inverts the distribution function, which is integrated on a finer grid. */
  private static float[] quantiles() {
    int fine = 8 * STEPS;
    var cumulative = new double[fine + 1];
    double width = 2 * CUT / fine;
    for (int i = 0; i < fine; i++) {
      double middle = -CUT + (i + 0.5) * width;
      cumulative[i + 1] = cumulative[i] + StrictMath.exp(-0.5 * middle * middle);
    }
    var quantiles = new float[STEPS + 1];
    int at = 0;
    for (int i = 0; i <= STEPS; i++) {
      double wanted = cumulative[fine] * i / STEPS;
      while (at < fine - 1 && cumulative[at + 1] < wanted) {
        at++;
      }
      double within = (wanted - cumulative[at]) / (cumulative[at + 1] - cumulative[at]);
      quantiles[i] = (float) (-CUT + (at + within) * width);
    }
    return quantiles;
  }
}
