package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.tensor.NativeImage;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the doctor says of vectors and of native images. */
class DoctorTest {
  @Test
  void measuresThatVectorKernelsBeatScalarCode() {
    var out = new ByteArrayOutputStream();
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    assertThat(Main.run(new String[] {"doctor"}, InputStream.nullInputStream(), out, err)).isZero();
    var said = out.toString(StandardCharsets.UTF_8);
    assertThat(said)
        .containsPattern("vector kernels run at [0-9]+\\.[0-9] times scalar")
        .containsPattern("(?m)^bf16 ")
        .containsPattern("(?m)^int8 ")
        .containsPattern(
            "products in int8 by oneDNN 3\\.[0-9.]+ \\(AVX|computed in fp32") // or why not
        .doesNotContain("are not compiled to vector instructions");
    if (NativeImage.isHere()) {
      assertThat(said).contains("plays a native image", "bits, fixed when the image was built");
    } else {
      assertThat(said).contains(System.getProperty("java.home"), " bits\n");
    }
  }

  @Test
  void saysWhatToDoWhenTheyDoNot() {
    assertThat(DoctorCommand.slowVectors(0.01, true))
        .hasValueSatisfying(cure -> assertThat(cure).contains("-H:+VectorAPISupport"));
    assertThat(DoctorCommand.slowVectors(0.01, false))
        .hasValueSatisfying(cure -> assertThat(cure).contains("-XX:TieredStopAtLevel"));
    assertThat(DoctorCommand.slowVectors(12, true)).isEmpty();
    assertThat(DoctorCommand.slowVectors(Double.NaN, false)).isEmpty();
  }
}
