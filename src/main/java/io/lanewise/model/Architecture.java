package io.lanewise.model;

import io.lanewise.CheckpointException;
import io.lanewise.Remedy;
import io.lanewise.checkpoint.Config;
import io.lanewise.family.Family;
import io.lanewise.family.ModelType;
import io.lanewise.family.load.FamilySettings;
import io.lanewise.text.Excerpt;
import java.util.Optional;

/**
 * Which model a config asks for.
 *
 * @param family {@code model_type}
 * @param head of {@code architectures}, or the caller's
 */
record Architecture(String family, Head head) {
  /**
   * Reads both.
   *
   * @param wanted the caller's head; null for the one that {@code architectures} names, and {@link
   *     Head#MODEL} where the config names none
   */
  static Architecture of(Config config, Head wanted) {
    FamilySettings.checkDtype(config);
    return new Architecture(family(config), wanted != null ? wanted : head(config));
  }

  /**
   * The family that runs it.
   *
   * @param config named in messages
   * @throws CheckpointException if the family is not known
   */
  ModelType type(Config config) {
    return Family.type(family, config);
  }

  /** Very old files have {@code architectures} only. */
  private static String family(Config config) {
    var type = config.text("model_type", null);
    return type != null
        ? type
        : className(config)
            .flatMap(Head::family)
            .map(prefix -> Family.named(prefix, config))
            .orElseThrow(() -> config.wrong("model_type", "it is missing: add the family's name"));
  }

  private static Head head(Config config) {
    return className(config).map(name -> head(config, name)).orElse(Head.MODEL);
  }

  private static Head head(Config config, String name) {
    return Head.named(name)
        .orElseThrow(
            () ->
                new CheckpointException(
                    config
                        .wrong(
                            "architectures",
                            Excerpt.of(name) + " is unknown: say which head to load")
                        .statement(),
                    Remedy.HEAD));
  }

  private static Optional<String> className(Config config) {
    return config.texts("architectures").stream().findFirst();
  }
}
