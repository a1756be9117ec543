package io.lanewise.task.sentence;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import io.lanewise.task.text.TextModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code config_sentence_transformers.json} says of all texts.
 *
 * @param config the file; without settings where there is none
 * @param prompts beginnings of texts, by name
 * @param prompt the one that is taken unasked; empty for none
 */
public record EmbeddingSettings(Config config, Map<String, String> prompts, String prompt) {
  /** A file without settings. */
  static final Config NONE = Config.of(Map.of());

  private static final String DEFAULT_PROMPT = "default_prompt_name";

  /** Names of the prompts of documents, the first that is there counts. */
  private static final List<String> DOCUMENTS = List.of("document", "passage", "corpus");

  /** Those of a folder. */
  static EmbeddingSettings read(Path folder) {
    var file = folder.resolve("config_sentence_transformers.json");
    var config =
        Files.exists(file)
            ? Config.read(file)
            : JsonConfig.of(Json.mapper().createObjectNode(), file);
    var prompts = prompts(config);
    var name = config.text(DEFAULT_PROMPT).orElse(null);
    if (name != null && !prompts.containsKey(name)) {
      throw config.wrong(DEFAULT_PROMPT, TextModel.excerpt(name) + " is not among the prompts");
    }
    return new EmbeddingSettings(config, prompts, name == null ? "" : prompts.get(name));
  }

  private static Map<String, String> prompts(Config config) {
    var prompts = new LinkedHashMap<String, String>();
    if (config.has("prompts")) {
      var named = TransformerSettings.child(config, "prompts").orElseThrow();
      for (var name : JsonConfig.tree(named).properties()) {
        prompts.put(name.getKey(), named.text(name.getKey(), ""));
      }
    }
    return Map.copyOf(prompts);
  }

  /**
   * The prompt of this name.
   *
   * @throws InputException if there is none
   */
  public String promptNamed(String name) {
    if (!prompts.containsKey(name)) {
      throw new InputException(
          "no prompt is called %s; there are %s"
              .formatted(TextModel.excerpt(name), prompts.keySet().stream().sorted().toList()));
    }
    return prompts.get(name);
  }

  /** The prompt of queries: the one of this name, else the default. */
  public String forQueries() {
    return prompts.getOrDefault("query", prompt);
  }

  /** The prompt of documents: the one of a name for them, else the default. */
  public String forDocuments() {
    return DOCUMENTS.stream()
        .filter(prompts::containsKey)
        .findFirst()
        .map(prompts::get)
        .orElse(prompt);
  }

  /** How embeddings are compared: {@code similarity_fn_name}; empty where it is absent. */
  Optional<String> similarity(List<String> allowed) {
    return config.choice("similarity_fn_name", allowed);
  }
}
