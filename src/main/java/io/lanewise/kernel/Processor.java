package io.lanewise.kernel;

/** The kinds of processor that natives and kernels are made for, whatever a system calls them. */
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
   * By its name in the property {@code os.arch}, which differs from system to system.
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

  /** Its name for people. */
  public String label() {
    return label;
  }
}
