package io.lanewise.checkpoint.format;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class FloatsTest {
  private static final int ALL = 1 << 16;

  private static float[] widen(DType dtype, MemorySegment source, int count) {
    try (var region = Region.scratch()) {
      var target = region.floats(count);
      Floats.widen(dtype, source, target);
      return target.toArray(JAVA_FLOAT);
    }
  }

  /** All bit patterns, at an odd address. */
  private static MemorySegment allShorts(Region region) {
    var source = region.allocate(2L * ALL + 1).asSlice(1);
    for (int i = 0; i < ALL; i++) {
      source.setAtIndex(JAVA_SHORT_UNALIGNED, i, (short) i);
    }
    return source;
  }

  /** IEEE 754 binary16, spelled out. */
  private static float half(int bits) {
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    double magnitude =
        exponent == 31
            ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
            : exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.pow(2, exponent - 25);
    return (float) (bits < 0x8000 ? magnitude : -magnitude);
  }

  @Test
  void everyHalfIsWidenedExactly() {
    try (var region = Region.scratch()) {
      var floats = widen(DType.F16, allShorts(region), ALL);
      for (int i = 0; i < ALL; i++) {
        assertThat(floats[i]).as("half %04x", i).isEqualTo(Float.valueOf(half(i)));
      }
    }
  }

  @Test
  void everyBrainFloatIsTheUpperHalfOfAFloat() {
    try (var region = Region.scratch()) {
      var floats = widen(DType.BF16, allShorts(region), ALL);
      for (int i = 0; i < ALL; i++) {
        assertThat(Float.floatToRawIntBits(floats[i])).isEqualTo(i << 16);
      }
    }
  }

  @Test
  void doublesAreRounded() {
    double[] values = {0.1, -0.0, 1e300, -1e300, 1e-320, Double.NaN, 1 + 0x1p-24, 1 + 0x1.8p-24};
    var floats = widen(DType.F64, MemorySegment.ofArray(values), values.length);
    assertThat(floats)
        .containsExactly(
            0.1f,
            -0.0f,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0,
            Float.NaN,
            1,
            1 + 0x1p-23f);
  }

  @Test
  void lengthsAroundABlock() {
    for (int count : new int[] {0, 1, 4095, 4096, 4097, 12289}) {
      try (var region = Region.scratch()) {
        var source = region.allocate(8L * count);
        for (int i = 0; i < count; i++) {
          source.setAtIndex(JAVA_DOUBLE_UNALIGNED, i, i);
        }
        var floats = widen(DType.F64, source, count);
        for (int i = 0; i < count; i++) {
          assertThat(floats[i]).isEqualTo(i);
        }
        var ones = region.floats(count + 1);
        Floats.fill(ones.asSlice(0, 4L * count), 1);
        assertThat(ones.getAtIndex(JAVA_FLOAT, count)).isZero();
        for (int i = 0; i < count; i++) {
          assertThat(ones.getAtIndex(JAVA_FLOAT, i)).isEqualTo(1);
        }
      }
    }
  }
}
