package io.lanewise.checkpoint;

import java.util.List;

/**
 * What {@link HubCache#fetch} brings.
 *
 * @param revision a branch, a tag, a reference such as {@code refs/pr/11}, or a commit
 * @param include patterns of files to bring instead of those that run here; none for those. {@code
 *     *} stands for any characters, slashes among them, {@code ?} for one, {@code [ab]} for one of
 *     these
 * @param exclude patterns of files not to bring
 * @param listener hears of the progress
 */
public record FetchOptions(
    String revision, List<String> include, List<String> exclude, Listener listener) {
  /** Hears how far a {@link HubCache#fetch} has come. Called by the thread that fetches. */
  public interface Listener {
    /** Hears nothing. */
    Listener NONE = new Listener() {};

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

  /** The files of {@code main} that run here. */
  public static final FetchOptions DEFAULT =
      new FetchOptions(HubCache.MAIN, List.of(), List.of(), Listener.NONE);

  public FetchOptions {
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }

  /** The same at another revision. */
  public FetchOptions withRevision(String newRevision) {
    return new FetchOptions(newRevision, include, exclude, listener);
  }

  /** The same with the files that these patterns name. */
  public FetchOptions withInclude(List<String> patterns) {
    return new FetchOptions(revision, patterns, exclude, listener);
  }

  /** The same without the files that these patterns name. */
  public FetchOptions withExclude(List<String> patterns) {
    return new FetchOptions(revision, include, patterns, listener);
  }

  /** The same with somebody who hears of the progress. */
  public FetchOptions withListener(Listener newListener) {
    return new FetchOptions(revision, include, exclude, newListener);
  }
}
