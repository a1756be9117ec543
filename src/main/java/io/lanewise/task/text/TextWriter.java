package io.lanewise.task.text;

import io.lanewise.InputException;
import io.lanewise.generate.Generated;
import io.lanewise.generate.Generated.Ending;
import io.lanewise.generate.GenerationOptions;
import io.lanewise.generate.Generator;
import io.lanewise.generate.TokenListener;
import io.lanewise.model.Inputs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the tasks that generate share: texts to ids, many of them in groups.
 *
 * <p>Texts of equal length go through the model together, so that none is padded and each comes out
 * as it would alone.
 *
 * @param options what the caller sets
 * @param cleansUp whether the space before full stops, commas and English contractions is taken
 *     away, {@code clean_up_tokenization_spaces}
 * @param decoderPrompt tokens that a decoder starts with; 0 if these are the text's own
 */
public record TextWriter(
    TextModel texts,
    PipelineSettings settings,
    GenerationOptions options,
    boolean cleansUp,
    int decoderPrompt) {
  /** Scores of the vocabulary for all tokens of a group's prompts are at most so many floats. */
  private static final int LOGITS_OF_A_GROUP = 16 << 20;

  /** The same with other settings of generation. */
  public TextWriter with(GenerationOptions newOptions) {
    return new TextWriter(texts, settings, newOptions, cleansUp, decoderPrompt);
  }

  /** The same with spaces taken away or not. */
  public TextWriter withCleanUp(boolean newCleansUp) {
    return new TextWriter(texts, settings, options, newCleansUp, decoderPrompt);
  }

  /** Settings of generation as this task takes them. */
  public Generator generator() {
    int padding = texts.tokenizer().specials().id("pad_token").orElse(-1);
    return settings
        .generator(texts.model(), options, padding)
        .withDecoder(ids -> texts.tokenizer().decode(ids, false, false));
  }

  /**
   * The same for a text that is told piece by piece.
   *
   * @throws InputException if there are several sequences or beams
   */
  public Generator streamed() {
    var generator = generator();
    var beams = generator.config().beams();
    if (beams.count() > 1) {
      throw new InputException(
          "num_beams: it is "
              + beams.count()
              + ", and a beam search knows its text in the end only: set it to 1 to stream");
    }
    if (beams.returned() > 1) {
      throw new InputException(
          "num_return_sequences: it is " + beams.returned() + ": set it to 1 to stream");
    }
    return generator;
  }

  /**
   * Generates for many texts.
   *
   * @param ids of each
   * @param listener hears of tokens; of one text only, as texts are sorted here
   * @param cancelled asked before each step
   * @return of each its sequences
   */
  public List<List<Generated.Sequence>> run(
      List<int[]> ids, Generator generator, TokenListener listener, BooleanSupplier cancelled) {
    var results = new ArrayList<List<Generated.Sequence>>(Collections.nCopies(ids.size(), null));
    var byLength =
        IntStream.range(0, ids.size())
            .boxed()
            .collect(Collectors.groupingBy(i -> ids.get(i).length));
    var before = new AtomicInteger();
    // The longest first, so that what does not fit the model is refused at once.
    byLength.keySet().stream()
        .sorted(Comparator.reverseOrder())
        .forEach(
            length -> {
              int prompt = decoderPrompt > 0 ? decoderPrompt : length;
              var own = PipelineSettings.within(texts.model(), generator, options, prompt);
              int cost = cost(own, length, prompt);
              long logits = (long) prompt * texts.model().config().positive("vocab_size", 1);
              long most = Math.max(1, LOGITS_OF_A_GROUP / logits);
              int budget = (int) Math.min(texts.taskOptions().batchTokens(), most * cost);
              var group = byLength.get(length);
              var answers =
                  Batching.run(
                      group,
                      _ -> cost,
                      budget,
                      batch ->
                          batch(batch.stream().map(ids::get).toList(), own, listener, cancelled),
                      (done, _) ->
                          texts
                              .taskOptions()
                              .listener()
                              .batchDone(before.get() + done, ids.size()));
              before.addAndGet(group.size());
              for (int i = 0; i < group.size(); i++) {
                results.set(group.get(i), answers.get(i));
              }
            });
    return results;
  }

  private List<List<Generated.Sequence>> batch(
      List<int[]> ids, Generator generator, TokenListener listener, BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      return Collections.nCopies(
          ids.size(), List.of(new Generated.Sequence(new int[0], Float.NaN, Ending.CANCELLED)));
    }
    var inputs = Inputs.ids(ids.toArray(int[][]::new));
    return generator.generate(inputs, listener, cancelled).inputs();
  }

  /** Tokens that a text may come to, all its sequences at their longest. */
  private static int cost(Generator generator, int length, int prompt) {
    var config = generator.config();
    int more = config.lengths().mostNew();
    long added = more > 0 ? more : Math.max(0, config.lengths().most() - prompt);
    long sequences = Math.max(config.beams().count(), config.beams().returned());
    return (int) Math.min(Integer.MAX_VALUE, length + sequences * added);
  }
}
