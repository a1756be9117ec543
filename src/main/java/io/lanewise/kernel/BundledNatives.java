package io.lanewise.kernel;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The natives that a jar of {@code org.bytedeco} carries, extracted to a folder of the user's
 * cache: a library and those that it needs. JavaCPP, which wraps them, is not used.
 *
 * @param artifact of the group {@code org.bytedeco}
 * @param linux file names in the order in which they can be loaded, the library itself last
 * @param mac the same for macOS
 * @param windows the same for Windows
 */
record BundledNatives(String artifact, List<String> linux, List<String> mac, List<String> windows) {
  /** OpenBLAS, and what it needs of GCC. */
  static final BundledNatives OPENBLAS =
      new BundledNatives(
          "openblas",
          List.of("libgcc_s.so.1", "libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0"),
          List.of(
              "libgcc_s.1.1.dylib",
              "libquadmath.0.dylib",
              "libgfortran.5.dylib",
              "libopenblas.0.dylib"),
          List.of("libopenblas.dll"));

  /** oneDNN, and the OpenMP that it is built for. */
  static final BundledNatives ONEDNN =
      new BundledNatives(
          "dnnl",
          List.of("libgomp.so.1", "libdnnl.so.3"),
          List.of("libomp.dylib", "libdnnl.3.dylib"),
          List.of("dnnl.dll"));

  /** A file in the jar, and what tells its contents from another version's. */
  private record Native(String name, URL url, long size, long checksum) {}

  /**
   * The extracted files in the order in which to load them; empty if they are not on the class
   * path. Safe for any number of processes at once.
   */
  Optional<List<Path>> extract() throws IOException {
    var natives = natives();
    if (natives.isEmpty() || !natives.getLast().name.contains(artifact)) {
      return Optional.empty();
    }
    var folder = cache().resolve(artifact + "-" + Long.toHexString(fingerprint(natives)));
    if (!isComplete(folder, natives)) {
      install(natives, folder);
    }
    return Optional.of(natives.stream().map(file -> folder.resolve(file.name)).toList());
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
   * Where the files lie in the jar for a system and a processor, as Java's properties name them.
   * Linux on x86-64 is tested; its folder on ARM, macOS and Windows are named as their jars do.
   */
  List<String> resources(String system, String processor) {
    var name = system.toLowerCase(Locale.ROOT);
    boolean isMac = name.contains("mac");
    boolean isWindows = name.startsWith("windows");
    var arch =
        switch (processor) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm64";
          default -> processor;
        };
    var platform = (isMac ? "macosx" : isWindows ? "windows" : "linux") + "-" + arch;
    var files = isMac ? mac : isWindows ? windows : linux;
    return files.stream()
        .map(file -> "org/bytedeco/" + artifact + "/" + platform + "/" + file)
        .toList();
  }

  /** From the jar's directory, so that nothing is unpacked to be compared. */
  private static Native describe(String name, URL url) throws IOException {
    var connection = url.openConnection();
    if (connection instanceof JarURLConnection jar) {
      var entry = jar.getJarEntry();
      return new Native(name, url, entry.getSize(), entry.getCrc());
    }
    return new Native(name, url, connection.getContentLengthLong(), connection.getLastModified());
  }

  private static long fingerprint(List<Native> natives) {
    long fingerprint = 17;
    for (var file : natives) {
      fingerprint =
          31 * (31 * (31 * fingerprint + file.name.hashCode()) + file.size) + file.checksum;
    }
    return fingerprint;
  }

  /** {@code XDG_CACHE_HOME}, or the place that the system has for such files. */
  private static Path cache() {
    var xdg = System.getenv("XDG_CACHE_HOME");
    var local = System.getenv("LOCALAPPDATA");
    Path root;
    if (xdg != null && !xdg.isBlank()) {
      root = Path.of(xdg);
    } else if (local != null && !local.isBlank()) {
      root = Path.of(local);
    } else {
      root = Path.of(System.getProperty("user.home"), ".cache");
    }
    return root.resolve("lanewise");
  }

  private static boolean isComplete(Path folder, List<Native> natives) throws IOException {
    for (var file : natives) {
      var path = folder.resolve(file.name);
      if (!Files.isRegularFile(path) || Files.size(path) != file.size) {
        return false;
      }
    }
    return true;
  }

  /** Beside the place first, then moved there as a whole: nobody ever sees half of it. */
  private void install(List<Native> natives, Path folder) throws IOException {
    Files.createDirectories(folder.getParent());
    var fresh = Files.createTempDirectory(folder.getParent(), artifact + "-");
    try {
      for (var file : natives) {
        try (var in = file.url.openStream()) {
          Files.copy(in, fresh.resolve(file.name));
        }
      }
      if (Files.exists(folder) && !isComplete(folder, natives)) {
        delete(folder);
      }
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!isComplete(folder, natives)) { // no other process was faster
        throw e;
      }
    } finally {
      delete(fresh);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var files = Files.walk(folder)) {
        for (var path : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
