package io.lanewise.bench;

import io.lanewise.kernel.Attention;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Precision;
import io.lanewise.kernel.TokenRoles;
import io.lanewise.kernel.WindowedAttention;
import io.lanewise.memory.Matrix;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Attention of twelve heads of 64: dense, of few queries, windowed. tools/bench/jmh runs it. */
public class AttentionBenchmark extends KernelBenchmark {
  private static final float SCALE = 0.125f;

  /** Which kernels. */
  @Param({"VECTOR", "OPENBLAS"})
  public Backend.Choice choice;

  /** Keys. */
  @Param({"16", "128", "384", "2048"})
  public int tokens;

  /** Queries of decoding: one a beam. */
  @Param({"1"})
  public int queries;

  /** Neighbours that a token of the windowed attention sees. */
  @Param({"512"})
  public int window;

  private Matrix q;
  private Matrix k;
  private Matrix v;
  private Matrix y;
  private TokenRoles roles;

  /** A state for JMH to make. */
  public AttentionBenchmark() {}

  /** Queries, keys and values side by side, as the fused product leaves them. */
  @Setup(Level.Trial)
  public void open() {
    open(choice, Precision.FLOAT32);
    var together = Operand.matrix(region, tokens, 3 * Operand.HIDDEN);
    q = together.columns(0, Operand.HIDDEN);
    k = together.columns(Operand.HIDDEN, Operand.HIDDEN);
    v = together.columns(2 * Operand.HIDDEN, Operand.HIDDEN);
    y = region.matrix(tokens, Operand.HIDDEN);
    roles = TokenRoles.allLocal(1, tokens);
  }

  /** All tokens ask all tokens. */
  @Benchmark
  public Matrix dense() {
    attend(tokens);
    return y;
  }

  /** A few tokens ask all tokens, as in decoding. */
  @Benchmark
  public Matrix fewQueries() {
    attend(queries);
    return y;
  }

  private void attend(int asking) {
    var arguments =
        Attention.Arguments.of(
            1, Operand.HEADS, asking, tokens, Operand.HEAD_SIZE, q.rows(0, asking), k, v, SCALE);
    backend.attention().dense(arguments, null, y.rows(0, asking));
  }

  /** Each token asks its neighbours. */
  @Benchmark
  public Matrix windowed() {
    var arguments =
        new WindowedAttention.Arguments(
            roles, Operand.HEADS, Operand.HEAD_SIZE, window, q, k, v, SCALE, null);
    backend.windowed().windowed(arguments, null, y);
    return y;
  }
}
