package io.lanewise.checkpoint.format;

/** How the bytes of the weight files come into memory. */
public enum Loading {
  /**
   * Mapped: pages are read when touched, and shared with other processes. A file truncated in place
   * while it is mapped can kill the JVM; replacing it by renaming another is safe.
   */
  MAP,
  /**
   * Read piece by piece, each to where it is needed: immune to what happens to the file once the
   * model is loaded.
   */
  COPY
}
