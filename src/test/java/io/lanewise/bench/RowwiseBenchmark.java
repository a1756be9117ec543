package io.lanewise.bench;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.Rowwise;
import io.lanewise.memory.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** What is done to each row or element. tools/bench/jmh runs it. */
public class RowwiseBenchmark extends KernelBenchmark {
  private static final int WORDS = 30_000;
  private static final float EPSILON = 1e-12f;

  /** Which kernels. */
  @Param({"VECTOR", "SCALAR"})
  public Backend.Choice choice;

  /** Rows. */
  @Param({"16", "128", "384"})
  public int tokens;

  private Rowwise rowwise;
  private Matrix x;
  private Matrix wide;
  private Matrix scores;
  private Matrix y;
  private Matrix table;
  private MemorySegment gain;
  private int[] ids;

  /** A state for JMH to make. */
  public RowwiseBenchmark() {}

  /** Random numbers everywhere. */
  @Setup(Level.Trial)
  public void open() {
    open(choice, Precision.FLOAT32);
    rowwise = backend.rowwise();
    x = Operand.matrix(region, tokens, Operand.HIDDEN);
    wide = Operand.matrix(region, tokens, Operand.INTERMEDIATE);
    scores = Operand.matrix(region, Operand.HEADS * tokens, tokens);
    y = Operand.matrix(region, tokens, Operand.HIDDEN);
    table = Operand.matrix(region, WORDS, Operand.HIDDEN);
    gain = Operand.matrix(region, 1, Operand.HIDDEN).data();
    ids = new Random(1).ints(tokens, 0, WORDS).toArray();
  }

  /** A norm by itself. */
  @Benchmark
  public Matrix layerNorm() {
    rowwise.layerNorm(x, gain, gain, EPSILON, y);
    return y;
  }

  /** A residual sum and its norm. */
  @Benchmark
  public Matrix addLayerNorm() {
    rowwise.addLayerNorm(x, y, gain, gain, EPSILON, y);
    return y;
  }

  /** A sum. */
  @Benchmark
  public Matrix add() {
    rowwise.add(x, y);
    return y;
  }

  /** The scores of twelve heads. */
  @Benchmark
  public Matrix softmax() {
    rowwise.softmax(scores);
    return scores;
  }

  /** With the error function. */
  @Benchmark
  public Matrix gelu() {
    return activate(Activation.GELU);
  }

  /** With the hyperbolic tangent. */
  @Benchmark
  public Matrix geluTanh() {
    return activate(Activation.GELU_TANH);
  }

  /** The sigmoid's product. */
  @Benchmark
  public Matrix silu() {
    return activate(Activation.SILU);
  }

  /** The pooler's. */
  @Benchmark
  public Matrix tanh() {
    return activate(Activation.TANH);
  }

  private Matrix activate(Activation activation) {
    rowwise.activate(activation, wide);
    return wide;
  }

  /** Rows of a table of 30,000. */
  @Benchmark
  public Matrix gather() {
    rowwise.gather(table, ids, y);
    return y;
  }

  /** The same, added. */
  @Benchmark
  public Matrix addGathered() {
    rowwise.addGathered(table, ids, y);
    return y;
  }
}
