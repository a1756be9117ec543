package io.lanewise.family.input;

import io.lanewise.InputException;
import io.lanewise.family.head.Losses;
import io.lanewise.model.Inputs;
import io.lanewise.model.Inputs.Reduction;
import io.lanewise.nn.ReadTokens;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Shape;
import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of one call on their way in. Each is read by its name and checked for type, shape and
 * range; whatever is wrong is an {@link InputException} that names the input, before any kernel
 * runs.
 */
public final class CheckedInputs {
  /** A little below the longest array that the JVM makes. */
  private static final long LARGEST = Integer.MAX_VALUE - 8;

  private final Inputs inputs;

  /**
   * Takes the inputs in.
   *
   * @param model what to call the model in messages
   * @param known all names that it understands
   */
  public CheckedInputs(Inputs inputs, String model, List<String> known) {
    this.inputs = inputs;
    for (var name : inputs.tensors().keySet()) {
      if (!known.contains(name)) {
        throw new InputException(
            name + ": no input of " + model + "; it takes " + String.join(", ", known));
      }
    }
  }

  /** What becomes of the losses. */
  public Reduction reduction() {
    return inputs.reduction();
  }

  /** What is read of the results. */
  public NamedInputs.Reading reading() {
    return NamedInputs.of(inputs).reading();
  }

  /**
   * The tokens of which results are read; null for all.
   *
   * @param batch sequences
   * @param tokens of a sequence
   * @param labels names of the inputs that a loss is made of, which wants all tokens
   */
  public ReadTokens readTokens(int batch, int tokens, List<String> labels) {
    var positions = reading().tokens();
    if (positions == null) {
      return null;
    }
    for (var label : labels) {
      if (has(label)) {
        throw new InputException(
            label
                + ": a loss is made of all tokens, and only some are read: leave one of them out");
      }
    }
    if (positions.length != batch) {
      throw new InputException(
          "the tokens to read are of "
              + positions.length
              + " sequences, the inputs have "
              + batch
              + ": give a list for each");
    }
    for (int b = 0; b < batch; b++) {
      for (int position : positions[b]) {
        if (position < 0 || position >= tokens) {
          throw new InputException(
              "the token to read at position "
                  + position
                  + " of sequence "
                  + b
                  + " is not there: the sequence has "
                  + tokens);
        }
      }
    }
    if (Arrays.stream(positions).allMatch(each -> each.length == 0)) {
      throw new InputException("no token is read: name at least one, or read all");
    }
    return ReadTokens.at(positions, tokens);
  }

  /**
   * Words that do not count where only the highest score of each read token is wanted, for each of
   * them; null if all scores are.
   *
   * @param words of the vocabulary
   */
  public int @Nullable [][] excludedWords(int words) {
    var excluded = reading().excluded();
    for (int i = 0; excluded != null && i < excluded.length; i++) {
      for (int word : excluded[i]) {
        if (word < 0 || word >= words) {
          throw new InputException(
              "the word to exclude for sequence %d is %d: it must be from 0 to %d"
                  .formatted(i, word, words - 1));
        }
      }
    }
    return excluded;
  }

  public boolean has(String name) {
    return inputs.tensors().containsKey(name);
  }

  /** The shape of an input that is there. */
  public Shape shape(String name) {
    return inputs.tensors().get(name).shape();
  }

  /** An input that is there, in one of these shapes. */
  public Tensor get(String name, Shape... shapes) {
    var tensor = inputs.tensors().get(name);
    if (!Arrays.asList(shapes).contains(tensor.shape())) {
      throw new InputException(
          name
              + ": its shape is "
              + tensor.shape()
              + ", it must be "
              + Arrays.stream(shapes)
                  .map(Shape::toString)
                  .distinct()
                  .collect(Collectors.joining(" or ")));
    }
    return tensor;
  }

  /**
   * Integers from 0 to {@code limit - 1}, such as token ids.
   *
   * @param limits what the limit is, for the message
   */
  public int[] integers(String name, int limit, String limits, Shape... shapes) {
    return integers(name, limit, limits, 0, shapes);
  }

  /** Class labels from 0 to {@code classes - 1}, or {@link Losses#IGNORED}. */
  public int[] labels(String name, int classes, String limits, Shape... shapes) {
    return integers(name, classes, limits, Losses.IGNORED, shapes);
  }

  private int[] integers(String name, int limit, String limits, int besides, Shape... shapes) {
    var tensor = get(name, shapes);
    var values = integers(name, tensor);
    var result = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      if ((values[i] < 0 || values[i] >= limit) && values[i] != besides) {
        throw new InputException(
            name
                + ": "
                + values[i]
                + " at "
                + place(tensor.shape(), i)
                + " is not from 0 to "
                + (limit - 1)
                + (besides < 0 ? " or " + besides : "")
                + ": "
                + limits
                + " is "
                + limit);
      }
      result[i] = (int) values[i];
    }
    return result;
  }

  /** Integers, each moved into the range from {@code least} to {@code most} if it lies outside. */
  public int[] clamped(String name, int least, int most, Shape... shapes) {
    var values = integers(name, get(name, shapes));
    return Arrays.stream(values).mapToInt(value -> Math.clamp(value, least, most)).toArray();
  }

  private static long[] integers(String name, Tensor tensor) {
    if (tensor.dtype() != DType.I64) {
      throw new InputException(
          name + ": integers are needed, " + tensor.dtype() + tensor.shape() + " was given");
    }
    return tensor.longs();
  }

  /** Whether an input that is there holds integers. */
  public boolean isInteger(String name) {
    return inputs.tensors().get(name).dtype() == DType.I64;
  }

  /** Numbers of any kind, as floats. */
  public float[] floats(String name, Shape... shapes) {
    return get(name, shapes).floats();
  }

  /** Numbers from 0 to 1, such as a mask. */
  public float[] fractions(String name, Shape... shapes) {
    var tensor = get(name, shapes);
    var values = tensor.floats();
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= 0 && values[i] <= 1)) {
        throw new InputException(
            name
                + ": "
                + values[i]
                + " at "
                + place(tensor.shape(), i)
                + " is not from 0 (hidden) to 1 (seen)");
      }
    }
    return values;
  }

  /**
   * A factor for each head of each layer, [layers][heads], from a mask of shape [heads] for all
   * layers or [layers, heads]; null if none was given.
   */
  public float[][] headMask(String name, int layers, int heads) {
    if (!has(name)) {
      return null;
    }
    var values = floats(name, Shape.of(heads), Shape.of(layers, heads));
    boolean one = shape(name).rank() == 1;
    var mask = new float[layers][];
    for (int i = 0; i < layers; i++) {
      int from = one ? 0 : i * heads;
      mask[i] = Arrays.copyOfRange(values, from, from + heads);
    }
    return mask;
  }

  /**
   * Checks that a result of these dimensions can be made at all.
   *
   * @param what its name, for the message
   */
  public static void checkSize(String what, long... dims) {
    double count = 1;
    for (long dim : dims) {
      count *= dim;
    }
    if (count > LARGEST) {
      throw new InputException(
          what
              + " "
              + Arrays.toString(dims)
              + " would have more than "
              + LARGEST
              + " elements: split the batch");
    }
  }

  private static String place(Shape shape, int flat) {
    var place = new long[shape.rank()];
    long rest = flat;
    for (int i = place.length - 1; i >= 0; i--) {
      place[i] = rest % shape.dim(i);
      rest /= shape.dim(i);
    }
    return Arrays.toString(place);
  }
}
