package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.generate.Generator;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a text is generated. Immutable: each {@code with} gives another one.
 *
 * @param settings of generation under Hugging Face's keys, such as {@code num_beams}; what is not
 *     here is up to the model's files and to the pipeline of the task. A {@code max_length} here
 *     without {@code max_new_tokens} holds, as where Hugging Face's pipeline is made with it
 * @param seed of what is drawn: the same seed gives the same text
 * @param fullText whether TextGenerator repeats the prompt before its continuation, {@code
 *     return_full_text}
 * @param spaces in the decoded text
 * @param specialTokens whether the tokenizer puts special tokens around TextGenerator's prompt,
 *     {@code add_special_tokens}
 */
public record GenerateOptions(
    Map<String, @Nullable Object> settings,
    long seed,
    boolean fullText,
    Spaces spaces,
    boolean specialTokens) {
  /** What becomes of spaces before full stops, commas and English contractions in decoded text. */
  public enum Spaces {
    /** As Hugging Face's pipeline does it unasked: taken away by TextGenerator, kept by others. */
    AS_PIPELINE,
    /** Taken away, {@code clean_up_tokenization_spaces=True}. */
    CLEANED,
    /** Kept, {@code clean_up_tokenization_spaces=False}. */
    KEPT
  }

  /** What Hugging Face's pipelines do unasked, with seed 0. */
  public static final GenerateOptions DEFAULT =
      new GenerateOptions(Map.of(), 0, true, Spaces.AS_PIPELINE, true);

  /** Checks the keys; values are checked where they are used. */
  public GenerateOptions {
    for (var key : settings.keySet()) {
      if (!Generator.hasSetting(key)) {
        throw new InputException(key + ": there is no such setting of generation");
      }
    }
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /**
   * The same with another setting of generation.
   *
   * @param key such as {@code num_beams}
   * @param value a number, a text, a truth or a list of those; null for Hugging Face's default
   * @throws InputException if there is no such setting
   */
  public GenerateOptions with(String key, @Nullable Object value) {
    var more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new GenerateOptions(more, seed, fullText, spaces, specialTokens);
  }

  public GenerateOptions withSeed(long newSeed) {
    return new GenerateOptions(settings, newSeed, fullText, spaces, specialTokens);
  }

  public GenerateOptions withFullText(boolean newFullText) {
    return new GenerateOptions(settings, seed, newFullText, spaces, specialTokens);
  }

  public GenerateOptions withSpaces(Spaces newSpaces) {
    return new GenerateOptions(settings, seed, fullText, newSpaces, specialTokens);
  }

  public GenerateOptions withSpecialTokens(boolean newSpecialTokens) {
    return new GenerateOptions(settings, seed, fullText, spaces, newSpecialTokens);
  }

  /** Whether spaces are taken away. */
  public boolean cleansUp(boolean unasked) {
    return switch (spaces) {
      case AS_PIPELINE -> unasked;
      case CLEANED -> true;
      case KEPT -> false;
    };
  }
}
