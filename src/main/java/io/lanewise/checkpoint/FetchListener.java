package io.lanewise.checkpoint;

/** Hears how far a {@link HubCache#fetch} has come. Called by the thread that fetches. */
public interface FetchListener {
  /** Hears nothing. */
  FetchListener NONE = new FetchListener() {};

  /**
   * All files are known.
   *
   * @param files how many are wanted, those that are there already among them
   * @param bytes of all that have to come, as far as the Hub says
   */
  default void begins(int files, long bytes) {}

  /**
   * More of a file is there.
   *
   * @param file its path in the model
   * @param bytes of it that are there, from its beginning
   */
  default void received(String file, long bytes) {}

  /** Another process is fetching the file, which is waited for. */
  default void waits(String file) {}
}
