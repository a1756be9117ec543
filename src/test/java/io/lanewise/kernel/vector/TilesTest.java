package io.lanewise.kernel.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The committed tiles and loops for few rows equal the generated ones. */
class TilesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/lanewise/kernel/vector");

  @Test
  void areAsTheyAreDescribed() throws IOException {
    for (var file : KernelWriter.sources().entrySet()) {
      assertThat(SOURCES.resolve(file.getKey()))
          .as("written by KernelWriter; its first lines say how to write it anew")
          .hasContent(file.getValue());
    }
  }
}
