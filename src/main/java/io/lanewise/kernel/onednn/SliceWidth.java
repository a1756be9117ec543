package io.lanewise.kernel.onednn;

import io.lanewise.memory.NativeImage;

/**
 * How many outputs of a layer are multiplied by one call of oneDNN.
 *
 * <p>A call takes as long as some rows of a narrow slice, so few wide slices are best; but each
 * thread needs one. Measured on Zen 5, ALBERT-base in int8, time with wide slices over that with
 * 128 outputs each: on one thread 0.87 at 16 tokens and 0.94 at 128, on two 0.92 and 0.99.
 */
final class SliceWidth {
  /** With more outputs a call gains nothing, and a slice would not fit the cache. */
  private static final int MOST = 768;

  /** With fewer outputs the calls take too much of the time. */
  static final int LEAST = 128;

  /** The registers of oneDNN's kernels hold so many outputs, or a part of them. */
  private static final int UNIT = 64;

  private SliceWidth() {}

  /**
   * The outputs of a slice: a divisor of the layer's where that is possible, so that layers which
   * are packed together can be taken apart ({@link OneDnnGemm#part}).
   *
   * @param outputs of the layer, or of the first one of layers that are packed together
   */
  static int of(int outputs, int threads) {
    if (NativeImage.isHere()) { // a call costs far more there
      return MOST;
    }
    int most = Math.min(outputs, MOST);
    int tasks = threads * Math.ceilDiv(outputs, threads * most);
    int width = Math.ceilDiv(Math.ceilDiv(outputs, tasks), UNIT) * UNIT;
    return width < LEAST || (outputs % width != 0 && outputs % LEAST == 0) ? LEAST : width;
  }
}
