package io.lanewise.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A whole process gives the memory of a giant call back: {@link Resident} in a JVM of its own. */
class ResidentTest {
  private static final Pattern RESULT =
      Pattern.compile("at .*: (\\d+) MB\n[^$]*, (\\d+\\.\\d+) times of before");

  @Test
  @EnabledOnOs(OS.LINUX) // reads /proc
  void smallCallsAfterAGiantOneBringItsSizeBack() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Resident.class.getName(),
                "800",
                "128")
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    var found = RESULT.matcher(said);
    assertThat(found.find()).as(said).isTrue();
    assertThat(Long.parseLong(found.group(1))).as(said).isGreaterThan(400);
    assertThat(Double.parseDouble(found.group(2))).as(said).isLessThan(1.3);
  }
}
