package io.lanewise.kernel;

/** The processor architectures that native libraries and kernels support. */
public enum Processor {
  X86_64("x86-64"),
  AARCH64("aarch64"),
  OTHER("another kind");

  private final String label;

  Processor(String label) {
    this.label = label;
  }

  /** The one that this JVM runs on. */
  public static Processor here() {
    return named(System.getProperty("os.arch"));
  }

  /**
   * The architecture with this value of the property {@code os.arch}, which differs between
   * systems.
   *
   * @param name such as {@code amd64} on Linux, {@code x86_64} on macOS
   */
  public static Processor named(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default -> OTHER;
    };
  }

  /** Its name in messages. */
  public String label() {
    return label;
  }
}
