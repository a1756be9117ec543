package io.lanewise.kernel;

/** Arrays for the inside of a call, of any length, in a {@link ScratchPool}. */
public final class ScratchArrays {
  private final ScratchPool<float[]> free;

  /**
   * Nothing at first.
   *
   * @param limit the most arrays to keep for later
   */
  public ScratchArrays(int limit) {
    free = new ScratchPool<>(limit);
  }

  /** An array of at least {@code length} floats with whatever in it. */
  public float[] borrow(int length) {
    var array = free.poll();
    return array != null && array.length >= length ? array : new float[length];
  }

  /** Takes an array back. */
  public void giveBack(float[] array) {
    free.giveBack(array);
  }
}
