package io.lanewise.model;

import io.lanewise.checkpoint.Config;
import io.lanewise.family.Family;
import java.util.List;

/**
 * What a config says that its model is; nothing is loaded.
 *
 * @param family a value of {@code model_type} that runs here
 * @param head the one that {@code architectures} names
 */
public record ModelKind(String family, Head head) {
  /** The values of {@code model_type} that run here. */
  public static List<String> families() {
    return Family.NAMES;
  }

  /**
   * The kind of a config.
   *
   * @throws io.lanewise.CheckpointException if it names a family or a head that does not run here
   */
  public static ModelKind of(Config config) {
    var architecture = Architecture.of(config, null);
    architecture.type(config).head(architecture.head());
    return new ModelKind(architecture.family(), architecture.head());
  }
}
