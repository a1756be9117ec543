package io.lanewise.langchain4j;

import io.lanewise.InputException;
import io.lanewise.checkpoint.HubCache;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which model a builder of this package takes: a folder, or a name in the cache that Hugging Face's
 * tools share. One of both is given.
 *
 * <pre>{@code
 * var counter =
 *     LanewiseTokenCountEstimator.builder()
 *         .modelName("sentence-transformers/all-MiniLM-L6-v2")
 *         .revision("main")
 *         .build();
 * System.out.println(counter.estimateTokenCountInText("How tall is Etna?"));
 * }</pre>
 *
 * @param <B> the builder itself
 */
public abstract sealed class LanewiseFolderBuilder<B extends LanewiseFolderBuilder<B>>
    permits LanewiseModelBuilder, LanewiseTokenCountEstimator.Builder {
  private @Nullable Path modelPath;
  private @Nullable String modelName;
  private @Nullable String revision;
  private @Nullable Path hubCache;

  LanewiseFolderBuilder() {}

  abstract B self();

  /** The folder of the model, as it was downloaded or saved by Hugging Face's libraries. */
  public B modelPath(@Nullable Path newModelPath) {
    modelPath = newModelPath;
    return self();
  }

  /** The same as a text. */
  public B modelPath(String newModelPath) {
    return modelPath(Path.of(newModelPath));
  }

  /**
   * The name of a model of the Hub that lies in the cache, such as {@code BAAI/bge-small-en-v1.5}.
   * It is never downloaded here: {@code lanewise fetch} and Hugging Face's own tools do that.
   */
  public B modelName(@Nullable String newModelName) {
    modelName = newModelName;
    return self();
  }

  /** The branch, tag or commit of {@link #modelName}; {@code main} if not said. */
  public B revision(@Nullable String newRevision) {
    revision = newRevision;
    return self();
  }

  /**
   * Where the Hub's cache is; if not said it is where the environment says, {@code HF_HUB_CACHE}
   * and the like.
   */
  public B hubCache(@Nullable Path newHubCache) {
    hubCache = newHubCache;
    return self();
  }

  /**
   * The folder.
   *
   * @throws InputException if not exactly one of both was given
   * @throws io.lanewise.CheckpointException if the cache does not hold the model
   */
  final Path folder() {
    if (modelPath != null && modelName != null) {
      throw new InputException(
          "modelPath %s and modelName %s are both given: give one of them"
              .formatted(modelPath, modelName));
    }
    if (modelPath != null) {
      if (revision != null || hubCache != null) {
        throw new InputException(
            "modelPath %s has neither revision nor hubCache: give modelName with them"
                .formatted(modelPath));
      }
      return modelPath;
    }
    if (modelName == null) {
      throw new InputException(
          "no model is given: give modelPath, a folder, or modelName, a name in the Hub's cache");
    }
    var cache = hubCache == null ? HubCache.here() : new HubCache(hubCache);
    return cache.findModel(modelName, revision);
  }

  /** What the model is called: its name on the Hub, or that of its folder. */
  final String title() {
    if (modelName != null) {
      return modelName;
    }
    var name = folder().toAbsolutePath().normalize().getFileName();
    return name == null ? folder().toString() : name.toString();
  }
}
