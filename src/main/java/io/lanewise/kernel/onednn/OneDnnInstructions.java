package io.lanewise.kernel.onednn;

import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Processor;
import io.lanewise.onednn.OneDnn;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The instruction set that oneDNN's kernels use on this processor.
 *
 * <p>The same bits stand for different instruction sets on x86-64 and on ARM, for which oneDNN's
 * header has no names: both sets of 256 bits are 7.
 *
 * <p>Products run on oneDNN on x86-64 only. On ARM, version 3.11 has only its reference code for
 * results with gaps between the rows. For Advanced SIMD it has nothing but reference code, even
 * where it reports {@code gemm:jit}; the bits of a row would then depend on the number of rows.
 *
 * @param bits as {@code dnnl_get_effective_cpu_isa} gives them
 * @param processor that oneDNN was built for
 */
record OneDnnInstructions(int bits, Processor processor) {
  private record Named(int bits, String name) {}

  /** The instruction sets of ARM, from oneDNN's source ({@code cpu/aarch64/cpu_isa_traits.hpp}). */
  private static Stream<Named> setsOfArm() {
    return Stream.of(
        new Named(0x27, "SVE of 512 bits"),
        new Named(0x07, "SVE of 256 bits"),
        new Named(0x03, "SVE of 128 bits"),
        new Named(0x01, "Advanced SIMD"));
  }

  private static Stream<Named> setsOfX86() {
    return Stream.of(
        new Named(OneDnn.dnnl_cpu_isa_avx10_1_512_amx(), "AVX-512 with AMX"),
        new Named(OneDnn.dnnl_cpu_isa_avx512_core_bf16(), "AVX-512 with BF16 and VNNI"),
        new Named(OneDnn.dnnl_cpu_isa_avx512_core_vnni(), "AVX-512 with VNNI"),
        new Named(OneDnn.dnnl_cpu_isa_avx512_core(), "AVX-512"),
        new Named(OneDnn.dnnl_cpu_isa_avx2_vnni(), "AVX2 with VNNI"),
        new Named(OneDnn.dnnl_cpu_isa_avx2(), "AVX2"));
  }

  /** The instruction set of the loaded library. */
  static OneDnnInstructions here() {
    return new OneDnnInstructions(OneDnn.dnnl_get_effective_cpu_isa(), Processor.here());
  }

  /** Why products in this precision do not use this instruction set; empty if they do. */
  Optional<String> refusal(Precision precision) {
    if (hasProductsOf(precision)) {
      return Optional.empty();
    }
    return Optional.of(
        processor == Processor.X86_64
            ? "the processor has no instructions for %s (%s)".formatted(precision.label(), label())
            : "oneDNN is not used for %s on %s (%s)"
                .formatted(precision.label(), processor.label(), label()));
  }

  private boolean hasProductsOf(Precision precision) {
    if (processor != Processor.X86_64) {
      return false;
    }
    return switch (precision) {
      case FLOAT32 -> true;
      case BFLOAT16 ->
          has(OneDnn.dnnl_cpu_isa_avx512_core_bf16(), OneDnn.dnnl_cpu_isa_avx512_core_vnni());
      case INT8 ->
          has(OneDnn.dnnl_cpu_isa_avx512_core_vnni(), OneDnn.dnnl_cpu_isa_avx512_core())
              || has(OneDnn.dnnl_cpu_isa_avx2_vnni(), OneDnn.dnnl_cpu_isa_avx2());
    };
  }

  /** The bits of an instruction set include those of the smaller sets. */
  private boolean has(int set, int smaller) {
    int own = set & ~smaller;
    return (bits & own) == own;
  }

  /** The name of the largest set, in a few words. */
  String label() {
    var sets =
        switch (processor) {
          case X86_64 -> setsOfX86();
          case AARCH64 -> setsOfArm();
          case OTHER -> Stream.<Named>of();
        };
    return sets.filter(set -> (bits & set.bits) == set.bits)
        .map(Named::name)
        .findFirst()
        .orElse(processor == Processor.X86_64 ? "less than AVX2" : "unknown instructions");
  }
}
