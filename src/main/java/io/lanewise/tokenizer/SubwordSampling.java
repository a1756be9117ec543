package io.lanewise.tokenizer;

/**
 * Subword regularization: sample a segmentation instead of using the best one ({@code
 * sp_model_kwargs} with {@code enable_sampling}; Kudo, "Subword Regularization", 2018). A
 * segmentation of score s is sampled with a probability proportional to exp(alpha · s).
 *
 * @param nbestSize number of best segmentations to sample from, 2 to 512; negative for all
 * @param alpha preference for better segmentations; 0 for none
 * @param seed the samples of a text depend only on this and on the text
 */
public record SubwordSampling(int nbestSize, double alpha, long seed) {
  private static final int LARGEST = 512;

  /**
   * @throws IllegalArgumentException if nbestSize is 0, 1 or above 512, or alpha is negative or not
   *     a number
   */
  public SubwordSampling {
    if (nbestSize == 0 || nbestSize == 1 || nbestSize > LARGEST) {
      throw new IllegalArgumentException(
          "nbest_size is " + nbestSize + ": give 2 to 512, or -1 for all segmentations");
    }
    if (!(alpha >= 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException("alpha is " + alpha + ": give 0 or more");
    }
  }
}
