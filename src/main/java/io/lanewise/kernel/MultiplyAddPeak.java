package io.lanewise.kernel;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import jdk.incubator.vector.FloatVector;

/**
 * What the multiply-add units of one core give with vectors of this JVM's width: the bound of all
 * products. Only where {@link VectorUnit#refusal} is empty.
 */
public final class MultiplyAddPeak implements Runnable {
  private static final int CHAINS = 12;
  private static final int STEPS = 20_000;

  private final float[] sums = new float[SPECIES_PREFERRED.length()];

  /** Nothing has run yet. */
  public MultiplyAddPeak() {}

  /** Floating-point operations of a run; a multiply-add is two. */
  public double operations() {
    return 2.0 * CHAINS * STEPS * sums.length;
  }

  /** Multiplies and adds, some tenth of a millisecond long once it is compiled. */
  @Override
  public void run() {
    multiplyAdd(STEPS, sums);
  }

  /**
   * Independent chains of multiply-adds, more of them than are under way at a time. A chain goes
   * through the summand, the register that the instruction writes: through a factor the compiler
   * adds a move to each, and with 256 bits that costs a sixth.
   */
  private static void multiplyAdd(int steps, float[] sums) {
    var x = FloatVector.broadcast(SPECIES_PREFERRED, 0.999f);
    var y = FloatVector.fromArray(SPECIES_PREFERRED, sums, 0);
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
