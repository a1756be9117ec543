package io.lanewise.nn;

import io.lanewise.memory.Matrix;

/**
 * Dropout (Srivastava et al. 2014) of one forward pass: an element becomes zero with the given
 * probability, and the others are multiplied by 1 / (1 − probability), so that the expected value
 * stays the same.
 *
 * <p>Layers call it at every place where training drops elements; this object decides whether it
 * drops anything. The dropped elements depend on the seed, on the number of earlier places in the
 * pass, and on the index of the element, and neither on the number of threads nor on the kernels.
 * The bits are those of SplitMix64 (Steele, Lea and Flood 2014).
 */
public final class Dropout {
  /** No dropout. */
  public static final Dropout NONE = new Dropout(Rates.NONE, 0);

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /**
   * Probabilities, each from 0 to 1.
   *
   * @param embeddings for the embeddings
   * @param hidden for the output of attention
   * @param feedForward for the output of the feed-forward layers
   * @param attention for the attention probabilities
   * @param activation for the features between the two feed-forward layers
   * @param features for the input of the first layer of a classification head
   * @param classifier for the input of its last layer
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

  /** Dropout of one pass. */
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

  /** The output of attention. */
  public void hidden(Pass pass, Matrix x) {
    drop(pass, rates.hidden, x);
  }

  /** The output of the feed-forward layers. */
  public void feedForward(Pass pass, Matrix x) {
    drop(pass, rates.feedForward, x);
  }

  /** Whether attention probabilities are dropped; attention then has to write them to memory. */
  public boolean dropsAttention() {
    return rates.attention > 0;
  }

  /** Attention probabilities. */
  public void attention(Pass pass, Matrix x) {
    drop(pass, rates.attention, x);
  }

  /** The features between two feed-forward layers. */
  void activation(Pass pass, Matrix x) {
    drop(pass, rates.activation, x);
  }

  /** The input of the first layer of a classification head. */
  public void features(Pass pass, Matrix x) {
    drop(pass, rates.features, x);
  }

  /** The input of the last layer of a classification head. */
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

  /** Compares one half of the bits, as a fraction, with the rate. */
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
