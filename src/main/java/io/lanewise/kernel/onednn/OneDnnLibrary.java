package io.lanewise.kernel.onednn;

import io.lanewise.kernel.Precision;
import io.lanewise.kernel.natives.BundledNatives;
import io.lanewise.kernel.natives.NativeLibrary;
import io.lanewise.kernel.natives.NativePlaces;
import io.lanewise.kernel.natives.NativeSearch;
import io.lanewise.onednn.OneDnn;
import io.lanewise.onednn.dnnl_version_t;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The library oneDNN in this JVM: found once, loaded once.
 *
 * <p>It is searched in this order:
 *
 * <ol>
 *   <li>the file or folder that the system property {@code lanewise.onednn} or the environment
 *       variable {@code LANEWISE_ONEDNN} names; if one is set, nothing else is searched;
 *   <li>the natives of {@code org.bytedeco:dnnl} on the class path ({@link BundledNatives});
 *   <li>the system's library folders.
 * </ol>
 *
 * <p>A failure is kept with the reason of every attempt, and thrown when oneDNN is requested by
 * name.
 *
 * @param file the library that was loaded
 * @param version result of {@code dnnl_version}
 * @param instructionSet the largest set of instructions that its kernels use here, in a few words
 */
public record OneDnnLibrary(Path file, String version, String instructionSet) {
  private static final int MAJOR_VERSION = 3;

  private static final NativePlaces PLACES =
      new NativePlaces(
          "oneDNN",
          "lanewise.onednn",
          "LANEWISE_ONEDNN",
          List.of("libdnnl.so.3", "libdnnl.so", "libdnnl.3.dylib", "libdnnl.dylib", "dnnl.dll"),
          BundledNatives.ONEDNN);

  /** Initialised at the first use, by one thread. */
  private static final class Once {
    static final NativeSearch<OneDnnLibrary> SEARCH = NativeSearch.of(PLACES, OneDnnLibrary::load);
  }

  /**
   * The library, loaded.
   *
   * @throws io.lanewise.BackendException if it cannot be found or loaded, with the reason of every
   *     attempt
   */
  public static OneDnnLibrary load() {
    return Once.SEARCH.orThrow(PLACES, "Install libdnnl3");
  }

  /** The library, loaded; empty if it cannot be found or loaded. */
  public static Optional<OneDnnLibrary> find() {
    return Optional.ofNullable(Once.SEARCH.found());
  }

  /** What multiplies in this precision, in a few words. */
  public String describe(Precision precision) {
    return "matrix products in %s by oneDNN %s (%s)"
        .formatted(precision.label(), version, instructionSet);
  }

  /** Why products in this precision do not run on oneDNN here; empty if they do. */
  public static Optional<String> refusal(Precision precision) {
    var library = Once.SEARCH.found();
    if (library == null) {
      return Optional.of(String.join("; ", Once.SEARCH.failures()));
    }
    return OneDnnInstructions.here().refusal(precision);
  }

  private static OneDnnLibrary load(List<Path> files) {
    NativeLibrary.load(files);
    for (var function : List.of("dnnl_version", "dnnl_matmul_primitive_desc_create")) {
      if (SymbolLookup.loaderLookup().find(function).isEmpty()) {
        throw new IllegalStateException("it is no oneDNN: there is no " + function + " in it");
      }
    }
    var found = dnnl_version_t.reinterpret(OneDnn.dnnl_version(), Arena.global(), null);
    var version =
        dnnl_version_t.major(found)
            + "."
            + dnnl_version_t.minor(found)
            + "."
            + dnnl_version_t.patch(found);
    if (dnnl_version_t.major(found) != MAJOR_VERSION) {
      throw new IllegalStateException("oneDNN " + version + ", where version 3 is needed");
    }
    int runtime = dnnl_version_t.cpu_runtime(found);
    if (runtime != OneDnn.DNNL_RUNTIME_SEQ() && runtime != OneDnn.DNNL_RUNTIME_OMP()) {
      throw new IllegalStateException(
          "oneDNN "
              + version
              + " is built for another kind of threads than OpenMP's, and would start its own");
    }
    return new OneDnnLibrary(files.getLast(), version, OneDnnInstructions.here().label());
  }
}
