package io.lanewise.nn;

import io.lanewise.memory.Matrix;

/**
 * Dropout (Srivastava et al. 2014) of one forward pass: an element becomes zero with the given
 * probability, and the others grow by 1 / (1 − probability), so that what is expected stays.
 *
 * <p>A layer says where something may be dropped; the pass says whether it is. What is dropped
 * depends on the seed, on how many places of the pass came before, and on the element, and neither
 * on the number of threads nor on the kernels. The bits are those of SplitMix64 (Steele, Lea and
 * Flood 2014).
 */
public final class Dropout {
  /** Drops nothing, and does nothing. */
  public static final Dropout NONE = new Dropout(Rates.NONE, 0);

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /**
   * Probabilities, each from 0 to 1.
   *
   * @param embeddings of the embeddings
   * @param hidden of what attention adds to the states
   * @param feedForward of what the feed-forward layers add to the states
   * @param attention of the attention probabilities
   * @param activation of the features between two feed-forward layers
   * @param features of what a classification's first layer reads
   * @param classifier of what its last layer reads
   */
  public record Rates(
      double embeddings,
      double hidden,
      double feedForward,
      double attention,
      double activation,
      double features,
      double classifier) {
    public static final Rates NONE = new Rates(0, 0, 0, 0, 0, 0);

    /** One rate for the embeddings and for what attention adds to the states. */
    public Rates(
        double hidden,
        double feedForward,
        double attention,
        double activation,
        double features,
        double classifier) {
      this(hidden, hidden, feedForward, attention, activation, features, classifier);
    }
  }

  private final Rates rates;
  private final long seed;
  private long places;

  /** For one pass. */
  public Dropout(Rates rates, long seed) {
    this.rates = rates;
    this.seed = seed;
  }

  /** Whether nothing is dropped anywhere. */
  public boolean dropsNothing() {
    return rates.equals(Rates.NONE);
  }

  /** Embeddings. */
  public void embeddings(Pass pass, Matrix x) {
    drop(pass, rates.embeddings, x);
  }

  /** What attention adds. */
  public void hidden(Pass pass, Matrix x) {
    drop(pass, rates.hidden, x);
  }

  /** What the feed-forward layers add. */
  public void feedForward(Pass pass, Matrix x) {
    drop(pass, rates.feedForward, x);
  }

  /** Whether attention probabilities are dropped, which then have to be written down. */
  public boolean dropsAttention() {
    return rates.attention > 0;
  }

  /** Attention probabilities. */
  public void attention(Pass pass, Matrix x) {
    drop(pass, rates.attention, x);
  }

  /** Between two feed-forward layers. */
  void activation(Pass pass, Matrix x) {
    drop(pass, rates.activation, x);
  }

  /** What a classification's first layer reads. */
  public void features(Pass pass, Matrix x) {
    drop(pass, rates.features, x);
  }

  /** What a classification's last layer reads. */
  public void classifier(Pass pass, Matrix x) {
    drop(pass, rates.classifier, x);
  }

  private void drop(Pass pass, double rate, Matrix x) {
    if (rate == 0) {
      return;
    }
    long key = key(places++);
    float factor = rate == 1 ? 0 : (float) (1 / (1 - rate));
    pass.backend()
        .workers()
        .run(
            x.rows(),
            i -> {
              var row = x.rows(i, 1).toArray();
              long state = mix(key + (i + 1) * GOLDEN_GAMMA);
              for (int j = 0; j < row.length; j++) {
                long bits = mix(state + (j / 2 + 1) * GOLDEN_GAMMA);
                row[j] = dropped(bits, j % 2, rate) ? 0 : row[j] * factor;
              }
              x.rows(i, 1).copyFrom(row, 0);
            });
  }

  /** One half of the bits as a fraction, against the rate. */
  private static boolean dropped(long bits, int half, double rate) {
    long part = (half == 0 ? bits : bits >>> Integer.SIZE) & 0xffffffffL;
    return part < rate * 0x1p32;
  }

  private long key(long place) {
    return mix(mix(seed + GOLDEN_GAMMA) + place * GOLDEN_GAMMA);
  }

  /** The mixing function of SplitMix64. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
