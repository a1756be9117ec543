package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.BackendException;

/** Which backends the tests can run here. */
public final class Backends {
  private Backends() {}

  /**
   * The choice if it can run here, otherwise what the engine takes where nobody chooses: so a test
   * holds on every processor. The engine must have refused it with a reason, and must not refuse
   * what the machine has.
   */
  public static Backend.Choice hereOrAuto(Backend.Choice choice, Precision precision) {
    var refusal = refusal(choice, precision);
    Here.runs(choice, precision)
        .ifPresent(runs -> assertThat(refusal == null).as("%s", refusal).isEqualTo(runs));
    return refusal == null ? choice : Backend.Choice.AUTO;
  }

  /** The same for weights of 32 bits. */
  public static Backend.Choice hereOrAuto(Backend.Choice choice) {
    return hereOrAuto(choice, Precision.FLOAT32);
  }

  /** Whether this choice can run here. */
  public static boolean isHere(Backend.Choice choice) {
    return hereOrAuto(choice) == choice;
  }

  /** Why this choice cannot run here; null if it can. */
  public static String refusal(Backend.Choice choice, Precision precision) {
    try (var _ = Backend.of(choice, 1, precision)) {
      return null;
    } catch (BackendException e) {
      assertThat(e).hasMessageContaining(": ");
      return e.getMessage();
    }
  }
}
