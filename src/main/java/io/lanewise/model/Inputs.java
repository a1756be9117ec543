package io.lanewise.model;

import io.lanewise.InputException;
import io.lanewise.family.input.NamedInputs;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of one forward pass, by Hugging Face's names. Immutable: each {@code with} gives a new
 * one.
 *
 * <pre>{@code
 * var inputs = Inputs.ids(new long[][] {{2, 14, 23, 3}}).with("attention_mask", new long[][] {{1, 1, 1, 1}});
 * }</pre>
 */
public abstract sealed class Inputs permits NamedInputs {
  /** What becomes of the losses of a batch. */
  public enum Reduction {
    /** Their mean, a scalar, as Hugging Face's PyTorch classes give it. */
    MEAN,
    /**
     * One loss for each example, [batch], as its TensorFlow classes give it: sequence
     * classification, multiple choice, the next sentence and question answering, whose positions
     * then have to lie inside the sequence. An example whose label is ignored has the loss 0. The
     * heads with a label for each token, and pre-training, give the mean over the labels that count
     * even so, as a tensor [1].
     */
    NONE
  }

  private static final List<String> ORDER =
      List.of(
          "input_ids",
          "attention_mask",
          "token_type_ids",
          "position_ids",
          "head_mask",
          "inputs_embeds");

  private final SequencedMap<String, Tensor> tensors;
  private final Reduction reduction;

  /** Nobody else can extend it. */
  protected Inputs(SequencedMap<String, Tensor> tensors, Reduction reduction) {
    this.tensors = tensors;
    this.reduction = reduction;
  }

  /** Token ids, [batch, tokens]. */
  public static Inputs ids(long[][] ids) {
    return of(Map.of()).with("input_ids", ids);
  }

  /** Token ids, [batch, tokens]. */
  public static Inputs ids(int[][] ids) {
    return of(Map.of()).with("input_ids", ids);
  }

  /** Inputs by name, such as the contents of a safetensors file. */
  public static Inputs of(Map<String, Tensor> tensors) {
    return NamedInputs.of(tensors);
  }

  /**
   * Inputs in the order of Hugging Face's arguments, as its TensorFlow classes take a list: {@code
   * input_ids}, {@code attention_mask}, {@code token_type_ids}, {@code position_ids}, {@code
   * head_mask}, {@code inputs_embeds}. Fewer may be given; null leaves one out.
   *
   * @throws InputException if there are more than six
   */
  public static Inputs inOrder(@Nullable Tensor... tensors) {
    if (tensors.length > ORDER.size()) {
      throw new InputException(
          tensors.length + " inputs in a row: at most " + ORDER.size() + ", " + ORDER);
    }
    var map = new LinkedHashMap<String, Tensor>();
    for (int i = 0; i < tensors.length; i++) {
      if (tensors[i] != null) {
        map.put(ORDER.get(i), tensors[i]);
      }
    }
    return NamedInputs.of(map);
  }

  /** These inputs and one more, or another in the place of the one of that name. */
  public Inputs with(String name, Tensor tensor) {
    return NamedInputs.of(this).and(name, tensor);
  }

  /** The same for integers [batch], such as the labels of sequences. */
  public Inputs with(String name, long[] values) {
    return with(name, Tensor.of(values, values.length));
  }

  /** The same for numbers [batch] or [heads]. */
  public Inputs with(String name, float[] values) {
    return with(name, Tensor.of(values, values.length));
  }

  /** The same for numbers, such as [batch, labels] or [layers, heads]. */
  public Inputs with(String name, float[][] rows) {
    try {
      return with(name, Tensor.of(rows));
    } catch (IllegalArgumentException e) {
      throw new InputException(name + ": " + e.getMessage(), e);
    }
  }

  /** The same for integers [batch, tokens]. */
  public Inputs with(String name, long[][] rows) {
    try {
      return with(name, Tensor.of(rows));
    } catch (IllegalArgumentException e) {
      throw new InputException(name + ": " + e.getMessage(), e);
    }
  }

  /** The same for integers [batch, tokens]. */
  public Inputs with(String name, int[][] rows) {
    try {
      return with(name, Tensor.of(rows));
    } catch (IllegalArgumentException e) {
      throw new InputException(name + ": " + e.getMessage(), e);
    }
  }

  /** These inputs, whose losses become what is said here; their mean otherwise. */
  public Inputs withReduction(Reduction newReduction) {
    return NamedInputs.of(this).reduced(newReduction);
  }

  /**
   * These inputs, of whose padding nobody reads a result: where {@code attention_mask} hides the
   * ends of sequences, layers may leave those tokens out, which takes less time. The results of all
   * other tokens keep their bits; those of the padding are what the head makes of zeros.
   */
  public Inputs withPaddingUnread() {
    var own = NamedInputs.of(this);
    var reading = own.reading();
    return own.read(
        new NamedInputs.Reading(false, reading.tokens(), reading.pooler(), reading.excluded()));
  }

  /**
   * These inputs, of which only the results of some tokens are read. The last layer computes the
   * others' keys and values and nothing more, and the head scores none of them; what is left keeps
   * its bits. A result for each token, [batch, tokens, …], becomes [read, …]: the tokens of the
   * first sequence, then those of the second, and so on. There is no pooler's output, and no loss.
   *
   * <p>All layers run in full where states or attentions are kept, and where something is dropped.
   *
   * @param positions of each sequence, from 0; of multiple choice each choice is a sequence
   */
  public Inputs withReadTokens(int[][] positions) {
    var copy = Arrays.stream(positions).map(int[]::clone).toArray(int[][]::new);
    var own = NamedInputs.of(this);
    return own.read(new NamedInputs.Reading(own.reading().padding(), copy, false, null));
  }

  /**
   * These inputs, of which only the highest score of words is read, at one token of each sequence.
   * The highest, all of them if several are equal, keep their bits; others may become negative
   * infinity, which saves a decoder with a large vocabulary much of its time.
   *
   * @param positions the token of each sequence, as {@link #withReadTokens} takes it
   * @param excluded for each sequence, words that do not count
   */
  public Inputs withHighestRead(int[] positions, int[][] excluded) {
    if (positions.length != excluded.length) {
      throw new InputException(
          "the words to exclude are for "
              + excluded.length
              + " sequences, the tokens to read of "
              + positions.length
              + ": give both for each");
    }
    var tokens = Arrays.stream(positions).mapToObj(at -> new int[] {at}).toArray(int[][]::new);
    var words = Arrays.stream(excluded).map(int[]::clone).toArray(int[][]::new);
    var own = NamedInputs.of(this);
    return own.read(new NamedInputs.Reading(own.reading().padding(), tokens, false, words));
  }

  /** These inputs, of which the pooler's output is not read: it is empty. */
  public Inputs withPoolerUnread() {
    var own = NamedInputs.of(this);
    var reading = own.reading();
    return own.read(
        new NamedInputs.Reading(reading.padding(), reading.tokens(), false, reading.excluded()));
  }

  /** What becomes of the losses. */
  public Reduction reduction() {
    return reduction;
  }

  /** The input of that name. */
  public Optional<Tensor> get(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** All inputs in the order they were given. */
  public SequencedMap<String, Tensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }
}
