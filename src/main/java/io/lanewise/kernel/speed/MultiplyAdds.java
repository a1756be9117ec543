package io.lanewise.kernel.speed;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Lanes;

/**
 * What the processor's multiply-add units give at most, on one thread: independent chains of
 * multiply-adds that never leave the registers, more of them than are under way at a time.
 */
public final class MultiplyAdds {
  private static final int CHAINS = 12;

  private MultiplyAdds() {}

  /** Floating-point operations of so many steps; a multiply-add is two. */
  public static double operations(int steps) {
    return 2.0 * CHAINS * steps * SPECIES_PREFERRED.length();
  }

  /**
   * Runs the chains.
   *
   * <p>A chain goes through the summand, the register that the instruction writes: through a factor
   * the compiler adds a move to each, and with 256 bits that costs a sixth.
   *
   * @param sums one float a lane; start the chains and take what comes out
   */
  public static void run(int steps, float[] sums) {
    var x = Lanes.splat(0.999f);
    var y = Lanes.load(sums, 0);
    var a = y;
    var b = y.add(1);
    var c = y.add(2);
    var d = y.add(3);
    var e = y.add(4);
    var f = y.add(5);
    var g = y.add(6);
    var h = y.add(7);
    var i = y.add(8);
    var j = y.add(9);
    var k = y.add(10);
    var l = y.add(11);
    for (int step = 0; step < steps; step++) {
      a = x.fma(y, a);
      b = x.fma(y, b);
      c = x.fma(y, c);
      d = x.fma(y, d);
      e = x.fma(y, e);
      f = x.fma(y, f);
      g = x.fma(y, g);
      h = x.fma(y, h);
      i = x.fma(y, i);
      j = x.fma(y, j);
      k = x.fma(y, k);
      l = x.fma(y, l);
    }
    var half = a.add(b).add(c).add(d).add(e).add(f);
    half.add(g).add(h).add(i).add(j).add(k).add(l).mul(1e-6f).intoArray(sums, 0);
  }
}
