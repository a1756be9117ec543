package io.lanewise.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.cli.Main;
import io.lanewise.cli.Run;
import io.lanewise.kernel.speed.ProductSpeed;
import io.lanewise.memory.NativeImage;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        .containsPattern(
            "(?m)^products +reach [0-9]\\.[0-9]{2} of the multiply-adds' peak on one thread,"
                + " which is [1-9][0-9]* GFLOP/s$")
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
    assertThat(DoctorCommand.slowVectors(0.01, 256, true))
        .hasValueSatisfying(cure -> assertThat(cure).contains("-H:+VectorAPISupport"));
    assertThat(DoctorCommand.slowVectors(0.01, 256, false))
        .hasValueSatisfying(cure -> assertThat(cure).contains("-XX:TieredStopAtLevel"));
    assertThat(DoctorCommand.slowVectors(3.9, 128, true))
        .hasValueSatisfying(cure -> assertThat(cure).contains("128 bits", "-march=native"));
    assertThat(DoctorCommand.slowVectors(3.9, 512, true))
        .hasValueSatisfying(cure -> assertThat(cure).contains("-Ob", "OpenBLAS"));
    assertThat(DoctorCommand.slowVectors(3.9, 512, false)).isEmpty();
    assertThat(DoctorCommand.slowVectors(12, 256, true)).isEmpty();
    assertThat(DoctorCommand.slowVectors(Double.NaN, 0, false)).isEmpty();
  }

  @Test
  void saysWhatMayBeInTheWayOfProducts() {
    assertThat(DoctorCommand.slowProducts(new ProductSpeed(1e11, 0.7, 0.9), List.of())).isEmpty();
    assertThat(warning(new ProductSpeed(1e11, 0.69, 0.9), "-XX:UseAVX=1"))
        .contains("reach 0.69 of", "0.90 in the best moment", "neighbour")
        .doesNotContain("UseAVX");
    assertThat(warning(new ProductSpeed(1e11, 0.4, 0.69), "-XX:UseAVX=1"))
        .endsWith("remove the JVM's flags -XX:UseAVX=1");
    assertThat(warning(new ProductSpeed(1e11, 0.4, 0.69)))
        .contains("debugger or profiler", "UseFPUForSpilling");
  }

  private static String warning(ProductSpeed speed, String... flags) {
    return DoctorCommand.slowProducts(speed, List.of(flags)).orElseThrow();
  }

  /** The kernels that a run with the same options names are those that the doctor names. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--threads 3",
        "--threads 1 --dtype bf16",
        "--dtype int8",
        "--gemm scalar",
        "--gemm vector --dtype int8"
      })
  void saysWhatARunWouldSay(String options) {
    var run = Run.of(("fill-mask --debug -k1 [MASK] " + options).split(" ", -1));
    var reasons =
        run.err().lines().map(line -> line.replaceFirst("^lanewise: ", "")).distinct().toList();
    assertThat(reasons).isNotEmpty();
    var model = Path.of("weights", "albert-tiny-demo").toString();
    var said = Run.of(("doctor -m " + model + " " + options).split(" ", -1));
    assertThat(said.code()).isZero();
    var kernels = said.out().substring(said.out().indexOf("\nits kernels"));
    assertThat(kernels).contains(reasons);
    assertThat(said.out()).contains("\nmodel ", "albert ForPreTraining", "\ntokenizer ");
  }

  @Test
  void countsTheThreadsOfARun() {
    int processors = Runtime.getRuntime().availableProcessors();
    var threads = processors == 1 ? "one thread, the caller's" : processors + " threads a call";
    assertThat(Run.of("doctor").out()).contains(threads);
    assertThat(Run.of("doctor", "--threads", "3").out()).contains("3 threads a call");
  }

  @Test
  void saysWhatKeepsAModelFromRunning() {
    var model = Path.of("src/test/resources/goldens/bad_missing_tensor").toString();
    var run = Run.of("doctor", "-m", model);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .containsPattern("\nmodel +no: missing tensor nezha\\.encoder")
        .contains("warning: the model cannot be loaded");
  }
}
