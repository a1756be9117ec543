package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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
    assertThat(bash(absent, Map.of("HOME", "/h")))
        .isEqualTo("/h/.cache/lanewise/lanewise-nowhere.jsa\n");
    assertThat(bash("unset HOME; " + absent, Map.of())).isEqualTo("\n");
    var ofRuntime = "find_cache " + app + " lib -usr-jdk; echo \"$CACHE\"";
    assertThat(bash(ofRuntime, Map.of()))
        .isEqualTo(app + "/lib/" + name.replace(".jsa", "-usr-jdk.jsa") + "\n");
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
