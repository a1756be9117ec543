package io.lanewise.generate;

import io.lanewise.InputException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller sets for a generation, in the place of what the model's files say. Immutable: each
 * {@code with} gives another one. Settings may depend on each other, so their values are checked
 * together when they are used.
 *
 * <pre>{@code
 * var options =
 *     GenerationOptions.DEFAULT
 *         .withSampling(true)
 *         .withTemperature(0.8)
 *         .withMaxNewTokens(60)
 *         .withSeed(7)
 *         .with("exponential_decay_length_penalty", List.of(20, 1.05));
 * try (var generator = TextGenerator.load(Path.of("my-model"))) {
 *   System.out.println(generator.with(options).predict("Once upon a time").getFirst().text());
 * }
 * }</pre>
 *
 * @param settings under the keys of Hugging Face's {@code GenerationConfig}, such as {@code
 *     num_beams}; a key that is not here is up to the model's files, and to the pipeline of a task.
 *     A null stands for Hugging Face's default
 * @param seed of what is drawn: the same seed gives the same tokens
 */
public record GenerationOptions(Map<String, @Nullable Object> settings, long seed) {
  /** Nothing set, seed 0. */
  public static final GenerationOptions DEFAULT = new GenerationOptions(Map.of(), 0);

  /**
   * @throws InputException if there is no setting of such a key
   */
  public GenerationOptions {
    settings.keySet().forEach(GenerationKeys::check);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /**
   * The same with another setting, for keys that have no method here.
   *
   * @param key such as {@code exponential_decay_length_penalty}
   * @param value a number, a text, a truth or a list of those; null for Hugging Face's default
   * @throws InputException if there is no such setting
   */
  public GenerationOptions with(String key, @Nullable Object value) {
    var more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new GenerationOptions(more, seed);
  }

  /** The same with another seed of what is drawn; any number. */
  public GenerationOptions withSeed(long newSeed) {
    return new GenerationOptions(settings, newSeed);
  }

  /** {@code max_new_tokens}: tokens that are added at most, from 1. */
  public GenerationOptions withMaxNewTokens(int tokens) {
    return with("max_new_tokens", tokens);
  }

  /** {@code max_length}: tokens of prompt and text together at most, from 1. */
  public GenerationOptions withMaxLength(int tokens) {
    return with("max_length", tokens);
  }

  /** {@code min_new_tokens}: tokens that are added at least, from 0. */
  public GenerationOptions withMinNewTokens(int tokens) {
    return with("min_new_tokens", tokens);
  }

  /** {@code min_length}: tokens of prompt and text together at least, from 0. */
  public GenerationOptions withMinLength(int tokens) {
    return with("min_length", tokens);
  }

  /** {@code max_time}: no step begins later than this; one token always comes. */
  public GenerationOptions withMaxTime(Duration time) {
    return with("max_time", time.toNanos() / 1e9);
  }

  /** {@code num_beams}: beams of the search, from 1 (no beam search) to 1,024. */
  public GenerationOptions withBeams(int beams) {
    return with("num_beams", beams);
  }

  /**
   * {@code num_return_sequences}: sequences for each input, from 1; no more than beams unless a
   * single sequence is drawn.
   */
  public GenerationOptions withReturnedSequences(int sequences) {
    return with("num_return_sequences", sequences);
  }

  /**
   * {@code length_penalty}, from -1,000 to 1,000: the score of a beam is divided by its length to
   * this power, so that more than 0 favours long sequences.
   */
  public GenerationOptions withLengthPenalty(double penalty) {
    return with("length_penalty", penalty);
  }

  /** {@code early_stopping}: when a beam search is content. */
  public GenerationOptions withEarlyStopping(GenerationConfig.EarlyStopping stopping) {
    return switch (stopping) {
      case TRUE -> with("early_stopping", true);
      case FALSE -> with("early_stopping", false);
      case NEVER -> with("early_stopping", "never");
    };
  }

  /** {@code do_sample}: whether tokens are drawn by their probabilities. */
  public GenerationOptions withSampling(boolean sampling) {
    return with("do_sample", sampling);
  }

  /**
   * {@code temperature}, more than 0: scores are divided by it. Without effect unless tokens are
   * drawn, as {@code top_k}, {@code top_p}, {@code min_p} and {@code typical_p}.
   */
  public GenerationOptions withTemperature(double temperature) {
    return with("temperature", temperature);
  }

  /** {@code top_k}: so many of the best tokens are drawn from; 0 for all. */
  public GenerationOptions withTopK(int tokens) {
    return with("top_k", tokens);
  }

  /** {@code top_p}, from 0 to 1: the best tokens with this probability together are drawn from. */
  public GenerationOptions withTopP(double probability) {
    return with("top_p", probability);
  }

  /** {@code min_p}, from 0 to 1: tokens with less than this share of the best one's go. */
  public GenerationOptions withMinP(double share) {
    return with("min_p", share);
  }

  /** {@code typical_p}, more than 0 and at most 1: tokens of typical information are left. */
  public GenerationOptions withTypicalP(double probability) {
    return with("typical_p", probability);
  }

  /**
   * {@code repetition_penalty}, more than 0: above 1, tokens that were there become less likely.
   */
  public GenerationOptions withRepetitionPenalty(double penalty) {
    return with("repetition_penalty", penalty);
  }

  /** {@code no_repeat_ngram_size}: no run of so many tokens comes twice; 0 for no limit. */
  public GenerationOptions withNoRepeatNgramSize(int tokens) {
    return with("no_repeat_ngram_size", tokens);
  }

  /** {@code bad_words_ids}: runs of token ids that never come; none of them empty. */
  public GenerationOptions withBadWords(List<List<Integer>> words) {
    return with("bad_words_ids", words);
  }

  /** {@code stop_strings}: a sequence ends when its text holds one of these. */
  public GenerationOptions withStopStrings(List<String> strings) {
    return with("stop_strings", strings);
  }
}
