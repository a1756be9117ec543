package io.lanewise.bench;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend.Choice;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.Precision;
import io.lanewise.memory.Matrix;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Products with weights: many rows, and the single row of decoding. tools/bench/jmh runs it. */
public class GemmBenchmark extends KernelBenchmark {
  /** Who multiplies, and what the weights are held in. */
  public enum Kernel {
    VECTOR_FP32(Choice.VECTOR, Precision.FLOAT32),
    VECTOR_BF16(Choice.VECTOR, Precision.BFLOAT16),
    VECTOR_INT8(Choice.VECTOR, Precision.INT8),
    OPENBLAS_FP32(Choice.OPENBLAS, Precision.FLOAT32),
    ONEDNN_FP32(Choice.ONEDNN, Precision.FLOAT32),
    ONEDNN_BF16(Choice.ONEDNN, Precision.BFLOAT16),
    ONEDNN_INT8(Choice.ONEDNN, Precision.INT8),
    SCALAR_FP32(Choice.SCALAR, Precision.FLOAT32);

    private final Choice choice;
    private final Precision precision;

    Kernel(Choice choice, Precision precision) {
      this.choice = choice;
      this.precision = precision;
    }
  }

  /** Which kernel; one that this machine does not have ends with what it lacks. */
  @Param({
    "VECTOR_FP32",
    "VECTOR_BF16",
    "VECTOR_INT8",
    "OPENBLAS_FP32",
    "ONEDNN_FP32",
    "ONEDNN_BF16",
    "ONEDNN_INT8"
  })
  public Kernel kernel;

  /** Rows. */
  @Param({"1", "16", "128", "384"})
  public int tokens;

  private Gemm.Packed fused;
  private Gemm.Packed intermediate;
  private Matrix x;
  private Matrix three;
  private Matrix wide;

  /** A state for JMH to make. */
  public GemmBenchmark() {}

  /** Random numbers everywhere. */
  @Setup(Level.Trial)
  public void open() {
    open(kernel.choice, kernel.precision);
    fused = pack(3 * Operand.HIDDEN);
    intermediate = pack(Operand.INTERMEDIATE);
    x = Operand.matrix(region, tokens, Operand.HIDDEN);
    three = region.matrix(tokens, 3 * Operand.HIDDEN);
    wide = region.matrix(tokens, Operand.INTERMEDIATE);
  }

  private Gemm.Packed pack(int outputs) {
    var weights = Operand.matrix(region, outputs, Operand.HIDDEN);
    return backend.gemm().pack(List.of(weights), List.of(), region);
  }

  /** Queries, keys and values in one product: tokens × 768 × 2304 multiply-adds. */
  @Benchmark
  public Matrix product() {
    backend.gemm().apply(x, fused, Activation.IDENTITY, three);
    return three;
  }

  /** The wider half of the feed-forward network: tokens × 768 × 3072 multiply-adds and GELU. */
  @Benchmark
  public Matrix productAndGelu() {
    backend.gemm().apply(x, intermediate, Activation.GELU, wide);
    return wide;
  }
}
