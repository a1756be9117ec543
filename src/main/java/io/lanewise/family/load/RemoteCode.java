package io.lanewise.family.load;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.text.Excerpt;
import java.util.List;

/**
 * {@code auto_map}: Python files of a folder or of another repository that transformers runs in the
 * place of a class of its own. None is ever run here. The classes that are built here instead are
 * known by name; any other is refused.
 */
public final class RemoteCode {
  private static final String KEY = "auto_map";

  /** What the known classes begin with, behind the name of their file. */
  private static final List<String> KNOWN =
      List.of("modeling_hf_nomic_bert.NomicBert", "modeling.New", "modeling_bert.JinaBert");

  private RemoteCode() {}

  /**
   * Checks what runs the model.
   *
   * @throws io.lanewise.CheckpointException if it is a class that is not built here
   */
  public static void check(Config config) {
    var map = JsonConfig.tree(config).path(KEY);
    map.fieldNames()
        .forEachRemaining(
            auto -> {
              var name = map.get(auto).isTextual() ? map.get(auto).textValue() : "";
              if (auto.startsWith("AutoModel") && !isKnown(name)) {
                throw config.wrong(
                    KEY,
                    "%s is %s, and no code of a folder is run: take a model whose class is built here"
                        .formatted(Excerpt.of(auto), Excerpt.of(map.get(auto).toString())));
              }
            });
  }

  /** Whether the model is run by a class whose name begins so, such as {@code JinaBert}. */
  public static boolean names(Config config, String prefix) {
    var found = new boolean[1];
    JsonConfig.tree(config)
        .path(KEY)
        .forEach(
            value -> found[0] |= value.isTextual() && value.textValue().contains("." + prefix));
    return found[0];
  }

  /** The repository before {@code --} does not count: folders have copies of the files. */
  private static boolean isKnown(String name) {
    var file = name.substring(name.lastIndexOf("--") + 1).replaceFirst("^-", "");
    return KNOWN.stream().anyMatch(file::startsWith);
  }
}
