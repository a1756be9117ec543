package io.lanewise.generate;

import io.lanewise.InputException;
import io.lanewise.checkpoint.Config;
import io.lanewise.model.DecoderCache;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Output;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A running decoder: it reads the prompts, then each chosen token, and computes the scores of the
 * next tokens. Its cache has the tokens so far; an encoder runs once, before the first token.
 */
final class Continuation implements AutoCloseable {
  private static final String STATES = "encoder_outputs.last_hidden_state";
  private static final String STATES_MASK = "encoder_attention_mask";
  private static final Set<String> OF_DECODER = Set.of("decoder_input_ids", STATES);
  private static final Set<String> OF_DECODER_ALONE =
      Set.of("input_ids", "attention_mask", "encoder_hidden_states", STATES_MASK);

  private final Model model;
  private final boolean alone;
  private final Prompt prompt;
  private final DecoderCache cache;
  private final int[][] ids; // of the inputs; null where there are none
  private Inputs source; // what the first call needs besides its tokens
  private float[][] rows = {}; // the scores of the last call
  private float[][] seen; // of the prompt's tokens, for each sequence; null for all

  private Continuation(Model model, boolean alone, Prompt prompt, int[][] ids, Inputs source) {
    this.model = model;
    this.alone = alone;
    this.prompt = prompt;
    this.ids = ids;
    this.source = source;
    this.seen = prompt.seen();
    this.cache = model.newCache();
  }

  /**
   * Checks the inputs, and runs the encoder if there is one.
   *
   * @throws InputException if the model does not generate, or the inputs do not fit it
   */
  static Continuation of(Model model, Inputs inputs, GenerationConfig.Tokens special) {
    if (model.head() == Head.CAUSAL_LM) {
      var source = select(inputs, OF_DECODER_ALONE, true);
      if (source.tensors().size() < inputs.tensors().size()) {
        var other = select(inputs, OF_DECODER_ALONE, false).tensors().firstEntry().getKey();
        throw new InputException(
            other
                + ": no input of generation; it takes input_ids, attention_mask, and what cross"
                + " attention looks at");
      }
      var own = Set.of("input_ids", "attention_mask");
      var prompt = Prompt.of(inputs, special);
      return new Continuation(model, true, prompt, prompt.ids(), select(source, own, false));
    }
    if (model.head() != Head.CONDITIONAL_GENERATION) {
      throw new InputException(
          model
              + " does not generate text: only models ForCausalLM and ForConditionalGeneration do");
    }
    if (!model.config().bool("is_encoder_decoder", true)) {
      throw new InputException(
          "is_encoder_decoder: it is false in "
              + model.config().where()
              + ", and then Hugging Face generates without the encoder: set it to true");
    }
    var mask = Prompt.mask(inputs, special);
    var given = mask == null ? inputs : inputs.with("attention_mask", mask);
    var states = given.tensors().get(STATES);
    if (states == null) {
      states = model.encode(select(given, OF_DECODER, false)).lastHiddenState();
    } else if (states.shape().rank() != 3) {
      throw new InputException(
          STATES + ": its shape is " + states.shape() + ", it must be [batch, tokens, hidden]");
    }
    var prompt =
        Prompt.ofDecoder(
            inputs,
            special,
            states.shape().size(0),
            model.config().positive("vocab_size", Config.LARGEST));
    var source = Inputs.of(Map.of(STATES, states));
    if (mask != null) {
      source = source.with(STATES_MASK, mask);
    }
    var ids = inputs.tensors().get("input_ids");
    return new Continuation(
        model, false, prompt, ids == null ? null : Prompt.ids("input_ids", ids), source);
  }

  private static Inputs select(Inputs inputs, Set<String> names, boolean those) {
    var part = new LinkedHashMap<>(inputs.tensors());
    part.keySet().removeIf(name -> names.contains(name) != those);
    return Inputs.of(part);
  }

  /** The prompts, [batch][tokens]. */
  int[][] prompts() {
    return prompt.ids();
  }

  /** {@code input_ids}, [batch][tokens]; null if only states or embeddings were given. */
  int[][] sources() {
    return ids;
  }

  /**
   * Reads further tokens of each sequence.
   *
   * @param tokens [sequences][tokens]: the prompts in the first call, then one token of each
   * @return scores of the next token, [sequences][vocabulary]; the caller may change them, and has
   *     them until the next call
   */
  float[][] next(int[][] tokens) {
    return next(tokens, null);
  }

  /**
   * The same where perhaps only the highest score of each sequence is read.
   *
   * @param excluded for each sequence, tokens that do not count; null if all scores are read. The
   *     scores of others than the highest may be negative infinity
   */
  float[][] next(int[][] tokens, int @Nullable [][] excluded) {
    var ids = Tensor.of(tokens);
    var inputs = source.with(alone ? "input_ids" : "decoder_input_ids", ids);
    source = Inputs.of(Map.of()); // from now on the cache has it
    if (seen != null) {
      inputs = inputs.with("attention_mask", mask(cache.tokens() + tokens[0].length));
    }
    int last = tokens[0].length - 1;
    var read = new int[tokens.length]; // only the last token has scores
    Arrays.fill(read, last);
    inputs =
        excluded == null
            ? inputs.withReadTokens(
                Arrays.stream(read).mapToObj(at -> new int[] {at}).toArray(int[][]::new))
            : inputs.withHighestRead(read, excluded);
    var output = alone ? model.forward(inputs, cache) : model.decode(inputs, cache);
    if (!(output instanceof Output.Logits words)) {
      throw new IllegalStateException("a head for words gave no scores of words");
    }
    return rows(words.logits(), tokens.length);
  }

  /**
   * The first rows of a tensor. They are copied to the arrays of the last call where these fit: new
   * ones of this size, each step, would keep the garbage collector busy.
   */
  private float[][] rows(Tensor logits, int count) {
    int width = logits.shape().size(-1);
    if (rows.length != count || rows[0].length != width) {
      rows = new float[count][width];
    }
    for (int i = 0; i < count; i++) {
      System.arraycopy(logits.floats(), i * width, rows[i], 0, width);
    }
    return rows;
  }

  /** As {@link #next}, with the scores as log-probabilities. */
  float[][] nextLogProbabilities(int[][] tokens) {
    var scores = next(tokens);
    model.logSoftmax(scores);
    return scores;
  }

  /** The attention mask: that of the prompt, and ones for all tokens after it. */
  private float[][] mask(int keys) {
    var mask = new float[seen.length][keys];
    for (int i = 0; i < mask.length; i++) {
      Arrays.fill(mask[i], 1);
      System.arraycopy(seen[i], 0, mask[i], 0, seen[i].length);
    }
    return mask;
  }

  /** Selects sequences: sequence i becomes a copy of sequence {@code from[i]}. */
  void select(int[] from) {
    cache.select(from);
    if (seen != null) {
      var chosen = new float[from.length][];
      for (int i = 0; i < from.length; i++) {
        chosen[i] = seen[from[i]];
      }
      seen = chosen;
    }
  }

  @Override
  public void close() {
    cache.close();
  }
}
