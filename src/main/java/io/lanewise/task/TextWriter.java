package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.generate.Ending;
import io.lanewise.generate.Generated;
import io.lanewise.generate.Generator;
import io.lanewise.generate.TokenListener;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.tokenizer.Encoding;
import io.lanewise.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * What the tasks that generate share: many texts in groups, too long ones refused, one streamed.
 *
 * <p>Texts of equal length go through the model together, so that none is padded and each comes out
 * as it would alone.
 */
record TextWriter(Tokenizer tokenizer, Model model, PipelineSettings settings) {
  /**
   * Tokens that a group has at most, its beams and its longest continuations counted; what a group
   * takes in memory is bounded by it.
   */
  private static final int TOKENS_OF_A_GROUP = 8192;

  /** Scores of the vocabulary for all tokens of a group's prompts are at most so many floats. */
  private static final int LOGITS_OF_A_GROUP = 16 << 20;

  /** Settings of generation as this task takes them. */
  Generator generator(GenerateOptions options) {
    return settings
        .generator(model, options, tokenizer.specials().id("pad_token").orElse(-1))
        .withDecoder(ids -> tokenizer.decode(ids, false, false));
  }

  /**
   * The ids of a text.
   *
   * @throws InputException if the model cannot read so many
   */
  int[] encode(String text, GenerateOptions options) {
    int longest = Math.min(model.longest(), tokenizer.maxLength());
    var encode = tokenizer.options().withAddSpecialTokens(options.specialTokens());
    Encoding encoding =
        tokenizer.encode(text, options.truncation() ? encode.withMaxLength(longest) : encode);
    if (encoding.length() > longest) {
      throw new InputException(
          "the text \"%s\" has %d tokens, the model takes at most %d: shorten it, or allow truncation"
              .formatted(Excerpt.of(text), encoding.length(), longest));
    }
    return encoding.ids();
  }

  /**
   * Generates for many texts.
   *
   * @param ids of each
   * @param decoderPrompt tokens that a decoder starts with; 0 if these are the ids themselves
   * @return of each its sequences
   */
  List<List<Generated.Sequence>> run(
      List<int[]> ids, Generator generator, int decoderPrompt, Call call) {
    var results = new ArrayList<List<Generated.Sequence>>(Collections.nCopies(ids.size(), null));
    var order =
        IntStream.range(0, ids.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> ids.get(i).length).reversed())
            .toList();
    int from = 0;
    while (from < order.size()) {
      int length = ids.get(order.get(from)).length;
      int prompt = decoderPrompt > 0 ? decoderPrompt : length;
      var own = PipelineSettings.within(model, generator, call.options(), prompt);
      int most = most(own, length, prompt);
      int to = from;
      while (to < order.size() && to - from < most && ids.get(order.get(to)).length == length) {
        to++;
      }
      var group = order.subList(from, to);
      var sequences = group(group.stream().map(ids::get).toArray(int[][]::new), own, call);
      for (int i = 0; i < group.size(); i++) {
        results.set(group.get(i), sequences.get(i));
      }
      from = to;
    }
    return results;
  }

  private List<List<Generated.Sequence>> group(int[][] ids, Generator generator, Call call) {
    if (call.cancelled().getAsBoolean()) {
      return Collections.nCopies(
          ids.length, List.of(new Generated.Sequence(new int[0], Float.NaN, Ending.CANCELLED)));
    }
    return generator.generate(Inputs.ids(ids), call.listener(), call.cancelled()).inputs();
  }

  /** Texts of a group. */
  private int most(Generator generator, int length, int prompt) {
    var config = generator.config();
    long end =
        config.lengths().mostNew() > 0
            ? (long) prompt + config.lengths().mostNew()
            : config.lengths().most();
    long rows = Math.max(config.beams().count(), config.beams().returned());
    long tokens = length + rows * end;
    long logits = (long) prompt * model.config().positive("vocab_size", 1);
    return (int) Math.max(1, Math.min(TOKENS_OF_A_GROUP / tokens, LOGITS_OF_A_GROUP / logits));
  }

  /**
   * What a call brings besides its texts.
   *
   * @param cancelled asked before each step
   */
  record Call(GenerateOptions options, TokenListener listener, BooleanSupplier cancelled) {}
}
