package io.lanewise.kernel.natives;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The places where a native library is searched: only the file or folder that the user names; if
 * none is named, the jars on the class path, then the system's library folders.
 *
 * @param library its name in messages
 * @param property the system property that names a file or folder
 * @param variable the environment variable with the same meaning
 * @param fileNames of the library itself, on the systems that have it
 * @param bundled its natives on the class path
 */
public record NativePlaces(
    String library,
    String property,
    String variable,
    List<String> fileNames,
    BundledNatives bundled) {
  /**
   * The libraries to try, each as a list that starts with the files it needs.
   *
   * @param failures receives a reason for each place without a library
   */
  List<List<Path>> candidates(List<String> failures) {
    var named = System.getProperty(property, System.getenv(variable));
    if (named != null && !named.isBlank()) {
      var file = in(Path.of(named));
      if (file.isEmpty()) {
        failures.add(named + " (named by the user) is no " + library + " library and holds none");
      }
      return file.map(path -> List.of(List.of(path))).orElse(List.of());
    }
    var candidates = new ArrayList<List<Path>>();
    try {
      bundled
          .extract()
          .ifPresentOrElse(
              candidates::add,
              () ->
                  failures.add(
                      "no natives of org.bytedeco:" + bundled.artifact() + " on the class path"));
    } catch (IOException e) {
      failures.add(
          "the natives of org.bytedeco:" + bundled.artifact() + " cannot be extracted: " + e);
    }
    int extracted = candidates.size();
    for (var folder : systemFolders()) {
      in(folder).ifPresent(file -> candidates.add(List.of(file)));
    }
    if (candidates.size() == extracted) {
      failures.add("no " + fileNames.getFirst() + " in the system's library folders");
    }
    return candidates;
  }

  private Optional<Path> in(Path place) {
    if (!Files.isDirectory(place)) {
      return Files.isRegularFile(place) ? Optional.of(place.toAbsolutePath()) : Optional.empty();
    }
    return fileNames.stream()
        .map(name -> place.resolve(name).toAbsolutePath())
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static List<Path> systemFolders() {
    var folders = new ArrayList<Path>();
    var named = System.getenv("LD_LIBRARY_PATH");
    if (named != null) {
      for (var folder : named.split(File.pathSeparator, -1)) {
        if (!folder.isBlank()) {
          folders.add(Path.of(folder));
        }
      }
    }
    for (var folder :
        List.of(
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/x86_64-linux-gnu/openblas-pthread",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu/openblas-pthread",
            "/usr/lib64",
            "/usr/lib",
            "/usr/local/lib",
            "/opt/homebrew/opt/openblas/lib",
            "/usr/local/opt/openblas/lib")) {
      folders.add(Path.of(folder));
    }
    return folders;
  }
}
