package io.lanewise.generate;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;

/**
 * Generates text, as ids, with a model {@code ForCausalLM} or {@code ForConditionalGeneration}.
 *
 * <pre>{@code
 * var generator = Generator.of(model).with("num_beams", 4).with("max_new_tokens", 60);
 * var ids = generator.generate(Inputs.ids(text)).sequences();
 * }</pre>
 *
 * <p>The settings have Hugging Face's names and defaults. Immutable and as thread-safe as the
 * model, whose life it does not guard.
 */
public final class Generator {
  private final Model model;
  private final Config settings;

  private Generator(Model model, Config settings) {
    this.model = model;
    this.settings = settings;
  }

  /**
   * A generator with the checkpoint's own settings: its {@code generation_config.json}, or the keys
   * of generation in its {@code config.json}.
   */
  public static Generator of(Model model) {
    return new Generator(model, model.generation());
  }

  /**
   * The same with another setting. Settings may depend on each other, so they are looked at
   * together, by {@link #config} and {@link #generate}.
   *
   * @param key such as {@code num_beams}
   * @param value as {@link Config#with} takes it; null for Hugging Face's default
   * @throws InputException if there is no such setting
   */
  public Generator with(String key, Object value) {
    if (!GenerationKeys.isKnown(key)) {
      throw new InputException(key + ": there is no such setting of generation");
    }
    return new Generator(model, settings.with(key, value));
  }

  /**
   * The settings as they are understood.
   *
   * @throws io.lanewise.CheckpointException if a setting cannot be, or is not built
   */
  public GenerationConfig config() {
    return GenerationConfig.of(settings);
  }

  /** The settings as they stand in the file, those without a reader here too; a copy. */
  public JsonNode settings() {
    return settings.tree();
  }

  /**
   * Generates.
   *
   * @param inputs of a decoder that stands alone: the prompts as {@code input_ids}, {@code
   *     attention_mask}, and {@code encoder_hidden_states} with their {@code
   *     encoder_attention_mask} where it has cross attention; of an encoder-decoder: what {@link
   *     Model#encode} takes, or {@code encoder_outputs.last_hidden_state}, and {@code
   *     decoder_input_ids} to go on from. Without a mask, padding among the ids does not count
   * @throws InputException if the inputs do not fit the model or the settings, or the model does
   *     not generate
   * @throws io.lanewise.CheckpointException if a setting cannot be, or is not built
   */
  public Generated generate(Inputs inputs) {
    var config = config();
    try (var continuation = Continuation.of(model, inputs, config.tokens())) {
      var plan = Plan.of(config, continuation.prompts(), model.longest());
      return config.beams().count() > 1
          ? BeamSearch.run(plan, continuation)
          : GreedySearch.run(plan, continuation);
    }
  }
}
