package io.lanewise.bench;

import io.lanewise.kernel.Activation;
import io.lanewise.kernel.Attention;
import io.lanewise.kernel.Backend;
import io.lanewise.kernel.Gemm;
import io.lanewise.kernel.VectorUnit;
import io.lanewise.kernel.speed.MultiplyAdds;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How fast the vector kernels are beside what the multiply-add units give, on one thread, asked by
 * the line: {@code KernelSpeeds [PART]}. A kernel that the compiler has not understood gives the
 * same numbers, only slowly, and no other test would tell: {@code tools/bench/guard} judges.
 *
 * <p>The parts are {@code products} and {@code attention}; both if none is named. After {@code
 * ready} it answers
 *
 * <ul>
 *   <li>{@code parts} with the bits of a vector and the names of what is measured, the part first,
 *       as in {@code products:384×768×2304};
 *   <li>{@code rounds N} with N times, for each of these, four numbers: what the peak and what the
 *       kernel reach in windows that follow each other, each in GFLOP/s of the thread's own
 *       processor time and of the clock on the wall. Another program beside it lowers the second.
 * </ul>
 */
public final class KernelSpeeds {
  private static final int TOKENS = 384;

  /** Of the peak's loop. */
  private static final int STEPS = 20_000;

  /** Windows for the compiler, each of a part of a second that the thread itself ran. */
  private static final int WARM_UPS = 4;

  private static final double WARM_UP = 0.6;

  /** Seconds of a window. */
  private static final double WINDOW = 0.05;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final List<Load> loads;
  private final Load peak;

  private KernelSpeeds(List<Load> loads) {
    this.loads = loads;
    var sums = new float[VectorUnit.bits() / Float.SIZE];
    this.peak =
        new Load("peak", MultiplyAdds.operations(STEPS), () -> MultiplyAdds.run(STEPS, sums));
    for (int i = 0; i < WARM_UPS; i++) {
      peak.warmUp();
      loads.forEach(Load::warmUp);
    }
  }

  /**
   * Operations a second.
   *
   * @param own by the time that the thread ran
   * @param wall by the time that passed
   */
  private record Speed(double own, double wall) {}

  /**
   * Something that is timed.
   *
   * @param operations floating-point operations of a call, a multiply-add is two
   */
  private record Load(String name, double operations, Runnable call) {
    void warmUp() {
      long own = THREADS.getCurrentThreadCpuTime();
      do {
        call.run();
      } while (THREADS.getCurrentThreadCpuTime() - own < WARM_UP * 1e9);
    }

    Speed window() {
      long own = THREADS.getCurrentThreadCpuTime();
      long start = System.nanoTime();
      long calls = 0;
      long now;
      do {
        call.run();
        calls++;
        now = System.nanoTime();
      } while (now - start < WINDOW * 1e9);
      double done = calls * operations;
      return new Speed(done / (THREADS.getCurrentThreadCpuTime() - own), done / (now - start));
    }
  }

  /** Answers until an empty line. */
  public static void main(String[] arguments) {
    var part = arguments.length == 0 ? "" : arguments[0];
    try (var region = Region.open();
        var backend = Backend.of(Backend.Choice.VECTOR, 1)) {
      var loads = new ArrayList<Load>();
      if (!part.equals("attention")) {
        loads.add(product(region, backend, 3 * Operand.HIDDEN, Operand.HIDDEN));
        loads.add(product(region, backend, Operand.INTERMEDIATE, Operand.HIDDEN));
        loads.add(product(region, backend, Operand.HIDDEN, Operand.INTERMEDIATE));
      }
      if (!part.equals("products")) {
        loads.add(attention(region, backend));
      }
      var speeds = new KernelSpeeds(loads);
      System.out.println("ready");
      for (String line; (line = IO.readln()) != null && !line.isBlank(); ) {
        System.out.println(speeds.answer(line));
      }
    }
  }

  private String answer(String line) {
    var answer = new StringBuilder();
    if (line.equals("parts")) {
      answer.append(VectorUnit.bits());
      loads.forEach(load -> answer.append(' ').append(load.name));
      return answer.toString();
    }
    int rounds = Integer.parseInt(line.replace("rounds ", ""));
    for (int round = 0; round < rounds; round++) {
      for (var load : loads) {
        var best = peak.window();
        var found = load.window();
        answer.append(
            String.format(
                Locale.ROOT, "%.3f %.3f %.3f %.3f ", best.own, best.wall, found.own, found.wall));
      }
    }
    return answer.toString();
  }

  private static Load product(Region region, Backend backend, int outputs, int inputs) {
    var weights = Operand.matrix(region, outputs, inputs);
    Gemm.Packed packed = backend.gemm().pack(List.of(weights), List.of(), region);
    var x = Operand.matrix(region, TOKENS, inputs);
    var y = region.matrix(TOKENS, outputs);
    return new Load(
        "products:%d×%d×%d".formatted(TOKENS, inputs, outputs),
        2.0 * TOKENS * inputs * outputs,
        () -> backend.gemm().apply(x, packed, Activation.IDENTITY, y));
  }

  /** With the softmax, whose operations are not counted. */
  private static Load attention(Region region, Backend backend) {
    var together = Operand.matrix(region, TOKENS, 3 * Operand.HIDDEN);
    Matrix q = together.columns(0, Operand.HIDDEN);
    Matrix k = together.columns(Operand.HIDDEN, Operand.HIDDEN);
    Matrix v = together.columns(2 * Operand.HIDDEN, Operand.HIDDEN);
    var y = region.matrix(TOKENS, Operand.HIDDEN);
    var asked =
        Attention.Arguments.of(
            1, Operand.HEADS, TOKENS, TOKENS, Operand.HEAD_SIZE, q, k, v, 0.125f);
    return new Load(
        "attention:%d×%d,%d_heads".formatted(TOKENS, TOKENS, Operand.HEADS),
        4.0 * TOKENS * TOKENS * Operand.HIDDEN,
        () -> backend.attention().dense(asked, null, y));
  }
}
