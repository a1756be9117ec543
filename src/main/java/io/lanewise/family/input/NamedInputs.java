package io.lanewise.family.input;

import io.lanewise.model.Inputs;
import io.lanewise.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Inputs, and what their caller reads of the results. All {@link Inputs} are of this class. */
public final class NamedInputs extends Inputs {
  /**
   * What the caller reads of the results.
   *
   * @param padding whether those of the padding
   * @param tokens positions in each sequence; null for all
   * @param pooler whether the pooler's output
   * @param excluded for each of these tokens, words that do not count where only the highest score
   *     is read; null for all scores
   */
  public record Reading(
      boolean padding, int[][] tokens, boolean pooler, int @Nullable [][] excluded) {
    private static final Reading ALL = new Reading(true, null, true, null);
  }

  private final Reading reading;

  private NamedInputs(SequencedMap<String, Tensor> tensors, Reduction reduction, Reading reading) {
    super(tensors, reduction);
    this.reading = reading;
  }

  /** Of which everything is read. */
  public static NamedInputs of(Map<String, Tensor> tensors) {
    return new NamedInputs(new LinkedHashMap<>(tensors), Reduction.MEAN, Reading.ALL);
  }

  /** What stands behind inputs. */
  public static NamedInputs of(Inputs inputs) {
    return (NamedInputs) inputs;
  }

  /** What is read of the results. */
  public Reading reading() {
    return reading;
  }

  /** The same with one more, or another in the place of the one of that name. */
  public NamedInputs and(String name, Tensor tensor) {
    var map = new LinkedHashMap<>(tensors());
    map.put(name, tensor);
    return new NamedInputs(map, reduction(), reading);
  }

  /** The same without those whose name starts so. */
  public NamedInputs without(String start) {
    var map = new LinkedHashMap<>(tensors());
    map.keySet().removeIf(name -> name.startsWith(start));
    return new NamedInputs(map, reduction(), reading);
  }

  /** The same with other losses. */
  public NamedInputs reduced(Reduction newReduction) {
    return new NamedInputs(new LinkedHashMap<>(tensors()), newReduction, reading);
  }

  /** The same, of which something else is read. */
  public NamedInputs read(Reading newReading) {
    return new NamedInputs(new LinkedHashMap<>(tensors()), reduction(), newReading);
  }
}
