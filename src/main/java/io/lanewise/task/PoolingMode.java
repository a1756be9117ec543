package io.lanewise.task;

/**
 * How the vectors of a text's tokens become one; those of sentence-transformers.
 *
 * <pre>{@code
 * try (var embedder = Embedder.load(Path.of("my-model"))) {
 *   var byFirstToken = embedder.withPooling(PoolingMode.CLS);
 *   System.out.println(byFirstToken.predict("A cat sits on the mat."));
 * }
 * }</pre>
 */
public enum PoolingMode {
  /** The first token's, {@code [CLS]}. */
  CLS("cls", "cls_token"),
  /** The largest number of each column. */
  MAX("max", "max_tokens"),
  /** The mean. */
  MEAN("mean", "mean_tokens"),
  /** The sum, divided by the square root of the number of tokens. */
  MEAN_SQRT("mean_sqrt_len_tokens", "mean_sqrt_len_tokens"),
  /** The mean with weights 1, 2, 3, …, so that the last tokens count most. */
  WEIGHTED_MEAN("weightedmean", "weightedmean_tokens"),
  /** The last token's. */
  LAST("lasttoken", "lasttoken");

  private final String title;
  private final String key;

  PoolingMode(String title, String key) {
    this.title = title;
    this.key = "pooling_mode_" + key;
  }

  /** As {@code pooling_mode} names it. */
  public String title() {
    return title;
  }

  /** Its switch in a module's config.json. */
  public String key() {
    return key;
  }
}
