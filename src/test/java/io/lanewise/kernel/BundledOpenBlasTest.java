package io.lanewise.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.image.ImageMetadata;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the natives of each platform lie in their jar; only the first is run here. */
class BundledOpenBlasTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64/libopenblas.so.0",
    "Linux, aarch64, linux-arm64/libopenblas.so.0",
    "Mac OS X, aarch64, macosx-arm64/libopenblas.0.dylib",
    "Windows 11, amd64, windows-x86_64/libopenblas.dll"
  })
  void everyPlatformHasItsFolderAndAnImageHoldsIt(String system, String processor, String last)
      throws Exception {
    var resources = BundledOpenBlas.resources(system, processor);
    assertThat(resources.getLast()).isEqualTo("org/bytedeco/openblas/" + last);
    var name = "META-INF/native-image/io.github.lanewise/lanewise/reachability-metadata.json";
    try (var in = BundledOpenBlas.class.getClassLoader().getResourceAsStream(name)) {
      var metadata = new ImageMetadata(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(resources).allMatch(metadata::holds);
    }
  }
}
