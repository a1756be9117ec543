package io.lanewise.kernel;

import static org.junit.jupiter.api.Assumptions.abort;

import io.lanewise.BackendException;
import io.lanewise.kernel.onednn.OneDnnLibrary;
import io.lanewise.kernel.openblas.OpenBlasLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The abilities of the machine that runs the tests, found without the engine. So the tests run on
 * every processor, and find out if the engine rejects a processor's ability.
 */
public final class Here {
  /** oneDNN's names of instruction sets without products in bf16. */
  private static final Set<String> WITHOUT_BFLOAT16 =
      Set.of(
          "SSE41",
          "AVX",
          "AVX2",
          "AVX2_VNNI",
          "AVX2_VNNI_2",
          "AVX512_CORE",
          "AVX512_CORE_VNNI",
          "AVX10_1_256");

  /** oneDNN's names of instruction sets without products in int8. */
  private static final Set<String> WITHOUT_INT8 = Set.of("SSE41", "AVX", "AVX2", "AVX512_CORE");

  private static final Set<String> FLAGS = flags();

  private Here() {}

  /**
   * Whether this choice has to run here. Empty if that is unknown: on systems for which the tests'
   * class path has no native libraries.
   */
  public static Optional<Boolean> runs(Backend.Choice choice, Precision precision) {
    boolean vectors = VectorUnit.refusal().isEmpty();
    return switch (choice) {
      case AUTO, SCALAR -> Optional.of(true);
      case VECTOR -> Optional.of(vectors);
      case OPENBLAS -> onlyWithNatives(precision == Precision.FLOAT32);
      case ONEDNN -> onlyWithNatives(vectors && multiplies(precision));
    };
  }

  private static Optional<Boolean> onlyWithNatives(boolean answer) {
    return answer && !hasNatives() ? Optional.empty() : Optional.of(answer);
  }

  /**
   * Whether the processor has instructions for products in this precision, and oneDNN may use them.
   */
  static boolean multiplies(Precision precision) {
    var left = System.getenv().getOrDefault("ONEDNN_MAX_CPU_ISA", "ALL");
    return switch (precision) {
      case FLOAT32 -> isX86();
      case BFLOAT16 -> FLAGS.contains("avx512_bf16") && !WITHOUT_BFLOAT16.contains(left);
      case INT8 ->
          !WITHOUT_INT8.contains(left)
              && (FLAGS.contains("avx_vnni")
                  || (FLAGS.contains("avx512_vnni") && !left.startsWith("AVX2")));
    };
  }

  private static Set<String> flags() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      var flags = lines.filter(line -> line.startsWith("flags")).findFirst().orElse("");
      return Set.copyOf(List.of(flags.split("\\s+", -1)));
    } catch (IOException e) {
      return Set.of(); // another system, for which there are no natives here
    }
  }

  /** Whether OpenBLAS and oneDNN are on the tests' class path; if so, they have to be found. */
  static boolean hasNatives() {
    return System.getProperty("os.name").equals("Linux")
        && List.of("amd64", "aarch64").contains(System.getProperty("os.arch"));
  }

  /** Whether the processor is one of x86-64. */
  public static boolean isX86() {
    return System.getProperty("os.arch").equals("amd64");
  }

  /** Aborts a test, with the reason, on a system for which the tests' class path has no natives. */
  public static void needsNatives() {
    if (!hasNatives()) {
      abort("no natives on the class path for " + System.getProperty("os.name"));
    }
  }

  /** Aborts a test, with the reason, on a system that has no OpenBLAS. */
  public static void needsOpenBlas() {
    try {
      OpenBlasLibrary.load();
    } catch (BackendException e) {
      abortUnlessNatives(e);
    }
  }

  /** The same of oneDNN. */
  public static void needsOneDnn() {
    try {
      OneDnnLibrary.load();
    } catch (BackendException e) {
      abortUnlessNatives(e);
    }
  }

  private static void abortUnlessNatives(BackendException e) {
    if (hasNatives()) {
      throw e;
    }
    abort(e.getMessage());
  }

  /** Aborts a test, with the reason, on other processors than those of x86-64. */
  public static void needsX86() {
    if (!isX86()) {
      abort("about processors of x86-64, not " + System.getProperty("os.arch"));
    }
  }

  /** Aborts a test, with the reason, where the Vector API cannot be used. */
  public static void needsVectors() {
    VectorUnit.refusal().ifPresent(refusal -> abort(refusal));
  }
}
