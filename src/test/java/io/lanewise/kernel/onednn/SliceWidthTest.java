package io.lanewise.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.memory.NativeImage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SliceWidthTest {
  @ParameterizedTest
  @CsvSource({
    "768, 1, 768",
    "768, 2, 384",
    "768, 3, 256",
    "768, 4, 192",
    "768, 64, 128",
    "3072, 1, 768",
    "3072, 2, 768",
    "3072, 8, 384",
    "384, 1, 384",
    "384, 2, 192",
    "30522, 2, 768",
    "2, 2, 128"
  })
  void eachThreadHasASliceAndSlicesAreWide(int outputs, int threads, int width) {
    assertThat(SliceWidth.of(outputs, threads)).isEqualTo(NativeImage.isHere() ? 768 : width);
  }

  @ParameterizedTest
  @CsvSource({"1024, 3", "640, 3", "1280, 7"})
  void layersThatArePackedTogetherStayApart(int outputs, int threads) {
    int width = SliceWidth.of(outputs, threads);
    assertThat(NativeImage.isHere() || outputs % width == 0).isTrue();
  }
}
