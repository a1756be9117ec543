package io.lanewise.kernel;

/** A pool of scratch arrays of any length; see {@link ScratchPool}. */
public final class ScratchArrays {
  private final ScratchPool<float[]> free;

  /**
   * An empty pool.
   *
   * @param limit the most arrays to keep
   */
  public ScratchArrays(int limit) {
    free = new ScratchPool<>(limit);
  }

  /** An array of at least {@code length} floats, contents undefined. */
  public float[] borrow(int length) {
    var array = free.poll();
    return array != null && array.length >= length ? array : new float[length];
  }

  /** Returns an array to the pool. */
  public void giveBack(float[] array) {
    free.giveBack(array);
  }
}
