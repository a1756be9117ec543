package io.lanewise.kernel.natives;

import io.lanewise.BackendException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The result of the search for a native library: the library, or the reasons why there is none.
 *
 * @param found null if there is none
 * @param failures the reason of every attempt
 * @param cause of the last failure; may be null
 */
public record NativeSearch<T>(T found, List<String> failures, Throwable cause) {
  /**
   * Tries the places in order.
   *
   * @param loader loads the given files, each after the files it needs
   */
  public static <T> NativeSearch<T> of(NativePlaces places, Function<List<Path>, T> loader) {
    var failures = new ArrayList<String>();
    Throwable cause = null;
    for (var files : places.candidates(failures)) {
      try {
        return new NativeSearch<>(loader.apply(files), List.copyOf(failures), null);
      } catch (IllegalCallerException e) {
        failures.add("native access is denied: start Java with --enable-native-access=ALL-UNNAMED");
        return new NativeSearch<>(null, List.copyOf(failures), e);
      } catch (LinkageError | RuntimeException e) {
        failures.add(files.getLast() + ": " + e.getMessage());
        cause = e;
      }
    }
    return new NativeSearch<>(null, List.copyOf(failures), cause);
  }

  /**
   * Whether no library was found at the usual places; false if one was found but cannot be used.
   */
  public boolean isAbsent() {
    return found == null && failures.stream().allMatch(failure -> failure.startsWith("no "));
  }

  /**
   * The library.
   *
   * @param cure what to install, as the beginning of a sentence
   * @throws BackendException if there is none
   */
  public T orThrow(NativePlaces places, String cure) {
    if (found == null) {
      throw new BackendException(
          places.library()
              + " cannot be used: "
              + String.join("; ", failures)
              + ". "
              + cure
              + ", or put org.bytedeco:"
              + places.bundled().artifact()
              + " on the class path, or set "
              + places.variable(),
          cause);
    }
    return found;
  }
}
