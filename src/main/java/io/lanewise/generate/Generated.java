package io.lanewise.generate;

import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * The result of a generation.
 *
 * <pre>{@code
 * try (var model = Model.load(Path.of("my-model"), Options.DEFAULT)) {
 *   var generator = Generator.of(model).with(GenerationOptions.DEFAULT.withBeams(4));
 *   var generated = generator.generate(Inputs.ids(new long[][] {{2, 31, 7}}));
 *   var best = generated.inputs().getFirst().getFirst();
 *   System.out.println(Arrays.toString(best.tokens()) + " " + best.ending());
 * }
 * }</pre>
 *
 * @param inputs the sequences of each input, of a beam search the best first: {@code
 *     num_return_sequences} of them, or fewer if the settings do not allow so many different ones
 * @param padding fills {@link #sequences}; -1 if all are equally long
 * @param logits [batch, vocabulary] of each step before any rule; a row whose sequence has ended is
 *     not computed and is NaN. Empty unless {@code output_logits}
 */
public record Generated(List<List<Sequence>> inputs, int padding, List<Tensor> logits) {
  /**
   * One sequence.
   *
   * @param tokens the prompt or the start token, and all that was generated, its end token included
   * @param score of a beam search: the sum of the log-probabilities, divided by the number of
   *     generated tokens to the power of the length penalty; NaN of other searches
   * @param ending why it ended
   */
  public record Sequence(int[] tokens, float score, Ending ending) {}

  /** Why a sequence goes no further. */
  public enum Ending {
    /** It came to an end token. */
    END_TOKEN,
    /** Its text holds one of the {@code stop_strings}. */
    STOP_STRING,
    /** It is as long as it may become. */
    LENGTH,
    /** {@code max_time} is over. */
    TIME,
    /** The caller has had enough. */
    CANCELLED
  }

  private List<Sequence> all() {
    return inputs.stream().flatMap(List::stream).toList();
  }

  /** Hugging Face's {@code sequences}: [sequences, longest], those of each input in a row. */
  public Tensor sequences() {
    var all = all();
    int longest = all.stream().mapToInt(sequence -> sequence.tokens.length).max().orElse(0);
    var rows = new int[all.size()][longest];
    for (int i = 0; i < rows.length; i++) {
      var tokens = all.get(i).tokens;
      Arrays.fill(rows[i], padding);
      System.arraycopy(tokens, 0, rows[i], 0, tokens.length);
    }
    return Tensor.of(rows);
  }

  /** Hugging Face's {@code sequences_scores}: [sequences] of a beam search. */
  public Tensor scores() {
    var all = all();
    var scores = new float[all.size()];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = all.get(i).score;
    }
    return Tensor.of(scores, scores.length);
  }
}
