package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the launchers come to their start-up cache: {@code tools/dist/launch.sh}. */
class StartupCacheTest {
  private static final Path SCRIPT = Path.of("tools", "dist", "launch.sh").toAbsolutePath();
  private static final Path BASH = Path.of("/bin/bash");

  /** Stands for a JVM: counts its runs, takes its time, writes the file it is asked for. */
  private static final String JAVA =
      """
      #!/bin/bash
      echo run >>"$RUNS"
      echo "$@" >>"$RUNS.arguments"
      sleep 0.2
      case $1 in
        -XX:DumpLoadedClassList=*) echo "$@" >"${1#*=}" ;;
        -Xshare:dump) cat "${2#*=}" - >"${3#*=}" <<<"$@" ;;
      esac
      """;

  @TempDir private Path folder;
  private Path java;

  @BeforeEach
  void needsBash() throws Exception {
    assumeTrue(Files.isExecutable(BASH));
    java = Files.writeString(folder.resolve("java"), JAVA);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.createDirectories(folder.resolve("app/lib"));
  }

  @Test
  void manyAtOnceMakeOne() throws Exception {
    var make = "make_cache c/x.jsa " + java + " a.jar -flag ";
    bash("for i in 1 2 3 4; do (" + make + ") & done; wait", Map.of());
    assertThat(Files.readString(folder.resolve("c/x.jsa")))
        .contains("-flag -cp a.jar io.lanewise.cli.Main fill-mask")
        .containsPattern("(?m)^-Xshare:dump .* -flag -cp a.jar$");
    assertThat(Files.readAllLines(folder.resolve("runs"))).hasSize(2);
    assertThat(folder.resolve("c/x.jsa.lock")).doesNotExist();
  }

  @Test
  void aFailureLeavesNothing() throws Exception {
    bash("(make_cache c/x.jsa /bin/false a.jar)", Map.of());
    assertThat(folder.resolve("c")).isEmptyDirectory();
    bash("(make_cache /proc/nowhere/x.jsa " + java + " a.jar); echo $?", Map.of());
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void aLockThatWasLeftBehindIsBroken() throws Exception {
    var lock = Files.createDirectories(folder.resolve("c/x.jsa.lock"));
    bash("(make_cache c/x.jsa " + java + " a.jar)", Map.of());
    assertThat(folder.resolve("runs")).doesNotExist();
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minusSeconds(3600)));
    bash("(make_cache c/x.jsa " + java + " a.jar)", Map.of());
    assertThat(folder.resolve("c/x.jsa")).isNotEmptyFile();
  }

  @Test
  void itsPlaceIsTheFolderOrTheUsersCache() throws Exception {
    var app = folder.resolve("app");
    var name = "lanewise" + app.toString().replace('/', '-') + ".jsa";
    var find = "find_cache " + app + " lib; echo \"$CACHE\"";
    assertThat(bash(find, Map.of())).isEqualTo(app + "/lib/" + name + "\n");
    assertThat(bash(find, Map.of("LANEWISE_CACHE", "off"))).isEqualTo("\n");
    assertThat(bash(find, Map.of("LANEWISE_CACHE", "/x"))).isEqualTo("/x/" + name + "\n");
    var absent = "find_cache /nowhere lib; echo \"$CACHE\"";
    var home = folder.resolve("h");
    assertThat(bash(absent, Map.of("HOME", home.toString())))
        .isEqualTo(home + "/.cache/lanewise/lanewise-nowhere.jsa\n");
    var temporary = Map.of("TMPDIR", folder.resolve("none").toString());
    assertThat(bash("unset HOME; " + absent, temporary)).isEqualTo("\n");
    var ofRuntime = "find_cache " + app + " lib -usr-jdk; echo \"$CACHE\"";
    assertThat(bash(ofRuntime, Map.of()))
        .isEqualTo(app + "/lib/" + name.replace(".jsa", "-usr-jdk.jsa") + "\n");
  }

  @Test
  void withoutAHomeItLiesInAPrivateTemporaryFolder() throws Exception {
    var file = Files.writeString(folder.resolve("file"), "no folder");
    var temporary = Files.createDirectory(folder.resolve("tmp"));
    var places = Map.of("HOME", file.toString(), "TMPDIR", temporary.toString());
    var find = "find_cache /nowhere lib; echo \"${CACHE%/*}\"";
    var place = bash(find, places).strip();
    assertThat(place).startsWith(temporary + "/lanewise-");
    assertThat(Files.getPosixFilePermissions(Path.of(place)))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    Files.delete(Path.of(place));
    Files.createSymbolicLink(Path.of(place), temporary);
    assertThat(bash(find, places)).isEqualTo("\n");
  }

  @Test
  void oneThatIsDamagedIsNotUsedAndMadeAnew() throws Exception {
    bash("(make_cache c/x.jsa " + java + " a.jar)", Map.of());
    var ask = "if is_intact c/x.jsa; then echo yes; else echo no; fi";
    assertThat(bash(ask, Map.of())).isEqualTo("yes\n");
    var archive = folder.resolve("c/x.jsa");
    var content = Files.readAllBytes(archive);
    content[content.length / 2] ^= 1;
    Files.write(archive, content); // as large as before
    assertThat(bash(ask, Map.of())).isEqualTo("no\n");
    Files.delete(folder.resolve("c/x.jsa.sum"));
    assertThat(bash(ask, Map.of())).isEqualTo("no\n");
    bash("(make_cache c/x.jsa " + java + " a.jar)", Map.of());
    assertThat(bash(ask, Map.of())).isEqualTo("yes\n");
  }

  @Test
  void aLaunchGoesWithoutADamagedOne() throws Exception {
    var app = folder.resolve("app");
    var jar = Files.writeString(app.resolve("lib/a.jar"), "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.EPOCH));
    bash("find_cache " + app + " lib; (make_cache \"$CACHE\" " + java + " a.jar)", Map.of());
    var launch = "launch " + app + " lib '' " + java + " " + jar + " go";
    bash(launch, Map.of());
    assertThat(launches()).singleElement().asString().contains("-XX:SharedArchiveFile=");
    var archive = app.resolve("lib/lanewise" + app.toString().replace('/', '-') + ".jsa");
    Files.writeString(archive, "damaged");
    bash(launch, Map.of());
    assertThat(launches().getLast()).doesNotContain("-XX:SharedArchiveFile=");
  }

  private List<String> launches() throws Exception {
    return Files.readAllLines(folder.resolve("runs.arguments")).stream()
        .filter(line -> line.endsWith("io.lanewise.cli.Main go"))
        .toList();
  }

  private String bash(String script, Map<String, String> environment) throws Exception {
    var builder = new ProcessBuilder(BASH.toString(), "-euc", "source '" + SCRIPT + "'; " + script);
    builder.directory(folder.toFile());
    builder.environment().keySet().removeIf(k -> k.startsWith("XDG_") || k.startsWith("LANEWISE"));
    builder.environment().put("RUNS", folder.resolve("runs").toString());
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    var process = builder.start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
