package io.lanewise.checkpoint.format;

/** How the bytes of the weight files come into memory. */
public enum Loading {
  /** Mapped: pages are read when touched. The file must not be truncated in place. */
  MAP,
  /** Read piece by piece. What happens to the file after that does not matter. */
  COPY
}
