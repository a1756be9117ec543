package io.lanewise.generate;

/** The reason why a sequence has ended. */
public enum Ending {
  /** An end token. */
  END_TOKEN,
  /** Its text contains one of the {@code stop_strings}. */
  STOP_STRING,
  /** The maximum length. */
  LENGTH,
  /** {@code max_time} is over. */
  TIME,
  /** The caller cancelled the generation. */
  CANCELLED
}
