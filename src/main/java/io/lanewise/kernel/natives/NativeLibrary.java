package io.lanewise.kernel.natives;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Loads native libraries for the class loader of these classes. */
public final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Loads files, each after those that it needs.
   *
   * <p>A JVM gives a file to one class loader only; in an application server or in tests these
   * classes may be loaded by several. It knows files by their names, so the second gets the file
   * under another one. Where that is a link the system sees that it is the same and loads nothing
   * twice.
   *
   * @throws UnsatisfiedLinkError if a file cannot be loaded
   */
  public static void load(List<Path> files) {
    for (var file : files) {
      try {
        System.load(file.toString());
      } catch (UnsatisfiedLinkError e) {
        loadUnderAnotherName(file, e);
      }
    }
  }

  private static void loadUnderAnotherName(Path file, UnsatisfiedLinkError first) {
    try {
      NativeCache.ofUser().underAnotherName(file, other -> System.load(other.toString()));
    } catch (IOException | UnsatisfiedLinkError e) {
      first.addSuppressed(e);
      throw first;
    }
  }
}
