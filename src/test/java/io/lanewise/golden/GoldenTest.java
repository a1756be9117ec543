package io.lanewise.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.golden.Verdict.Kind;
import io.lanewise.kernel.Backend;
import io.lanewise.model.Backends;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every case of the golden set, on every backend. */
@Tag("every-vector-width")
class GoldenTest {
  /** The shared set, and what the scripts in tools/reference add to it. */
  private static final List<Path> SETS =
      List.of(
          Path.of("src/test/resources/goldens"),
          Path.of("src/test/resources/goldens-albert"),
          Path.of("src/test/resources/goldens-bert"),
          Path.of("src/test/resources/goldens-longformer"));

  /** The names of their cases begin with the family. */
  private static final Path FAMILIES = Path.of("src/test/resources/families");

  @TestFactory
  Stream<DynamicTest> scalarEmbedders() throws IOException {
    return embedders(KernelChoice.SCALAR);
  }

  @TestFactory
  Stream<DynamicTest> vectorEmbedders() throws IOException {
    return embedders(KernelChoice.VECTOR);
  }

  @TestFactory
  Stream<DynamicTest> scalar() throws IOException {
    return cases(KernelChoice.SCALAR);
  }

  @TestFactory
  Stream<DynamicTest> vector() throws IOException {
    return cases(KernelChoice.VECTOR);
  }

  @TestFactory
  Stream<DynamicTest> openblas() throws IOException {
    return cases(KernelChoice.OPENBLAS);
  }

  /** The same numbers from three names for one kernel would prove nothing. */
  @Test
  void theBackendsAreDifferentOnes() {
    var products = new ArrayList<Class<?>>();
    for (var choice : Backend.Choice.values()) {
      if (choice != Backend.Choice.AUTO && Backends.isHere(KernelChoice.valueOf(choice.name()))) {
        try (var backend = Backend.of(choice, 1)) {
          products.add(backend.gemm().getClass());
        }
      }
    }
    assertThat(products).hasSizeGreaterThan(1).doesNotHaveDuplicates();
  }

  private static Stream<DynamicTest> cases(KernelChoice choice) throws IOException {
    var runner = new GoldenRunner(options(choice), null);
    var tests = new ArrayList<DynamicTest>();
    for (var folder : folders()) {
      var name = folder.getFileName().toString();
      tests.add(DynamicTest.dynamicTest(name, () -> run(runner, folder)));
    }
    return tests.stream();
  }

  /** Folders of embedders and cross-encoders, which answer texts. */
  private static Stream<DynamicTest> embedders(KernelChoice choice) throws IOException {
    var runner = new EmbedderRunner(options(choice));
    var folders = EmbedderRunner.cases(FAMILIES);
    assertThat(folders).hasSizeGreaterThan(12);
    return folders.stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString(),
                    () -> {
                      var verdict = runner.run(folder);
                      assertThat(verdict.kind()).as("%s", verdict).isEqualTo(Kind.PASS);
                    }));
  }

  private static Options options(KernelChoice choice) {
    return Options.DEFAULT.withBackend(Backends.hereOrAuto(choice)).withThreads(2);
  }

  private static List<Path> folders() throws IOException {
    var folders = new ArrayList<Path>();
    for (var set : SETS) {
      folders.addAll(GoldenRunner.cases(set));
    }
    for (var folder : GoldenRunner.cases(FAMILIES)) {
      folders.add(folder);
    }
    assertThat(folders).hasSizeGreaterThan(350);
    return folders;
  }

  private static void run(GoldenRunner runner, Path folder) {
    var verdict = runner.run(folder);
    assertThat(verdict.kind()).as("%s", verdict).isEqualTo(Kind.PASS);
    assertThat(Files.exists(Path.of("gatun_pwned.txt"))).as("a pickle ran code").isFalse();
  }
}
