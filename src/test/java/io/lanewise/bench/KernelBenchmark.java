package io.lanewise.bench;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Attention;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Gemm;
import io.lanewise.tensor.Matrix;
import io.lanewise.tensor.Region;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The kernels of one base-size layer: run it with JMH's {@code org.openjdk.jmh.Main}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelBenchmark {
  private static final int HIDDEN = 768;
  private static final int HEADS = 12;

  /** Which kernels. */
  @Param({"VECTOR", "OPENBLAS"})
  public Backend.Choice choice;

  /** Threads of a call. */
  @Param({"1", "2"})
  public int threads;

  /** Rows. */
  @Param({"16", "128", "384"})
  public int tokens;

  private Region region;
  private Backend backend;
  private Gemm.Packed packed;
  private Matrix x;
  private Matrix wide;
  private Matrix y;
  private MemorySegment gain;

  /** A state for JMH to make. */
  public KernelBenchmark() {}

  /** Random numbers everywhere. */
  @Setup(Level.Trial)
  public void open() {
    region = Region.open();
    backend = Backend.of(choice, threads);
    var random = new Random(1);
    packed = backend.gemm().pack(List.of(matrix(random, 3 * HIDDEN, HIDDEN)), List.of(), region);
    x = matrix(random, tokens, HIDDEN);
    wide = matrix(random, tokens, 3 * HIDDEN);
    y = matrix(random, tokens, HIDDEN);
    gain = matrix(random, 1, HIDDEN).data();
  }

  private Matrix matrix(Random random, int rows, int columns) {
    var matrix = region.matrix(rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix.set(i, j, (float) random.nextGaussian());
      }
    }
    return matrix;
  }

  /** Queries, keys and values in one product: tokens × 768 × 2304 multiply-adds. */
  @Benchmark
  public Matrix product() {
    backend.gemm().apply(x, packed, Activation.IDENTITY, wide);
    return wide;
  }

  /** Twelve heads of 64. */
  @Benchmark
  public Matrix attention() {
    var q = wide.columns(0, HIDDEN);
    var k = wide.columns(HIDDEN, HIDDEN);
    var v = wide.columns(2 * HIDDEN, HIDDEN);
    int size = HIDDEN / HEADS;
    var arguments = Attention.Arguments.of(1, HEADS, tokens, tokens, size, q, k, v, 0.125f);
    backend.attention().dense(arguments, null, y);
    return y;
  }

  /** A residual sum and its norm. */
  @Benchmark
  public Matrix norm() {
    backend.rowwise().addLayerNorm(x, y, gain, gain, 1e-5f, y);
    return y;
  }

  /** Frees the memory. */
  @TearDown(Level.Trial)
  public void close() {
    backend.close();
    region.close();
  }
}
