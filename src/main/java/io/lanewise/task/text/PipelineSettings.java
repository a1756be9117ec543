package io.lanewise.task.text;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.generate.GenerationOptions;
import io.lanewise.generate.Generator;
import io.lanewise.model.Model;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The settings of generation that one of Hugging Face's pipelines (transformers 4.57) takes. From
 * the strongest to the weakest: the caller's; {@code task_specific_params} of {@code config.json};
 * the pipeline's own; those of the model's files.
 *
 * @param task the pipeline's name, a key of {@code task_specific_params}
 * @param own of the pipeline, {@code max_new_tokens} among them
 */
public record PipelineSettings(String task, Map<String, Object> own) {
  private static final String MOST = "max_length";
  private static final String MOST_NEW = "max_new_tokens";

  /** {@code max_length} where nobody sets it. */
  private static final int UNSET = 20;

  public static final PipelineSettings TEXT_GENERATION =
      new PipelineSettings(
          "text-generation", Map.of(MOST_NEW, 256, "do_sample", true, "temperature", 0.7));

  public static final PipelineSettings TEXT_TO_TEXT =
      new PipelineSettings("text2text-generation", Map.of(MOST_NEW, 256, "num_beams", 4));

  public static final PipelineSettings SUMMARIZATION =
      new PipelineSettings("summarization", TEXT_TO_TEXT.own);

  /**
   * A generator with all of them.
   *
   * @param padding id of the tokenizer's padding, which counts if the model names none; -1 for none
   */
  Generator generator(Model model, GenerationOptions options, int padding) {
    var settings = new LinkedHashMap<>(own);
    settings.putAll(options.settings());
    int most = model.generation().positive(MOST, UNSET);
    boolean mostIsSet = options.settings().containsKey(MOST) || most != UNSET;
    if (mostIsSet && !options.settings().containsKey(MOST_NEW)) {
      settings.put(MOST_NEW, null);
    }
    var specific = specific(model);
    for (var key : (Iterable<String>) JsonConfig.tree(specific)::fieldNames) {
      boolean overruled =
          options.settings().containsKey(key)
              || (key.equals(MOST_NEW) && options.settings().containsKey(MOST));
      if (Generator.hasSetting(key) && !overruled) {
        settings.put(key, JsonConfig.tree(specific).get(key));
      }
    }
    if (padding >= 0 && !model.generation().has("pad_token_id")) {
      settings.putIfAbsent("pad_token_id", padding);
    }
    return Generator.of(model).with(new GenerationOptions(settings, options.seed()));
  }

  /**
   * The same generator, with a length that the model can reach: Hugging Face would fail on the way
   * where files or pipeline allow more. What the caller asks for stays.
   *
   * @param prompt tokens to start with
   */
  static Generator within(Model model, Generator generator, GenerationOptions options, int prompt) {
    if (options.settings().get(MOST) != null || options.settings().get(MOST_NEW) != null) {
      return generator;
    }
    int longest = model.longest() + 1; // the last token is never read
    var lengths = generator.config().lengths();
    if (lengths.mostNew() > 0) {
      int room = Math.max(1, longest - prompt);
      return generator.with(MOST_NEW, Math.min(lengths.mostNew(), room));
    }
    return generator.with(MOST, Math.min(lengths.most(), longest));
  }

  /** What is put before every text: of the task, else of the model; often nothing. */
  public String prefix(Model model) {
    return specific(model).text("prefix", model.config().text("prefix", ""));
  }

  private Config specific(Model model) {
    var all = JsonConfig.tree(model.config()).path("task_specific_params").path(task);
    var where = model.config().where() + ": task_specific_params: " + task;
    var none = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    return JsonConfig.of(all.isMissingNode() || all.isNull() ? none : all, where);
  }
}
