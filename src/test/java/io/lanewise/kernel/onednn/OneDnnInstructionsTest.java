package io.lanewise.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Processor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The meaning of oneDNN's bits for each processor architecture; runs on every processor. */
class OneDnnInstructionsTest {
  @ParameterizedTest
  @CsvSource({
    "0xfef, AVX-512 with AMX, true, true",
    "0xe7, AVX-512 with BF16 and VNNI, true, true",
    "0x67, AVX-512 with VNNI, false, true",
    "0x27, AVX-512, false, false",
    "0xf, AVX2 with VNNI, false, true",
    "0x7, AVX2, false, false",
    "0x3, less than AVX2, false, false"
  })
  void onX86(int bits, String label, boolean multipliesBrainFloats, boolean multipliesBytes) {
    var instructions = new OneDnnInstructions(bits, Processor.X86_64);
    assertThat(instructions.label()).isEqualTo(label);
    assertThat(instructions.refusal(Precision.FLOAT32)).isEmpty();
    assertRefusal(instructions, Precision.BFLOAT16, multipliesBrainFloats);
    assertRefusal(instructions, Precision.INT8, multipliesBytes);
  }

  private static void assertRefusal(
      OneDnnInstructions instructions, Precision precision, boolean multiplies) {
    var refusal =
        "the processor has no instructions for %s (%s)"
            .formatted(precision.label(), instructions.label());
    assertThat(instructions.refusal(precision).orElse("")).isEqualTo(multiplies ? "" : refusal);
  }

  /** The same bits also stand for sets of x86-64, which this processor does not have. */
  @ParameterizedTest
  @CsvSource({
    "0x1, Advanced SIMD",
    "0x3, SVE of 128 bits",
    "0x7, SVE of 256 bits",
    "0x27, SVE of 512 bits",
    "0xfef, SVE of 512 bits",
    "0x0, unknown instructions"
  })
  void onArm(int bits, String label) {
    var instructions = new OneDnnInstructions(bits, Processor.AARCH64);
    assertThat(instructions.label()).isEqualTo(label);
    for (var precision : Precision.values()) {
      assertThat(instructions.refusal(precision))
          .contains(
              "oneDNN is not used for %s on aarch64 (%s)".formatted(precision.label(), label));
    }
  }
}
