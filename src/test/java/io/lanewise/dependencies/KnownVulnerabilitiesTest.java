package io.lanewise.dependencies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The list of known vulnerabilities, and what it finds. The build holds its bill to it. */
class KnownVulnerabilitiesTest {
  private static final Path LIST = Path.of("tools", "dependencies", "vulnerable.tsv");

  private static List<String> check(String... components) throws Exception {
    var tree = new JsonMapper().createObjectNode();
    var array = tree.putArray("components");
    for (var component : components) {
      var parts = component.split(":", -1);
      array.addObject().put("group", parts[0]).put("name", parts[1]).put("version", parts[2]);
    }
    return KnownVulnerabilities.check(KnownVulnerabilities.read(Files.readAllLines(LIST)), tree);
  }

  @Test
  void whatCameAlongOnceIsFound() throws Exception {
    assertThat(
            check(
                "org.lz4:lz4-java:1.8.0",
                "org.apache.commons:commons-lang3:3.17.0",
                "org.msgpack:msgpack-core:0.9.8",
                "at.yawk.lz4:lz4-java:1.10.0"))
        .containsExactly(
            "org.lz4:lz4-java 1.8.0 has CVE-2025-12183"
                + " (https://nvd.nist.gov/vuln/detail/CVE-2025-12183): there is no version without"
                + " it, leave it out",
            "org.apache.commons:commons-lang3 3.17.0 has CVE-2025-48924"
                + " (https://nvd.nist.gov/vuln/detail/CVE-2025-48924): take 3.18.0 or later",
            "org.msgpack:msgpack-core 0.9.8 has CVE-2026-21452"
                + " (https://nvd.nist.gov/vuln/detail/CVE-2026-21452): take 0.9.11 or later",
            "at.yawk.lz4:lz4-java 1.10.0 has CVE-2025-66566"
                + " (https://nvd.nist.gov/vuln/detail/CVE-2025-66566): take 1.10.1 or later");
  }

  @Test
  void whatWasMendedIsNot() throws Exception {
    assertThat(
            check(
                "org.apache.commons:commons-lang3:3.18.0",
                "org.msgpack:msgpack-core:0.9.11",
                "org.msgpack:jackson-dataformat-msgpack:0.9.8",
                "at.yawk.lz4:lz4-java:1.10.1"))
        .isEmpty();
    assertThatThrownBy(() -> check()).hasMessageContaining("no components");
    assertThatThrownBy(() -> KnownVulnerabilities.read(List.of("a:b 0 1")))
        .hasMessageContaining("not five columns: a:b 0 1");
  }

  @Test
  void versionsAreOrderedAsMavenOrdersThem() {
    var ordered =
        List.of("0", "0.9.8", "0.9.11", "1-rc1", "1", "1.8.0", "1.10", "2.13.4.1", "2.13.4.2");
    for (int i = 0; i < ordered.size(); i++) {
      for (int j = 0; j < ordered.size(); j++) {
        assertThat(KnownVulnerabilities.compare(ordered.get(i), ordered.get(j)))
            .as(ordered.get(i) + " " + ordered.get(j))
            .isEqualTo(Integer.signum(i - j));
      }
    }
  }

  /** The tests see what the command line has, and more. */
  @Test
  void theDecompressorsOfHdf5AreNotThere() {
    var jars =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(entry -> Path.of(entry).getFileName().toString());
    assertThat(jars).noneMatch(jar -> jar.matches("(lz4-java|compress-lzf)-.*"));
  }
}
