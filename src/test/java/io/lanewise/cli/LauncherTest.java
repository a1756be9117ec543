package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lanewise.cli.output.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    assertThat(said)
        .isEqualTo(
            "lanewise: JDK 25 or later is needed: install one (for example from"
                + " https://adoptium.net) or set JAVA_HOME to it\nfailed\n");
  }

  @Test
  void aLaterJdkIsTaken() throws Exception {
    var later = jdk("later", "26.0.1");
    assertThat(bash("find_jdk && echo $JDK", Map.of("JAVA_HOME", later.toString())))
        .isEqualTo(later + "\n");
    assertThat(among(later, jdk("last", "27"), jdk("early", "26-ea")))
        .isEqualTo(folder.resolve("last") + "\n");
    assertThat(among(later, jdk("tested", "25.0.1"), jdk("old", "1.8.0_402")))
        .isEqualTo(folder.resolve("tested") + "\n");
  }

  @Test
  void anOlderOneIsNamed() throws Exception {
    assertThat(among(jdk("a b é", "17.0.15"), jdk("eight", "1.8.0_402"), jdk("eleven", "11.0.2")))
        .isEqualTo(
            "lanewise: found JDK 17.0.15 at "
                + folder.resolve("a b é")
                + "; JDK 25 or later is needed: install one (for example from"
                + " https://adoptium.net) or set JAVA_HOME to it\n");
  }

  /** What the launcher says where these are the only ones. */
  private String among(Path... homes) throws Exception {
    var places = Stream.of(homes).map(home -> "'" + home + "'").collect(Collectors.joining(" "));
    return bash(
        "jdk_places() { printf '%s\\n' " + places + "; }; { find_jdk && echo $JDK; } 2>&1",
        Map.of());
  }

  /** Stands for Maven: says what it does, ends when its progress was said, leaves a jar. */
  private static final String MAVEN =
      """
      #!/bin/bash
      echo "[INFO] --- maven-compiler-plugin:3.14.1:compile (default-compile) @ lanewise ---"
      until grep -q compiler "$SAID"; do read -t 0.05 <> <(:); done
      [[ $* != *package* || -n $FAILS ]] && { echo "[ERROR] no such thing"; exit 1; }
      mkdir -p target/lib && touch target/lanewise.jar
      """;

  @Test
  void aBuildSaysWhatItIsAt() throws Exception {
    var project = Files.createDirectories(folder.resolve("a b é"));
    Files.createDirectories(project.resolve("src/main"));
    Files.createFile(project.resolve("pom.xml"));
    var maven = Files.writeString(folder.resolve("mvn"), MAVEN);
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    var said = Files.createFile(folder.resolve("said"));
    var build = "PATH='%s':$PATH; build_jar '%s' 2>'%s'; echo $?".formatted(folder, project, said);
    var environment = Map.of("SAID", said.toString(), "LANEWISE_PROGRESS", "1");
    assertThat(bash(build, environment)).isEqualTo("0\n");
    assertThat(said)
        .content()
        .startsWith("lanewise: building target/lanewise.jar; the first time this also downloads")
        .containsPattern("\nlanewise: building, \\d+ s: maven-compiler-plugin compile\n")
        .endsWith("\nlanewise: built\n");
    assertThat(project.resolve("target/lanewise.jar")).exists();
    Files.delete(project.resolve("target/lanewise.jar"));
    Files.writeString(said, "");
    var failing = Map.of("SAID", said.toString(), "LANEWISE_PROGRESS", "1", "FAILS", "yes");
    assertThat(bash(build, failing)).isEqualTo("1\n");
    assertThat(said).content().contains("\n[ERROR] no such thing\nlanewise: the build failed");
  }

  /** Without a locale Java would not find the class path. */
  @Test
  void aFolderMayHaveBlanksAndAccents() throws Exception {
    var home = Files.createDirectories(folder.resolve("a b é"));
    var path = new ArrayList<String>();
    for (var entry : Run.classPath().split(":", -1)) {
      var jar = home.resolve(path.size() + ".jar");
      boolean isJar = entry.endsWith(".jar"); // the tests' own classes are a folder
      path.add(isJar ? Files.copy(Path.of(entry), jar).toString() : entry);
    }
    var launch =
        "launch '%s' target x '%s/bin/java' '%s' --version"
            .formatted(home, System.getProperty("java.home"), String.join(":", path));
    for (var locale : List.of("C", "xx_XX.UTF-8")) {
      var environment = Map.of("LC_ALL", locale, "LANEWISE_CACHE", "off");
      assertThat(bash("use_utf8; " + launch, environment)).startsWith("lanewise ");
    }
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
            + "/bin/java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -cp"
            + " '"
            + Run.classPath()
            + "' -Dlanewise.stderr=3 io.lanewise.cli.Main ";
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
    var builder = new ProcessBuilder(BASH.toString(), "-c", "source '" + SCRIPT + "'; " + script);
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
