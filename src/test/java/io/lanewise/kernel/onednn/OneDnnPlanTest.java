package io.lanewise.kernel.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.kernel.Here;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No product runs on oneDNN's reference code, on any processor. */
class OneDnnPlanTest {
  @Test
  void fewRowsThatHaveAnotherKernelAreMultipliedAsMore() {
    // as oneDNN plans int8 with AMX
    var plan = new OneDnnPlan(rows -> rows < 16 ? "ref_int8:any" : "brg_matmul:avx10_1_512_amx");
    assertThat(plan.implementation()).isEqualTo("brg_matmul:avx10_1_512_amx");
    assertThat(plan.nextRows(1)).isEqualTo(16);
    for (int left = 1; left <= 300; left++) {
      assertThat(plan.nextRows(left)).isBetween(16, 128);
    }
  }

  @Test
  void aSizeWithAnotherKernelIsNotUsed() {
    var plan = new OneDnnPlan(rows -> rows == 32 ? "gemm:jit" : "brg_matmul:avx2");
    assertThat(plan.nextRows(32)).isEqualTo(40);
    assertThat(plan.nextRows(28)).isEqualTo(28);
  }

  @Test
  void sizesArePlannedWhenTheyAreNeeded() {
    var planned = new ArrayList<Integer>();
    var plan =
        new OneDnnPlan(
            rows -> {
              planned.add(rows);
              return "brg_matmul:avx512_core";
            });
    for (int again = 0; again < 2; again++) {
      assertThat(plan.nextRows(19)).isEqualTo(20);
      assertThat(plan.nextRows(200)).isEqualTo(128);
    }
    assertThat(planned).containsExactly(128, 20);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2",
    "2, 2",
    "3, 4",
    "5, 8",
    "9, 12",
    "17, 20",
    "19, 20",
    "31, 32",
    "33, 40",
    "100, 112",
    "120, 128",
    "128, 128",
    "300, 128"
  })
  void oneCallHasAllRowsAndFewMore(int left, int next) {
    var plan = new OneDnnPlan(_ -> "brg_matmul:avx512_core_vnni");
    assertThat(plan.nextRows(left)).isEqualTo(next);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ref:any", "ref_int8:any", "gemm:ref", "ref_sparse_matmul:any"})
  void referenceCodeIsNoKernel(String name) {
    assertThat(new OneDnnPlan(_ -> name).isCompiled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"brg_matmul:avx512_core_amx", "gemm:jit", "jit:f32", "brgemm:avx2_vnni"})
  void compiledCodeIs(String name) {
    assertThat(new OneDnnPlan(_ -> name).isCompiled()).isTrue();
  }

  /** Each in a process of its own, because oneDNN reads the variable once. */
  @ParameterizedTest
  @ValueSource(strings = {"AVX2", "AVX2_VNNI", "AVX512_CORE_VNNI", "AVX512_CORE_BF16", "DEFAULT"})
  void everyRowHasACompiledKernelWithTheseInstructions(String instructions)
      throws IOException, InterruptedException {
    Here.needsOneDnn();
    var lines = plans(instructions);
    System.out.println(summary(instructions, lines));
    assertThat(lines).isNotEmpty();
    assertThat(lines)
        .allSatisfy(
            line -> {
              var fields = line.split("\t", -1);
              assertThat(fields.length).as(line).isIn(3, 5);
              if (fields.length == 5) {
                assertThat(OneDnnPlan.isCompiled(fields[4])).as(line).isTrue();
              }
            });
    if (Here.isX86()) {
      assertThat(lines.stream().filter(line -> line.startsWith("FLOAT32\t")).count())
          .isGreaterThan(3);
    }
  }

  private static List<String> plans(String instructions) throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder =
        new ProcessBuilder(
            java,
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            OneDnnPlans.class.getName());
    if (instructions.equals("DEFAULT")) {
      builder.environment().remove("ONEDNN_MAX_CPU_ISA");
    } else {
      builder.environment().put("ONEDNN_MAX_CPU_ISA", instructions);
    }
    var process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().filter(line -> line.contains("\t")).toList();
  }

  /** Which implementations are used, and for how many of the rows. */
  private static String summary(String instructions, List<String> lines) {
    return instructions
        + ": "
        + lines.stream()
            .map(line -> line.split("\t", -1))
            .map(fields -> fields[0] + " " + fields[fields.length - 1])
            .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }
}
