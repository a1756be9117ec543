package io.lanewise.model;

import io.lanewise.BackendException;
import io.lanewise.kernel.Backend;

/** Which backends the tests can run here. */
public final class Backends {
  private Backends() {}

  /** Why this backend cannot run here; null if it can. A test on it is skipped, never passed. */
  public static String refusal(Backend.Choice choice) {
    try (var _ = Backend.of(choice, 1)) {
      return null;
    } catch (BackendException e) {
      return e.getMessage();
    }
  }
}
