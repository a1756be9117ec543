package io.lanewise.generate;

/** Why a sequence goes no further. */
public enum Ending {
  /** It came to an end token. */
  END_TOKEN,
  /** Its text holds one of the {@code stop_strings}. */
  STOP_STRING,
  /** It is as long as it may become. */
  LENGTH,
  /** {@code max_time} is over. */
  TIME,
  /** The caller has had enough. */
  CANCELLED
}
