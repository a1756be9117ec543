package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code sentence_bert_config.json} says of the model of a folder of sentence-transformers.
 *
 * @param folder the model folder
 * @param config the file; without settings where there is none
 * @param maxLength tokens to which texts are cut; 0 for what the model takes
 * @param lowerCase whether texts are put into lower case first
 */
public record TransformerSettings(Path folder, Config config, int maxLength, boolean lowerCase) {
  private static final String TASK = "transformer_task";

  /** Names that earlier versions gave to the file. */
  private static final List<String> NAMES =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  /** What a module gives that works on the tokens' states. */
  static final String STATES = "feature-extraction";

  /** What a module gives that has scores for all words. */
  static final String WORDS = "fill-mask";

  /** What a module gives that has a score for each label. */
  static final String LABELS = "sequence-classification";

  /** Those of a model folder. */
  static TransformerSettings read(Path folder) {
    var config =
        NAMES.stream()
            .map(folder::resolve)
            .filter(Files::exists)
            .findFirst()
            .map(Config::read)
            .orElseGet(
                () ->
                    JsonConfig.of(
                        Json.mapper().createObjectNode(), folder.resolve(NAMES.getFirst())));
    return new TransformerSettings(
        folder, config, config.positive("max_seq_length", 0), config.bool("do_lower_case", false));
  }

  /**
   * Refuses a file that asks the model for something else.
   *
   * @param task {@link #STATES}, {@link #WORDS} or {@link #LABELS}
   * @param unlessNamed the task of a file that names none
   * @return itself
   * @throws io.lanewise.CheckpointException if it does
   */
  TransformerSettings checkGives(String task, String unlessNamed) {
    var named = config.text(TASK, unlessNamed);
    if (!named.equals(task)) {
      throw config.wrong(TASK, "\"%s\" is asked, \"%s\" is needed here".formatted(named, task));
    }
    var output = task.equals(STATES) ? "last_hidden_state" : "logits";
    var place = task.equals(LABELS) ? "scores" : SentenceModule.TOKENS;
    child(config, "modality_config")
        .flatMap(each -> child(each, "text"))
        .ifPresent(
            text -> {
              var _ = text.choice("method", List.of("forward"));
              var _ = text.choice("method_output_name", List.of(output));
            });
    var _ = config.choice("module_output_name", List.of(place));
    if (config.has("processing_kwargs")
        && !JsonConfig.tree(config).get("processing_kwargs").isEmpty()) {
      throw config.wrong("processing_kwargs", "settings of the tokenizer do not run here");
    }
    return this;
  }

  /** The same with another limit. */
  TransformerSettings withMaxLength(int newMaxLength) {
    return new TransformerSettings(folder, config, newMaxLength, lowerCase);
  }

  /** The settings under a key; empty where it is absent. */
  static Optional<Config> child(Config config, String key) {
    return config.has(key)
        ? Optional.of(JsonConfig.of(JsonConfig.tree(config).get(key), config.where() + ": " + key))
        : Optional.empty();
  }
}
