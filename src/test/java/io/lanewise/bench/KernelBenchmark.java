package io.lanewise.bench;

import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Precision;
import io.lanewise.memory.Region;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the benchmarks of kernels share: how long they run and in which unit (these annotations of
 * JMH are inherited), threads, kernels and memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class KernelBenchmark {
  /** Threads of a call. */
  @Param({"1", "2"})
  public int threads;

  /** Memory of the operands. */
  Region region;

  /** The kernels. */
  Backend backend;

  KernelBenchmark() {}

  /** To be called by the benchmark's own set-up. */
  void open(Backend.Choice choice, Precision precision) {
    region = Region.open();
    backend = Backend.of(choice, threads, precision);
  }

  /** Frees the memory. */
  @TearDown(Level.Trial)
  public void close() {
    backend.close();
    region.close();
  }
}
