package io.lanewise.kernel.natives;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Loads native libraries for the class loader of these classes. */
public final class NativeLibrary {
  private NativeLibrary() {}

  /**
   * Loads files in this order, each after the files it needs.
   *
   * <p>A JVM lets only one class loader load a file; in an application server or in tests these
   * classes may have several. The JVM compares files by name, so the second class loader loads the
   * file under a second name. If that is a link, the operating system detects that the file is
   * loaded already and does not load it twice.
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
