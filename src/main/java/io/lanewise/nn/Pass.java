package io.lanewise.nn;

import io.lanewise.kernel.Backend;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Slab;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass: its kernels, its scratch memory, and what it keeps besides the result. Never
 * shared between threads.
 *
 * @param backend kernels
 * @param slab scratch memory
 * @param trace keeps states and probabilities of the layers
 * @param dropout dropout of this pass
 * @param between runs before each layer; may end the pass with an exception
 */
public record Pass(Backend backend, Slab slab, Trace trace, Dropout dropout, Runnable between) {
  /** A pass without an action between layers. */
  public Pass(Backend backend, Slab slab, Trace trace, Dropout dropout) {
    this(backend, slab, trace, dropout, () -> {});
  }

  /** A pass without dropout. */
  public Pass(Backend backend, Slab slab, Trace trace) {
    this(backend, slab, trace, Dropout.NONE);
  }

  /** A pass that keeps only its result. */
  public Pass(Backend backend, Slab slab) {
    this(backend, slab, new Trace(false, false));
  }

  /** The same pass with another trace. */
  public Pass with(Trace newTrace) {
    return new Pass(backend, slab, newTrace, dropout, between);
  }

  /**
   * Called at the start of every layer: the pass may be cancelled here, or wait for other calls.
   */
  void beginLayer() {
    between.run();
  }

  /**
   * The tokens for which the last layer of a stack has to compute states.
   *
   * @param read the tokens whose states are needed; null for all
   * @return null if all layers compute all tokens: states are kept, or there is dropout
   */
  public @Nullable ReadTokens restricted(@Nullable ReadTokens read) {
    return trace.keepsNothing() && dropout.dropsNothing() ? read : null;
  }

  /** A scratch matrix, valid until the end of the innermost frame; contents undefined. */
  public Matrix matrix(int rows, int columns) {
    return slab.matrix(rows, columns);
  }

  /** Opens a frame: its end frees the matrices taken since. */
  public Slab.Frame frame() {
    return slab.frame();
  }
}
