package io.lanewise.kernel.openblas;

import io.lanewise.kernel.natives.BundledNatives;
import io.lanewise.kernel.natives.NativeLibrary;
import io.lanewise.kernel.natives.NativePlaces;
import io.lanewise.kernel.natives.NativeSearch;
import io.lanewise.openblas.OpenBlas;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The library OpenBLAS in this JVM: found once, loaded once, set to one thread per call.
 *
 * <p>It is searched in this order:
 *
 * <ol>
 *   <li>the file or folder that the system property {@code lanewise.openblas} or the environment
 *       variable {@code LANEWISE_OPENBLAS} names; if one is set, nothing else is searched;
 *   <li>the natives of {@code org.bytedeco:openblas} on the class path ({@link BundledNatives});
 *   <li>the system's library folders.
 * </ol>
 *
 * <p>A failure is kept with the reason of every attempt, and thrown when OpenBLAS is requested by
 * name.
 *
 * @param file the library that was loaded
 * @param core the processor type of its kernels, from {@code openblas_get_corename}
 * @param config how it was built, from {@code openblas_get_config}
 */
public record OpenBlasLibrary(Path file, String core, String config) {
  private static final String CORE_TYPE = "OPENBLAS_CORETYPE";

  private static final NativePlaces PLACES =
      new NativePlaces(
          "OpenBLAS",
          "lanewise.openblas",
          "LANEWISE_OPENBLAS",
          List.of(
              "libopenblas.so.0",
              "libopenblas.so",
              "libopenblas.0.dylib",
              "libopenblas.dylib",
              "libopenblas.dll",
              "openblas.dll"),
          BundledNatives.OPENBLAS);

  /** Initialised at the first use, by one thread. */
  private static final class Once {
    static final NativeSearch<OpenBlasLibrary> SEARCH =
        NativeSearch.of(PLACES, OpenBlasLibrary::load);
  }

  /**
   * The library, loaded.
   *
   * @throws io.lanewise.BackendException if it cannot be found or loaded, with the reason of every
   *     attempt
   */
  public static OpenBlasLibrary load() {
    return Once.SEARCH.orThrow(PLACES, "Install libopenblas0");
  }

  /** The library, loaded; empty if it cannot be found or loaded. */
  public static Optional<OpenBlasLibrary> find() {
    return Optional.ofNullable(Once.SEARCH.found());
  }

  /**
   * Whether no library was found, so no warning is needed; false if one was found but cannot be
   * used.
   */
  public static boolean isAbsent() {
    return Once.SEARCH.isAbsent();
  }

  private static OpenBlasLibrary load(List<Path> files) {
    chooseCore();
    NativeLibrary.load(files);
    for (var function : List.of("cblas_sgemm", "cblas_sgemv", "openblas_set_num_threads")) {
      if (SymbolLookup.loaderLookup().find(function).isEmpty()) {
        throw new IllegalStateException("it is no OpenBLAS: there is no " + function + " in it");
      }
    }
    OpenBlas.openblas_set_num_threads(1);
    return new OpenBlasLibrary(
        files.getLast(),
        OpenBlas.openblas_get_corename().getString(0),
        OpenBlas.openblas_get_config().getString(0).strip());
  }

  /**
   * Selects the AVX-512 kernels if the processor supports them and the environment does not choose.
   * On processors newer than itself OpenBLAS chooses the kernels of Haswell, at half the speed.
   */
  private static void chooseCore() {
    if (System.getenv(CORE_TYPE) != null || !hasAvx512()) {
      return;
    }
    var linker = Linker.nativeLinker();
    var setenv = linker.defaultLookup().find("setenv");
    if (setenv.isEmpty()) {
      return;
    }
    var types =
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    try (var arena = Arena.ofConfined()) {
      int failed =
          (int)
              linker
                  .downcallHandle(setenv.get(), types)
                  .invokeExact(arena.allocateFrom(CORE_TYPE), arena.allocateFrom("SKYLAKEX"), 0);
      if (failed != 0) {
        throw new IllegalStateException("setenv failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean hasAvx512() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      var flags = lines.filter(line -> line.startsWith("flags")).findFirst().orElse("");
      return Arrays.asList(flags.split("\\s+", -1))
          .containsAll(List.of("avx512f", "avx512dq", "avx512bw", "avx512vl"));
    } catch (IOException | RuntimeException e) {
      return false; // another system, or a processor without these flags: leave the choice to
      // OpenBLAS
    }
  }
}
