package io.lanewise.generate;

import io.lanewise.InputException;
import io.lanewise.Remedy;
import io.lanewise.checkpoint.Config;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Generates text, as ids, with a model {@code ForCausalLM} or {@code ForConditionalGeneration}.
 *
 * <pre>{@code
 * var place = Path.of("my-model");
 * var options = GenerationOptions.DEFAULT.withBeams(4).withMaxNewTokens(60);
 * try (var model = Model.load(place, Options.DEFAULT)) {
 *   int[] ids = Tokenizer.load(place).encode("A long text.").ids();
 *   var generated = Generator.of(model).with(options).generate(Inputs.ids(new int[][] {ids}));
 *   System.out.println(generated.sequences());
 * }
 * }</pre>
 *
 * <p>The settings have Hugging Face's names and defaults. Immutable, and as thread-safe as the
 * model. It does not keep the model open.
 */
public final class Generator {
  private final Model model;
  private final Config settings;
  private final long seed;
  private final Function<int[], String> decoder; // null for none

  private Generator(Model model, Config settings, long seed, Function<int[], String> decoder) {
    this.model = model;
    this.settings = settings;
    this.seed = seed;
    this.decoder = decoder;
  }

  /**
   * A generator with the checkpoint's own settings: its {@code generation_config.json}, or the keys
   * of generation in its {@code config.json}.
   */
  public static Generator of(Model model) {
    return new Generator(model, model.generation(), 0, null);
  }

  /** Whether there is a setting with this name, supported or not. */
  public static boolean hasSetting(String key) {
    return GenerationKeys.isKnown(key);
  }

  /**
   * The same with all that these options set, and their seed.
   *
   * @see #with(String, Object)
   */
  public Generator with(GenerationOptions options) {
    var changed = settings;
    for (var setting : options.settings().entrySet()) {
      changed = changed.with(setting.getKey(), setting.getValue());
    }
    return new Generator(model, changed, options.seed(), decoder);
  }

  /**
   * The same with another setting. Settings may depend on each other, so they are looked at
   * together, by {@link #config} and {@link #generate}.
   *
   * @param key such as {@code num_beams}
   * @param value as {@link Config#with} takes it; null for Hugging Face's default
   * @throws InputException if there is no such setting
   */
  public Generator with(String key, @Nullable Object value) {
    GenerationKeys.check(key);
    return new Generator(model, settings.with(key, value), seed, decoder);
  }

  /**
   * The same with another seed for sampling. The same seed gives the same tokens, whatever other
   * inputs there are; the sequences of one input are sampled independently.
   */
  public Generator withSeed(long newSeed) {
    return new Generator(model, settings, newSeed, decoder);
  }

  /**
   * The same with a decoder for {@code stop_strings}, which are searched in text.
   *
   * @param newDecoder the text of ids, special tokens included
   */
  public Generator withDecoder(Function<int[], String> newDecoder) {
    return new Generator(model, settings, seed, newDecoder);
  }

  /**
   * The checked settings.
   *
   * @throws io.lanewise.CheckpointException if a setting is invalid or not supported
   */
  public GenerationConfig config() {
    return GenerationConfig.of(settings);
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
   * @throws io.lanewise.CheckpointException if a setting is invalid or not supported
   */
  public Generated generate(Inputs inputs) {
    return generate(inputs, TokenListener.NONE, () -> false);
  }

  /**
   * Generates with a listener. A cancelled call returns the tokens so far.
   *
   * @param listener receives every token, and may end the call
   * @param cancelled checked before each step; true ends the call
   * @throws InputException as {@link #generate(Inputs)}, or if there is a listener and a beam
   *     search
   */
  public Generated generate(Inputs inputs, TokenListener listener, BooleanSupplier cancelled) {
    var config = config();
    boolean beams = config.beams().count() > 1;
    if (beams && listener != TokenListener.NONE) {
      throw new InputException(
          "num_beams: a beam search chooses its tokens in the end, nobody can listen to it:"
              + " set num_beams to 1");
    }
    var stops = config.words().stop();
    if (!stops.isEmpty() && decoder == null) {
      throw new InputException(
          "stop_strings: ids alone have no text: say how to decode them", Remedy.DECODER);
    }
    try (var continuation = Continuation.of(model, inputs, config.tokens())) {
      var plan =
          Plan.of(
              config,
              continuation.prompts(),
              continuation.sources(),
              model.longest(),
              stops.isEmpty() ? null : new StopStrings(stops, decoder),
              seed);
      return beams
          ? BeamSearch.run(plan, continuation, cancelled)
          : StepwiseSearch.run(plan, continuation, listener, cancelled);
    }
  }
}
