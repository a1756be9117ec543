package io.lanewise.springai;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.FetchOptions;
import io.lanewise.checkpoint.HubCache;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a model is.
 *
 * <pre>{@code
 * var model =
 *     LanewiseEmbeddingModel.builder(
 *             ModelSource.of("sentence-transformers/all-MiniLM-L6-v2").withFetch(true))
 *         .build();
 * }</pre>
 *
 * @param model a folder, with or without {@code file:} before it, or a name of the Hub; a folder
 *     that is there comes before a name
 * @param revision of a model of the Hub: a branch, a tag, a reference or a commit; null for {@code
 *     main}
 * @param fetch whether a model of the Hub that is not in the cache is downloaded; otherwise nothing
 *     asks the network
 */
public record ModelSource(String model, @Nullable String revision, boolean fetch) {
  private static final String FILE = "file:";

  /** A folder, or a name of the Hub at {@code main} that is in the cache. */
  public static ModelSource of(String model) {
    return new ModelSource(model, null, false);
  }

  /** A folder. */
  public static ModelSource of(Path folder) {
    return of(folder.toString());
  }

  /** The same at another revision. */
  public ModelSource withRevision(@Nullable String newRevision) {
    return new ModelSource(model, newRevision, fetch);
  }

  /** The same, downloaded if need be. */
  public ModelSource withFetch(boolean newFetch) {
    return new ModelSource(model, revision, newFetch);
  }

  /**
   * The folder of its files.
   *
   * @throws CheckpointException if there is no such folder, the cache does not hold the model, or
   *     it cannot be downloaded
   */
  public Path folder() {
    var folder = path();
    if (folder != null && Files.exists(folder)) {
      if (revision != null) {
        throw new CheckpointException(
            folder
                + " is a folder, which has no revision "
                + revision
                + ": leave the revision out");
      }
      return folder;
    }
    if (!HubCache.isName(model)) {
      throw new CheckpointException(
          "there is no folder "
              + (folder == null ? model : folder.toAbsolutePath())
              + ": give the folder of a model, or a name of the Hub such as"
              + " sentence-transformers/all-MiniLM-L6-v2");
    }
    var cache = HubCache.here();
    if (fetch) {
      return cache.fetch(
          model,
          revision == null ? FetchOptions.DEFAULT : FetchOptions.DEFAULT.withRevision(revision));
    }
    return cache.findModel(model, revision);
  }

  private @Nullable Path path() {
    if (model.startsWith("classpath:")) {
      throw new CheckpointException(
          model
              + " lies in a jar, whose files cannot be mapped into memory: put the model into a"
              + " folder beside the application");
    }
    var text = model.startsWith(FILE) ? model.substring(FILE.length()) : model;
    try {
      return Path.of(text.startsWith("///") ? text.substring(2) : text);
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
