package io.lanewise.kernel;

import static org.junit.jupiter.api.Assumptions.abort;

/** Whether tests of oneDNN can run here. */
public final class OneDnnHere {
  private OneDnnHere() {}

  /**
   * Skips a test where the processor has no instructions for this precision, or the platform has no
   * natives. Where it has some they are on the tests' class path, and not to find them is a
   * failure.
   */
  public static void assume(Precision precision) {
    boolean isTested =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64");
    var library = OneDnnLibrary.find();
    if (library.isEmpty() && isTested) {
      OneDnnLibrary.load(); // throws, with the reasons
    }
    OneDnnLibrary.refusal(precision).ifPresent(refusal -> abort(refusal));
  }
}
