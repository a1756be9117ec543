package io.lanewise.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.Here;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels that nobody asked for are warned of, once in a process and with what to do about it. */
class FallbackTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";
  private static final String NATIVES = "--enable-native-access=ALL-UNNAMED";

  /** Run in a JVM of its own: loads two models and asks each. */
  static final class Probe {
    private Probe() {}

    static void main(String[] arguments) {
      var options =
          Options.DEFAULT
              .withBackend(KernelChoice.valueOf(arguments[0]))
              .withPrecision(Precision.valueOf(arguments[1]))
              .withThreads(1);
      for (int i = 0; i < 2; i++) {
        try (var model = Model.load(Path.of("weights", "albert-tiny-demo"), options)) {
          model.forward(Inputs.ids(new int[][] {{2, 4, 3}}));
        }
      }
      System.out.println("answered");
    }
  }

  /** The warnings of a process with this choice, precision, environment and flags of the JVM. */
  private static List<String> warnings(
      KernelChoice choice, Precision precision, Map<String, String> environment, String... flags)
      throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    var path =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.isEmpty())
            .collect(Collectors.joining(File.pathSeparator));
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", path, Probe.class.getName()));
    command.addAll(List.of(choice.name(), precision.name()));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LANEWISE_"));
    builder.environment().putAll(environment);
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("answered");
    return said.lines()
        .filter(line -> line.startsWith("WARNING: ") && !line.contains("incubator modules"))
        .toList();
  }

  private static void assertOne(List<String> warnings, String... words) {
    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst()).contains(words);
  }

  @Test
  void withoutTheModuleOfTheVectorApi() throws Exception {
    assertOne(
        warnings(KernelChoice.AUTO, Precision.FLOAT32, Map.of(), NATIVES),
        "plain Java runs instead of the vector kernels",
        "start Java with --add-modules jdk.incubator.vector");
  }

  @Test
  void withoutFusedMultiplyAdd() throws Exception {
    Here.needsX86();
    assertOne(
        warnings(KernelChoice.AUTO, Precision.FLOAT32, Map.of(), MODULE, NATIVES, "-XX:UseAVX=0"),
        "plain Java runs instead of the vector kernels",
        "lacks fused multiply-add instructions");
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void onAProcessorWithoutTheInstructions(Precision precision) throws Exception {
    Here.needsVectors();
    Here.needsOneDnn();
    var few = Map.of("ONEDNN_MAX_CPU_ISA", "AVX2");
    assertOne(
        warnings(KernelChoice.AUTO, precision, few, MODULE, NATIVES),
        "weights of %s are computed in fp32: %s"
            .formatted(
                precision.label(),
                Here.isX86()
                    ? "the processor has no instructions for " + precision.label() + " ("
                    : "oneDNN is not used for " + precision.label() + " on "),
        "--dtype f32",
        "Options.withPrecision(Precision.FLOAT32)");
  }

  @Test
  void withoutTheNativesOfOneDnn() throws Exception {
    Here.needsVectors();
    var nowhere = Map.of("LANEWISE_ONEDNN", "/nowhere");
    assertOne(
        warnings(KernelChoice.AUTO, Precision.INT8, nowhere, MODULE, NATIVES),
        "weights of int8 are computed in fp32, slower: oneDNN cannot be used: /nowhere",
        "put org.bytedeco:dnnl on the class path");
  }

  @Test
  void whereNativeAccessIsDenied() throws Exception {
    Here.needsVectors();
    Here.needsOneDnn();
    assertOne(
        warnings(
            KernelChoice.AUTO,
            Precision.BFLOAT16,
            Map.of(),
            MODULE,
            "--illegal-native-access=deny"),
        "weights of bf16 are computed in fp32, slower",
        "start Java with --enable-native-access=ALL-UNNAMED");
  }

  @Test
  void whereOpenBlasCannotRunTheFirstCalls() throws Exception {
    Here.needsVectors();
    var nowhere = Map.of("LANEWISE_OPENBLAS", "/nowhere");
    var always = "-Dlanewise.first-calls=always";
    assertOne(
        warnings(KernelChoice.AUTO, Precision.FLOAT32, nowhere, MODULE, NATIVES, always),
        "the first calls are slow",
        "OpenBLAS cannot be used: /nowhere",
        "set LANEWISE_OPENBLAS");
  }

  @Test
  void whatWasAskedForIsNoFallback() throws Exception {
    Here.needsVectors();
    var none = Map.<String, String>of();
    assertThat(warnings(KernelChoice.AUTO, Precision.FLOAT32, none, MODULE, NATIVES)).isEmpty();
    assertThat(warnings(KernelChoice.SCALAR, Precision.INT8, none, NATIVES)).isEmpty();
    assertThat(warnings(KernelChoice.VECTOR, Precision.BFLOAT16, none, MODULE, NATIVES)).isEmpty();
  }
}
