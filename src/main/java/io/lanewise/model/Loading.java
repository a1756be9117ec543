package io.lanewise.model;

/** How the bytes of the weight files come into memory; {@link Options#withLoading}. */
public enum Loading {
  /**
   * Mapped: pages are read when touched, and shared with other processes. A file truncated in place
   * while it is mapped can kill the JVM; replacing it by renaming another is safe.
   */
  MAP(io.lanewise.checkpoint.format.Loading.MAP),
  /**
   * Read piece by piece, each to where it is needed: immune to what happens to the file once the
   * model is loaded.
   */
  COPY(io.lanewise.checkpoint.format.Loading.COPY);

  private final io.lanewise.checkpoint.format.Loading internal;

  Loading(io.lanewise.checkpoint.format.Loading internal) {
    this.internal = internal;
  }

  /** The same for the files. */
  io.lanewise.checkpoint.format.Loading internal() {
    return internal;
  }
}
