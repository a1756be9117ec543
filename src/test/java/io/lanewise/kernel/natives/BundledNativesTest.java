package io.lanewise.kernel.natives;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.image.ImageMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The paths of the native libraries of each platform in their jar; only those of this platform are
 * loaded.
 */
class BundledNativesTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, openblas/linux-x86_64/libopenblas.so.0, dnnl/linux-x86_64/libdnnl.so.3",
    "Linux, aarch64, openblas/linux-arm64/libopenblas.so.0, dnnl/linux-arm64/libdnnl.so.3",
    "Mac OS X, aarch64, openblas/macosx-arm64/libopenblas.0.dylib,"
        + " dnnl/macosx-arm64/libdnnl.3.dylib",
    "Windows 11, amd64, openblas/windows-x86_64/libopenblas.dll, dnnl/windows-x86_64/dnnl.dll"
  })
  void everyPlatformHasItsFolderAndAnImageHoldsIt(
      String system, String processor, String openBlas, String oneDnn) throws Exception {
    var resources = new ArrayList<String>();
    resources.addAll(BundledNatives.OPENBLAS.resources(system, processor));
    assertThat(resources.getLast()).isEqualTo("org/bytedeco/" + openBlas);
    resources.addAll(BundledNatives.ONEDNN.resources(system, processor));
    assertThat(resources.getLast()).isEqualTo("org/bytedeco/" + oneDnn);
    var name = "META-INF/native-image/io.github.lanewise/lanewise/reachability-metadata.json";
    try (var in = BundledNatives.class.getClassLoader().getResourceAsStream(name)) {
      var metadata = new ImageMetadata(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(resources).allMatch(metadata::holds);
    }
  }
}
