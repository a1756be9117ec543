package io.lanewise.kernel;

import static io.lanewise.kernel.Lanes.load;
import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

/** Activations of the numbers of an array, a loop each, so that each is compiled for itself. */
final class VectorActivations {
  private VectorActivations() {}

  /**
   * Applies an activation in place.
   *
   * @param count a multiple of the number of lanes
   */
  static void apply(Activation activation, float[] values, int count) {
    switch (activation) {
      case IDENTITY -> {}
      case GELU -> gelu(values, count);
      case GELU_TANH -> geluTanh(values, count);
      case QUICK_GELU -> sigmoidUnit(values, count, 1.702f);
      case RELU -> relu(values, count);
      case SILU -> sigmoidUnit(values, count, 1);
      case TANH -> tanh(values, count);
      case SIGMOID -> sigmoid(values, count);
    }
  }

  private static void gelu(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      VectorFunctions.gelu(load(values, i)).intoArray(values, i);
    }
  }

  private static void geluTanh(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      VectorFunctions.geluTanh(load(values, i)).intoArray(values, i);
    }
  }

  private static void sigmoidUnit(float[] values, int count, float factor) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      VectorFunctions.sigmoidUnit(load(values, i), factor).intoArray(values, i);
    }
  }

  private static void relu(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      load(values, i).max(0).intoArray(values, i);
    }
  }

  private static void tanh(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      VectorFunctions.tanh(load(values, i)).intoArray(values, i);
    }
  }

  private static void sigmoid(float[] values, int count) {
    for (int i = 0; i < count; i += SPECIES_PREFERRED.length()) {
      VectorFunctions.sigmoid(load(values, i)).intoArray(values, i);
    }
  }
}
