package io.lanewise.memory;

/**
 * Whether this code runs inside a GraalVM native image. The only place that decides; whoever has to
 * go another way there asks here.
 *
 * <p>The system property {@code lanewise.image=simulate} makes a JVM go the image's ways too, so
 * that the tests can walk them.
 */
public final class NativeImage {
  /** Set by an image while it is built and while it runs, and nowhere else. */
  private static final String CODE = "org.graalvm.nativeimage.imagecode";

  private static final boolean SIMULATED = "simulate".equals(System.getProperty("lanewise.image"));

  private static final boolean HERE = SIMULATED || System.getProperty(CODE) != null;

  private NativeImage() {}

  /** Whether this is an image, or a JVM that plays one. */
  public static boolean isHere() {
    return HERE;
  }

  /** Whether this is a JVM that plays an image. */
  public static boolean isSimulated() {
    return SIMULATED;
  }
}
