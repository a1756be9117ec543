package io.lanewise.springai.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

class StartCheckTest {
  private static final int JAVA_17 = 61;

  @Test
  void anOlderJavaIsToldInOneSentence() {
    assertThatThrownBy(() -> StartCheck.check(21, "/java", true, false))
        .isInstanceOf(FailureAnalyzedException.class)
        .hasMessage("Lanewise needs Java 25 or later, and this is Java 21 (/java).");
    assertThatCode(() -> StartCheck.check(25, "/java", true, true)).doesNotThrowAnyException();
  }

  @Test
  void theMissingModuleIsToldWhereItIsRequired() {
    assertThatThrownBy(() -> StartCheck.check(25, "/java", false, true))
        .isInstanceOf(FailureAnalyzedException.class)
        .hasMessageContaining("without --add-modules jdk.incubator.vector")
        .hasMessageContaining("with the same answers, about 50 times slower");
    assertThatCode(() -> StartCheck.check(25, "/java", false, false)).doesNotThrowAnyException();
  }

  /** Otherwise an older Java would fail at the class that is to say so. */
  @Test
  void theStarterIsReadByTheJavaOfSpringBoot() throws Exception {
    var folder =
        Path.of(StartCheck.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var files = Files.walk(folder.resolve("io/lanewise/springai/autoconfigure"))) {
      var classes = files.filter(file -> file.toString().endsWith(".class")).toList();
      assertThat(classes).isNotEmpty();
      for (var file : classes) {
        try (var stream = new DataInputStream(Files.newInputStream(file))) {
          stream.readInt();
          stream.readUnsignedShort();
          assertThat(stream.readUnsignedShort()).as(file.toString()).isEqualTo(JAVA_17);
        }
      }
    }
  }
}
