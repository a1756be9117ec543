package io.lanewise.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.BackendException;
import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Here;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Workers;
import io.lanewise.kernel.openblas.OpenBlasLibrary;
import io.lanewise.memory.Region;
import io.lanewise.onednn.OneDnn;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("every-vector-width")
class OneDnnLibraryTest {
  /** Run in a JVM of its own: a JVM looks for the library once. */
  static final class Probe {
    private Probe() {}

    static void main(String[] arguments) throws IOException {
      try {
        var before = threads(); // threads of Java, and of an emulator if there is one
        var library = OneDnnLibrary.load();
        if (arguments.length == 0) {
          System.out.println("loaded " + library.file());
          return;
        }
        System.out.println("products: " + multiply());
        System.out.println("threads of OpenMP: " + countThreadsOfOpenMp(before));
      } catch (BackendException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }

    /** Uses every precision that is supported here. */
    private static List<Precision> multiply() {
      var precisions =
          Stream.of(Precision.values())
              .filter(precision -> OneDnnLibrary.refusal(precision).isEmpty())
              .toList();
      try (var workers = new Workers(2);
          var region = Region.open()) {
        for (var precision : precisions) {
          var gemm = new OneDnnGemm(workers, precision);
          var packed = gemm.pack(List.of(region.matrix(768, 768)), List.of(), region);
          gemm.apply(region.matrix(300, 768), packed, Activation.GELU, region.matrix(300, 768));
        }
      }
      return precisions;
    }

    /**
     * Counts threads without a name of their own: they have the name of the program. So have Java's
     * threads while they start, so this waits until only others are left.
     */
    private static long countThreadsOfOpenMp(Set<Path> before) throws IOException {
      long end = System.nanoTime() + 2_000_000_000L;
      while (true) {
        long unnamed =
            threads().stream()
                .filter(thread -> !before.contains(thread))
                .filter(Probe::isUnnamed)
                .count();
        if (unnamed == 0 || System.nanoTime() > end) {
          return unnamed;
        }
        Thread.onSpinWait();
      }
    }

    private static Set<Path> threads() throws IOException {
      try (var threads = Files.list(Path.of("/proc/self/task").toRealPath())) {
        return threads.collect(Collectors.toSet());
      }
    }

    private static boolean isUnnamed(Path thread) {
      try {
        return Files.readString(thread.resolve("comm")).strip().equals("java");
      } catch (IOException e) {
        return false; // it has ended
      }
    }
  }

  @TempDir Path folder;

  @BeforeAll
  static void needsIt() {
    Here.needsOneDnn();
  }

  @Test
  void takesTheNativesOfTheClassPath() throws Exception {
    assertThat(probe(System.getProperty("java.class.path"), List.of(), List.of()))
        .containsPattern("(?m)^loaded " + Pattern.quote(folder.resolve("lanewise") + "/"))
        .endsWith("libdnnl.so.3");
  }

  @Test
  void startsNoThreadsOfItsOwn() throws Exception {
    var flags = List.of("--add-modules=jdk.incubator.vector");
    var products =
        Stream.of(Precision.values())
            .filter(precision -> OneDnnLibrary.refusal(precision).isEmpty())
            .map(Precision::name)
            .toList();
    assertThat(probe(System.getProperty("java.class.path"), flags, List.of("multiply")))
        .endsWith("products: [%s]\nthreads of OpenMP: 0".formatted(String.join(", ", products)));
  }

  @Test
  void aPlaceThatTheUserNamesIsTheOnlyOneLookedAt() throws Exception {
    var flags = List.of("-Dlanewise.onednn=" + folder);
    assertThat(probe(System.getProperty("java.class.path"), flags, List.of()))
        .isEqualTo(
            "refused: oneDNN cannot be used: "
                + folder
                + " (named by the user) is no oneDNN library and holds none."
                + " Install libdnnl3, or put org.bytedeco:dnnl on the class path,"
                + " or set LANEWISE_ONEDNN");
  }

  @Test
  void aFileThatIsNoLibraryIsAReasonNotACrash() throws Exception {
    var file = Files.writeString(folder.resolve("libdnnl.so.3"), "not a library");
    var flags = List.of("-Dlanewise.onednn=" + file);
    assertThat(probe(System.getProperty("java.class.path"), flags, List.of()))
        .contains("refused: oneDNN cannot be used: " + file + ": ");
  }

  @Test
  void anotherLibraryIsAReasonNotACrash() throws Exception {
    var other = OpenBlasLibrary.load().file();
    var flags = List.of("-Dlanewise.onednn=" + other);
    assertThat(probe(System.getProperty("java.class.path"), flags, List.of()))
        .contains("it is no oneDNN: there is no dnnl_version in it");
  }

  @Test
  void withoutNativesEveryPlaceIsNamed() throws Exception {
    var classPath = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("dnnl-")) {
        classPath.add(entry);
      }
    }
    // If the machine has a oneDNN installed, that one is loaded.
    assertThat(probe(String.join(File.pathSeparator, classPath), List.of(), List.of()))
        .matches(
            "loaded /.*|refused: .*no natives of org.bytedeco:dnnl on the class path;"
                + " no libdnnl.so.3 in the system's library folders.*");
  }

  @Test
  void tellsWhatItLoadedAndWhatTheProcessorHas() {
    var library = OneDnnLibrary.load();
    assertThat(library.version()).matches("3\\.\\d+\\.\\d+");
    assertThat(OneDnnLibrary.find()).contains(library);
    for (var precision : Precision.values()) {
      Here.runs(Backend.Choice.ONEDNN, precision)
          .ifPresent(
              runs -> assertThat(OneDnnLibrary.refusal(precision).isEmpty()).isEqualTo(runs));
    }
  }

  @Test
  void aSizeThatItRefusesIsAClearError() {
    OneDnnLibrary.load();
    assertThatThrownBy(() -> OneDnnObjects.matrix(OneDnn.dnnl_f32(), -3, 5, 5, 1))
        .isInstanceOf(BackendException.class)
        .hasMessage("oneDNN gives no memory descriptor: invalid_arguments");
  }

  private String probe(String classPath, List<String> flags, List<String> arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, Probe.class.getName()));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder.environment().put("XDG_CACHE_HOME", folder.toString());
    builder.environment().put("OMP_NUM_THREADS", "4");
    builder.environment().remove("LANEWISE_ONEDNN");
    var process = builder.redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output.strip();
  }
}
