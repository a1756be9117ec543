package io.lanewise.springai.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;
import sample.SearchApplication;

/** The sample in a jar of Spring Boot, with all its libraries in it, run by {@code java -jar}. */
class RepackagedJarTest {
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";
  private static final String SCALAR =
      "plain Java runs instead of the vector kernels, about 50 times slower: the module"
          + " jdk.incubator.vector is missing: start Java with --add-modules jdk.incubator.vector";

  /** Of the tests alone. */
  private static final String NOT_OF_THE_APPLICATION =
      "(junit|opentest4j|apiguardian|assertj|byte-buddy|spring-test|spring-boot-test"
          + "|spring-boot-loader-tools|commons-(compress|codec|io|lang3)|surefire).*";

  @TempDir private static Path folder;
  private static Path jar;

  @BeforeAll
  static void repackage() throws Exception {
    var classes =
        Path.of(
            SearchApplication.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Enable-Native-Access", "ALL-UNNAMED");
    jar = folder.resolve("search.jar");
    pack(classes, "sample/", jar, manifest);
    var libraries = libraries();
    var repackager = new Repackager(jar.toFile());
    repackager.setBackupSource(false);
    repackager.setMainClass(SearchApplication.class.getName());
    repackager.repackage(
        callback -> {
          for (var library : libraries) {
            callback.library(new Library(library, LibraryScope.COMPILE));
          }
        });
  }

  /** The class path of an application: what is a folder here is a jar there. */
  private static List<File> libraries() throws IOException {
    var libraries = new ArrayList<File>();
    for (var entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      var path = Path.of(entry);
      if (Files.isDirectory(path)) {
        var packed = folder.resolve("lanewise-" + libraries.size() + ".jar");
        pack(path, "", packed, new Manifest());
        libraries.add(packed.toFile());
      } else if (!path.getFileName().toString().matches(NOT_OF_THE_APPLICATION)) {
        libraries.add(path.toFile());
      }
    }
    return libraries;
  }

  private static void pack(Path classes, String under, Path jar, Manifest manifest)
      throws IOException {
    try (var files = Files.walk(classes);
        var out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        if (name.startsWith(under) && !name.equals("META-INF/MANIFEST.MF")) {
          out.putNextEntry(new ZipEntry(name));
          Files.copy(file, out);
          out.closeEntry();
        }
      }
    }
  }

  private static Processes.Ended start(
      Path java, List<String> flags, Map<String, String> environment, List<String> arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(java.toString());
    command.addAll(flags);
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(arguments);
    return Processes.run(command, environment);
  }

  private static Processes.Ended start(List<String> flags, String... more)
      throws IOException, InterruptedException {
    return start(Processes.java(), flags, Map.of(), Processes.sample(more));
  }

  private static void assertOnVectors(Processes.Ended ended) {
    Processes.assertAnswered(ended.output());
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).doesNotContain("plain Java runs");
  }

  @Test
  void answersWithTheFlag() throws Exception {
    assertOnVectors(start(List.of(VECTORS), "--spring.ai.lanewise.vector-module-required=true"));
  }

  @Test
  void answersSlowerWithoutTheFlagAndSaysSoOnce() throws Exception {
    var ended = start(List.of());
    Processes.assertAnswered(ended.output());
    assertThat(ended.code()).isZero();
    assertThat(ended.output()).containsOnlyOnce(SCALAR);
  }

  /** A manifest has no entry for the flag; these two variables are how a jar gets it unasked. */
  @Test
  void theFlagComesFromTheEnvironment() throws Exception {
    for (var variable : List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")) {
      assertOnVectors(
          start(Processes.java(), List.of(), Map.of(variable, VECTORS), Processes.sample()));
    }
  }

  @Test
  void stopsAtTheStartWhereTheModuleIsRequired() throws Exception {
    var ended = start(List.of(), "--spring.ai.lanewise.vector-module-required=true");
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output())
        .contains("APPLICATION FAILED TO START")
        .contains("because Java was started without --add-modules jdk.incubator.vector")
        .doesNotContain("\tat ");
  }

  @Test
  void stopsAtTheStartWhereThereIsNoModel() throws Exception {
    var ended =
        start(
            Processes.java(),
            List.of(VECTORS),
            Map.of(),
            Processes.sample(Path.of("/no/such/folder")));
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.output())
        .contains("APPLICATION FAILED TO START")
        .contains("there is no folder /no/such/folder")
        .contains("Correct spring.ai.lanewise.embedding.model")
        .doesNotContain("\tat ");
  }

  /**
   * Where Maven itself runs on an older Java that one is asked, and otherwise that of the tests.
   */
  @Test
  void anOlderJavaSaysWhatItLacks() throws Exception {
    var home = Path.of(System.getProperty("lanewise.other-java"));
    var ended = start(home.resolve("bin").resolve("java"), List.of(), Map.of(), Processes.sample());
    if (Arrays.asList("17", "18", "19", "20", "21", "22", "23", "24").contains(version(home))) {
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.output())
          .contains("Lanewise needs Java 25 or later, and this is Java " + version(home))
          .doesNotContain("\tat ");
    } else {
      Processes.assertAnswered(ended.output());
    }
  }

  private static String version(Path home) throws IOException {
    for (var line : Files.readAllLines(home.resolve("release"))) {
      if (line.startsWith("JAVA_VERSION=")) {
        return line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1");
      }
    }
    return "unknown";
  }
}
