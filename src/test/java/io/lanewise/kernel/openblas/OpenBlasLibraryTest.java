package io.lanewise.kernel.openblas;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.BackendException;
import io.lanewise.kernel.Here;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenBlasLibraryTest {
  /** Run in a JVM of its own: a JVM looks for the library once. */
  static final class Probe {
    private Probe() {}

    static void main() {
      try {
        System.out.println("loaded " + OpenBlasLibrary.load().file());
      } catch (BackendException e) {
        System.out.println("refused: " + e.getMessage());
      }
    }
  }

  @TempDir Path folder;

  @Test
  void takesTheNativesOfTheClassPath() throws Exception {
    Here.needsNatives();
    assertThat(probe(System.getProperty("java.class.path"), List.of()))
        .startsWith("loaded " + folder.resolve("lanewise"))
        .endsWith("libopenblas.so.0");
    // and again, from what is extracted now
    assertThat(probe(System.getProperty("java.class.path"), List.of())).startsWith("loaded ");
    try (var files = Files.list(folder.resolve("lanewise"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aPlaceThatTheUserNamesIsTheOnlyOneLookedAt() throws Exception {
    assertThat(
            probe(System.getProperty("java.class.path"), List.of("-Dlanewise.openblas=" + folder)))
        .isEqualTo(
            "refused: OpenBLAS cannot be used: "
                + folder
                + " (named by the user) is no OpenBLAS library and holds none."
                + " Install libopenblas0, or put org.bytedeco:openblas on the class path,"
                + " or set LANEWISE_OPENBLAS");
  }

  @Test
  void aFileThatIsNoLibraryIsAReasonNotACrash() throws Exception {
    var file = Files.writeString(folder.resolve("libopenblas.so.0"), "not a library");
    assertThat(probe(System.getProperty("java.class.path"), List.of("-Dlanewise.openblas=" + file)))
        .contains("refused: OpenBLAS cannot be used: " + file + ": ");
  }

  @Test
  void withoutNativesEveryPlaceIsNamed() throws Exception {
    var classPath = new ArrayList<String>();
    for (var entry : System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
      if (!entry.contains("openblas-")) {
        classPath.add(entry);
      }
    }
    // If the machine has an OpenBLAS installed, that one is loaded.
    assertThat(probe(String.join(java.io.File.pathSeparator, classPath), List.of()))
        .matches(
            "loaded /.*|refused: .*no natives of org.bytedeco:openblas on the class path;"
                + " no libopenblas.so.0 in the system's library folders.*");
  }

  @Test
  void tellsWhatItLoaded() {
    Here.needsOpenBlas();
    var library = OpenBlasLibrary.load();
    assertThat(library.core()).isNotBlank();
    assertThat(library.config()).contains("OpenBLAS");
    assertThat(OpenBlasLibrary.find()).contains(library);
  }

  private String probe(String classPath, List<String> flags)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, Probe.class.getName()));
    var builder = new ProcessBuilder(command);
    builder.environment().put("XDG_CACHE_HOME", folder.toString());
    builder.environment().remove("LANEWISE_OPENBLAS");
    var process = builder.redirectErrorStream(true).start();
    var output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output.strip();
  }
}
