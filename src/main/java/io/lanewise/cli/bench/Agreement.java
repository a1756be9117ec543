package io.lanewise.cli.bench;

import io.lanewise.InputException;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Output;

/**
 * How much the final states of two models agree, token by token: the cosine of the angle between
 * what one and the other have for it, 1 where they are the same.
 *
 * @param least of all tokens
 * @param mean over all tokens
 */
public record Agreement(double least, double mean) {
  /**
   * Compares.
   *
   * @throws InputException if the models have no final states because they end in a head
   */
  public static Agreement of(Model first, Model second, Inputs inputs) {
    var a = states(first, inputs);
    var b = states(second, inputs);
    int hidden = Math.toIntExact(a.lastHiddenState().shape().dim(2));
    return of(a.lastHiddenState().floats(), b.lastHiddenState().floats(), hidden);
  }

  private static Output.Base states(Model model, Inputs inputs) {
    if (model.forward(inputs) instanceof Output.Base base) {
      return base;
    }
    throw new InputException("--agreement compares final states: this model ends in a head");
  }

  /** Compares rows of {@code width} numbers. */
  static Agreement of(float[] a, float[] b, int width) {
    double least = 1;
    double sum = 0;
    for (int from = 0; from < a.length; from += width) {
      double product = 0;
      double squareA = 0;
      double squareB = 0;
      for (int i = from; i < from + width; i++) {
        product += (double) a[i] * b[i];
        squareA += (double) a[i] * a[i];
        squareB += (double) b[i] * b[i];
      }
      double cosine = product / Math.sqrt(squareA * squareB);
      least = Math.min(least, cosine); // NaN if there is one
      sum += cosine;
    }
    return new Agreement(least, sum * width / a.length);
  }
}
