package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.Keep;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * The tokenizer and the model of one folder: what every task is made of. Thread-safe.
 *
 * @param longest tokens that a text may have, specials counted
 */
record TextModel(Tokenizer tokenizer, Model model, Limits limits, int longest)
    implements AutoCloseable {

  /**
   * Loads a folder.
   *
   * @param head the head of the task
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  static TextModel load(Path folder, Head head, Options options, Limits limits) {
    return of(Tokenizer.load(folder), folder, head, options, limits);
  }

  /** The same with a tokenizer that has been loaded and found fit. */
  static TextModel of(Tokenizer tokenizer, Path folder, Head head, Options options, Limits limits) {
    var model = Model.load(folder, options.withHead(head));
    return new TextModel(
        tokenizer, model, limits, Math.min(model.longest(), tokenizer.maxLength()));
  }

  /** A text with its special tokens, cut or refused as the limits say. */
  Encoding encode(String text) {
    return encode(text, null);
  }

  /**
   * A text or a pair with special tokens, cut or refused as the limits say.
   *
   * @param pair null for none
   * @throws InputException if it has more tokens than the model takes
   */
  Encoding encode(String text, String pair) {
    var encoding = tokenizer.encode(text, pair, options());
    if (encoding.length() > longest) {
      throw new InputException(
          "the text \"%s\" has %d tokens, the model takes at most %d: shorten it, or let it be cut"
                  .formatted(excerpt(text), encoding.length(), longest)
              + " (max-length)");
    }
    return encoding;
  }

  /** How texts are encoded: whole, or cut to the limit and to what the model takes. */
  EncodeOptions options() {
    int most = limits.maxLength() == 0 ? 0 : Math.min(limits.maxLength(), longest);
    return tokenizer.options().withMaxLength(most).withPadding(false);
  }

  /** One forward pass over encodings of any lengths, padded on the right to the longest. */
  Output forward(List<Encoding> batch, Keep... keep) {
    return model.forward(inputs(batch), keep);
  }

  /**
   * Encodings of any lengths as the inputs of one pass, padded on the right to the longest. A mask
   * is given where there is padding, types where one is not 0: the defaults say the same. No task
   * reads what becomes of the padding.
   */
  Inputs inputs(List<Encoding> batch) {
    int tokens = batch.stream().mapToInt(Encoding::length).max().orElse(0);
    int pad = padId();
    var inputs = Inputs.ids(rows(batch, Encoding::ids, tokens, pad)); // [batch, tokens]
    if (batch.stream().anyMatch(each -> each.length() < tokens)) {
      inputs = inputs.with("attention_mask", rows(batch, Encoding::attentionMask, tokens, 0));
    }
    var types = rows(batch, Encoding::typeIds, tokens, tokenizer.padTypeId());
    if (Arrays.stream(types).flatMapToInt(Arrays::stream).anyMatch(type -> type != 0)) {
      inputs = inputs.with("token_type_ids", types);
    }
    return inputs.withPaddingUnread();
  }

  private static int[][] rows(
      List<Encoding> batch, Function<Encoding, int[]> of, int tokens, int pad) {
    return batch.stream()
        .map(
            each -> {
              int[] row = Arrays.copyOf(of.apply(each), tokens);
              Arrays.fill(row, each.length(), tokens, pad);
              return row;
            })
        .toArray(int[][]::new);
  }

  /** What fills the ends of short rows: the padding token, or any id where there is none. */
  private int padId() {
    return tokenizer.specials().id("pad_token").orElse(0);
  }

  /** Answers items in batches within the limits; see {@link Batching#run}. */
  <I, A> List<A> run(List<I> items, ToIntFunction<I> length, Function<List<I>, List<A>> pass) {
    return Batching.run(items, length, limits.batchTokens(), pass);
  }

  /** The beginning of a text, for messages. */
  static String excerpt(String text) {
    int most = 60;
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }

  @Override
  public void close() {
    model.close();
  }
}
