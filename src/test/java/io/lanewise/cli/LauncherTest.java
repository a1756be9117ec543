package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launchers do before the JVM starts: {@code tools/jdk.sh}. */
class LauncherTest {
  private static final Path SCRIPT = Path.of("tools", "jdk.sh").toAbsolutePath();
  private static final Path BASH = Path.of("/bin/bash");

  @TempDir private Path folder;

  @BeforeAll
  static void needsBash() {
    assumeTrue(Files.isExecutable(BASH));
  }

  @Test
  void javaHomeComesFirst() throws Exception {
    var home = jdk("jdks/mine", "25.0.3");
    jdk(".jdks/newer", "25.0.9");
    assertThat(bash("find_jdk && echo $JDK", Map.of("JAVA_HOME", home.toString())))
        .isEqualTo(home + "\n");
  }

  @Test
  void theNewestOfTheUsualPlacesIsTaken() throws Exception {
    jdk(".jdks/old", "25.0.3");
    var newest = jdk(".sdkman/candidates/java/25.0.9999-tem", "25.0.9999");
    jdk(".jdks/next", "26.0.1");
    jdk(".jdks/dated", "17.0.15");
    var old = jdk("old", "21.0.9");
    assertThat(bash("find_jdk && echo $JDK", Map.of("JAVA_HOME", old.toString())))
        .isEqualTo(newest + "\n");
  }

  @Test
  void aRuntimeWithoutCompilerIsNoJdk() throws Exception {
    var home = jdk("jre", "25.0.9999");
    Files.delete(home.resolve("bin/javac"));
    assertThat(bash("find_jdk; echo \"[$JDK]\"", Map.of("JAVA_HOME", home.toString())))
        .doesNotContain("[" + home + "]");
  }

  @Test
  void withoutAnyItSaysWhatToInstall() throws Exception {
    // No folder counts as a JDK here, not even the one that runs this test.
    var said = bash("jdk_version() { :; }; find_jdk 2>&1 || echo failed", Map.of());
    assertThat(said.lines()).hasSize(2);
    assertThat(said)
        .startsWith("lanewise: no JDK 25 found")
        .contains("JAVA_HOME")
        .endsWith("failed\n");
  }

  @Test
  void aJarIsStaleWhenASourceIsNewer() throws Exception {
    var now = Instant.now();
    var source = file("src/main/java/A.java", now.minusSeconds(60));
    file("pom.xml", now.minusSeconds(60));
    for (var path : new String[] {"bindings", "src/main/java", "src/main"}) {
      Files.createDirectories(folder.resolve(path));
      Files.setLastModifiedTime(folder.resolve(path), FileTime.from(now.minusSeconds(60)));
    }
    assertThat(stale()).isEqualTo("stale\n");
    file("target/lanewise.jar", now);
    Files.createDirectories(folder.resolve("target/lib"));
    assertThat(stale()).isEqualTo("fresh\n");
    Files.setLastModifiedTime(source, FileTime.from(now.plusSeconds(60)));
    assertThat(stale()).isEqualTo("stale\n");
    Files.delete(source);
    Files.setLastModifiedTime(source.getParent(), FileTime.from(now.plusSeconds(60)));
    assertThat(stale()).isEqualTo("stale\n");
  }

  /** Standard error on {@code /dev/null}, its real self on descriptor 3: as the launcher starts. */
  @Test
  void standardErrorComesBackWhenItIsNeeded() throws Exception {
    var java =
        System.getProperty("java.home")
            + "/bin/java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp "
            + Run.classPath()
            + " -Dlanewise.stderr=3 io.lanewise.cli.Main ";
    assertThat(bash("exec 3>&1 2>/dev/null; " + java + "nonsense; echo $?", Map.of()))
        .startsWith("lanewise: Unmatched argument at index 0: 'nonsense'\n")
        .endsWith("Try 'lanewise --help'.\n2\n");
    assertThat(bash("exec 3>&1 2>/dev/null; " + java + "--version", Map.of()))
        .startsWith("lanewise ")
        .doesNotContain("WARNING");
  }

  @Test
  void theLauncherKnowsTerminals() {
    try {
      System.setProperty("lanewise.terminals", "02");
      assertThat(Terminal.here(Map.of("TERM", "xterm"), 3))
          .isEqualTo(new Terminal(true, false, true, true));
      System.setProperty("lanewise.terminals", "");
      assertThat(Terminal.here(Map.of(), 3)).isEqualTo(Terminal.NONE);
    } finally {
      System.clearProperty("lanewise.terminals");
    }
  }

  private String stale() throws Exception {
    return bash("jar_is_stale " + folder + " && echo stale || echo fresh", Map.of());
  }

  private Path file(String name, Instant time) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    Files.setLastModifiedTime(file, FileTime.from(time));
    return file;
  }

  private Path jdk(String name, String version) throws IOException {
    var home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
    var executable = PosixFilePermissions.fromString("rwxr-xr-x");
    for (var tool : new String[] {"java", "javac"}) {
      Files.setPosixFilePermissions(
          Files.createFile(home.resolve("bin").resolve(tool)), executable);
    }
    return home;
  }

  /**
   * Standard output of a script that has {@code tools/jdk.sh} sourced; HOME is the test's folder.
   */
  private String bash(String script, Map<String, String> environment) throws Exception {
    var builder = new ProcessBuilder(BASH.toString(), "-c", "source " + SCRIPT + "; " + script);
    builder.environment().remove("JAVA_HOME");
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    var process = builder.start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
