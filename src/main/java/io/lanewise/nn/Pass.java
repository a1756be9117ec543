package io.lanewise.nn;

import io.lanewise.kernel.Backend;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Slab;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass: the kernels it runs on, the scratch memory it uses, what it leaves behind.
 * Never shared between threads.
 *
 * @param backend kernels
 * @param slab scratch memory
 * @param trace keeps states and probabilities of the layers
 * @param dropout what is dropped on the way
 * @param between is run before each layer; may end the pass with an exception
 */
public record Pass(Backend backend, Slab slab, Trace trace, Dropout dropout, Runnable between) {
  /** A pass that nothing ends. */
  public Pass(Backend backend, Slab slab, Trace trace, Dropout dropout) {
    this(backend, slab, trace, dropout, () -> {});
  }

  /** A pass that drops nothing. */
  public Pass(Backend backend, Slab slab, Trace trace) {
    this(backend, slab, trace, Dropout.NONE);
  }

  /** A pass that keeps nothing besides its result. */
  public Pass(Backend backend, Slab slab) {
    this(backend, slab, new Trace(false, false));
  }

  /** The same pass, leaving its traces elsewhere. */
  public Pass with(Trace newTrace) {
    return new Pass(backend, slab, newTrace, dropout, between);
  }

  /** Every layer begins with it: the pass may have to end here, or to let others go first. */
  void beginLayer() {
    between.run();
  }

  /**
   * The tokens that the last layer of a stack may restrict itself to.
   *
   * @param read those that are read; null for all
   * @return null where all layers run in full: states are kept, or something is dropped
   */
  public @Nullable ReadTokens restricted(@Nullable ReadTokens read) {
    return trace.keepsNothing() && dropout.dropsNothing() ? read : null;
  }

  /** A scratch matrix until the end of the innermost frame, contents undefined. */
  public Matrix matrix(int rows, int columns) {
    return slab.matrix(rows, columns);
  }

  /** Opens a frame: its end frees the matrices taken since. */
  public Slab.Frame frame() {
    return slab.frame();
  }
}
