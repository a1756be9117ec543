package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code java -jar} does with the jar, in a folder with a blank and an accent. */
class StartTest {
  private static final Path SOURCE = Path.of("src/main/java/io/lanewise/cli/Start.java");
  private static final int JAVA_11 = 55;

  @TempDir private Path folder;
  private Path jar;

  /** The library's classes as a jar, as the build makes it. */
  @BeforeEach
  void pack() throws Exception {
    jar = Files.createDirectories(folder.resolve("a b é/target")).resolve("lanewise.jar");
    var classes = Path.of(Run.classPath().split(File.pathSeparator, -1)[0]);
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Start.class.getName());
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        var files = Files.walk(classes)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var name = classes.relativize(file).toString();
        if (!name.equals("META-INF/MANIFEST.MF")) {
          out.putNextEntry(new JarEntry(name));
          Files.copy(file, out);
        }
      }
    }
  }

  private String run(int code, String... arguments) throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder = new ProcessBuilder(java, "-Xmx300m", "-jar", jar.toString());
    builder.command().addAll(List.of(arguments));
    builder.redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C.UTF-8");
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(code);
    return said;
  }

  @Test
  void runsWithTheLibrariesBesideItAndTheVectorKernels() throws Exception {
    var lib = Files.createDirectories(jar.resolveSibling("lib"));
    for (var entry : Run.classPath().split(File.pathSeparator, -1)) {
      if (entry.endsWith(".jar")) {
        var name = Path.of(entry).getFileName();
        Files.copy(Path.of(entry), lib.resolve(name));
      }
    }
    var doctor = run(0, "doctor");
    assertThat(doctor).contains("vector kernels of").doesNotContain("scalar kernels, slow");
    assertThat(run(2, "nonsense")).contains("Unmatched argument at index 0: 'nonsense'");
    var weights = Path.of("weights").toAbsolutePath();
    var link = Files.createSymbolicLink(folder.resolve("a b é/weights"), weights);
    assertThat(run(0, "fill-mask", "The capital of [MASK] is Paris."))
        .containsPattern("(?m)^0\\.9276\\d+ +france ");
    Files.delete(link);
  }

  @Test
  void withoutLibrariesItSaysWhereTheyShouldBe() throws Exception {
    assertThat(run(1, "doctor"))
        .startsWith("lanewise: the libraries of the command line are neither in ")
        .contains(jar.resolveSibling("lib").toString())
        .contains("mvn -DskipTests package")
        .hasLineCount(1);
  }

  /** As the build compiles it: nothing in it is newer than Java 11. */
  @Test
  void anOlderJavaCanReadIt() throws Exception {
    var said = new ByteArrayOutputStream();
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    int code =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                out,
                out,
                "--release",
                "11",
                "-proc:none",
                "-implicit:none",
                "--class-path",
                Run.classPath(),
                "-d",
                folder.resolve("start").toString(),
                SOURCE.toString());
    assertThat(code).as(said.toString(StandardCharsets.UTF_8)).isZero();
    var bytes = Files.readAllBytes(folder.resolve("start/io/lanewise/cli/Start.class"));
    assertThat(bytes[7]).isEqualTo((byte) JAVA_11);
    assertThat(Start.refusal(24, "/x/java-24"))
        .isEqualTo(
            "this is Java 24 (/x/java-24), and Java 25 or later is needed: install it (for example"
                + " from https://adoptium.net) and start the jar with its bin/java");
    assertThat(Start.refusal(25, "/x")).isNull();
    assertThat(Start.refusal(27, "/x")).isNull();
  }
}
