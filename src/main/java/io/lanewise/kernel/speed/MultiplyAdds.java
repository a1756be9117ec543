package io.lanewise.kernel.speed;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.Lanes;

/**
 * The peak of the processor's multiply-add units on one thread: independent chains of multiply-adds
 * in registers, more chains than the units execute at a time.
 */
public final class MultiplyAdds {
  private static final int CHAINS = 12;

  private MultiplyAdds() {}

  /** Floating-point operations of {@code steps} steps; a multiply-add is two. */
  public static double operations(int steps) {
    return 2.0 * CHAINS * steps * SPECIES_PREFERRED.length();
  }

  /**
   * Runs the chains.
   *
   * <p>The result of each step is the summand of the next one, which is the register that the
   * instruction writes. As a factor it would need an additional move, which costs a sixth with 256
   * bits.
   *
   * @param sums one float per lane: the start of the chains, overwritten with the results
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
