package io.lanewise.memory;

/**
 * Tests whether this code runs in a GraalVM native image. All code that behaves differently in an
 * image uses this test.
 *
 * <p>With the system property {@code lanewise.image=simulate} a JVM runs the code of an image, so
 * that tests can cover it.
 */
public final class NativeImage {
  /** Set by an image while it is built and while it runs, and nowhere else. */
  private static final String CODE = "org.graalvm.nativeimage.imagecode";

  private static final boolean SIMULATED = "simulate".equals(System.getProperty("lanewise.image"));

  private static final boolean HERE = SIMULATED || System.getProperty(CODE) != null;

  private NativeImage() {}

  /** Whether this is an image, or a JVM that simulates one. */
  public static boolean isHere() {
    return HERE;
  }

  /** Whether this is a JVM that simulates an image. */
  public static boolean isSimulated() {
    return SIMULATED;
  }
}
