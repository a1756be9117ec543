package io.lanewise.kernel.natives;

import io.lanewise.kernel.Processor;
import io.lanewise.kernel.natives.NativeCache.Native;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A native library from a jar of {@code org.bytedeco}, with the libraries it needs, extracted to a
 * folder of the user's cache. JavaCPP is not used.
 *
 * @param artifact of the group {@code org.bytedeco}
 * @param linux file names in the order in which they can be loaded, the library itself last
 * @param mac the same for macOS
 * @param windows the same for Windows
 */
public record BundledNatives(
    String artifact, List<String> linux, List<String> mac, List<String> windows) {
  /** OpenBLAS, and the GCC libraries it needs. */
  public static final BundledNatives OPENBLAS =
      new BundledNatives(
          "openblas",
          List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0"),
          List.of(
              "libgcc_s.1.1.dylib",
              "libquadmath.0.dylib",
              "libgfortran.5.dylib",
              "libopenblas.0.dylib"),
          List.of("libopenblas.dll"));

  /** oneDNN, and the OpenMP library it needs. */
  public static final BundledNatives ONEDNN =
      new BundledNatives(
          "dnnl",
          List.of("libgomp.so.1", "libdnnl.so.3"),
          List.of("libomp.dylib", "libdnnl.3.dylib"),
          List.of("dnnl.dll"));

  /**
   * The extracted files in the order in which to load them; empty if they are not on the class
   * path.
   */
  Optional<List<Path>> extract() throws IOException {
    var natives = natives();
    if (natives.isEmpty() || !natives.getLast().name().contains(artifact)) {
      return Optional.empty();
    }
    var folder = artifact + "-" + Long.toHexString(fingerprint(natives));
    return Optional.of(NativeCache.ofUser().files(folder, natives));
  }

  private List<Native> natives() throws IOException {
    var natives = new ArrayList<Native>();
    for (var resource : resources(System.getProperty("os.name"), System.getProperty("os.arch"))) {
      var url = BundledNatives.class.getClassLoader().getResource(resource);
      if (url != null) {
        natives.add(describe(resource.substring(resource.lastIndexOf('/') + 1), url));
      }
    }
    return natives;
  }

  /**
   * The paths of the files in the jar, for a system and a processor named as in Java's properties.
   * Linux is tested, on ARM in an emulator; the names for macOS and Windows are those of their
   * jars.
   */
  List<String> resources(String system, String processor) {
    var name = system.toLowerCase(Locale.ROOT);
    boolean isMac = name.contains("mac");
    boolean isWindows = name.startsWith("windows");
    var arch =
        switch (Processor.named(processor)) {
          case X86_64 -> "x86_64";
          case AARCH64 -> "arm64";
          case OTHER -> processor;
        };
    var platform = (isMac ? "macosx" : isWindows ? "windows" : "linux") + "-" + arch;
    var files = isMac ? mac : isWindows ? windows : linux;
    return files.stream()
        .map(file -> "org/bytedeco/" + artifact + "/" + platform + "/" + file)
        .toList();
  }

  /**
   * Size and checksum from the jar's directory, without unpacking; for other URLs from the content.
   */
  private static Native describe(String name, URL url) throws IOException {
    var connection = url.openConnection();
    if (connection instanceof JarURLConnection jar) {
      var entry = jar.getJarEntry();
      return new Native(name, url, entry.getSize(), entry.getCrc());
    }
    try (var in = connection.getInputStream()) {
      return new Native(name, url, connection.getContentLengthLong(), NativeCache.checksum(in));
    }
  }

  private static long fingerprint(List<Native> natives) {
    long fingerprint = 17;
    for (var file : natives) {
      fingerprint =
          31 * (31 * (31 * fingerprint + file.name().hashCode()) + file.size()) + file.checksum();
    }
    return fingerprint;
  }
}
