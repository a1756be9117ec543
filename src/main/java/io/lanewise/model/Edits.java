package io.lanewise.model;

import io.lanewise.checkpoint.weights.WeightChange;
import io.lanewise.tensor.DType;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What becomes of a checkpoint while it is loaded. The model, its {@link Model#config() config} and
 * what {@link Model#save} writes are those of the edited one; the checkpoint's files stay as they
 * are.
 *
 * <pre>{@code
 * var edits = Edits.NONE.withVocabulary(30_100).withPrunedHeads(Map.of(0, Set.of(2, 5)));
 * try (var model = Model.load(folder, Options.DEFAULT.withEdits(edits))) {
 *   model.save(Path.of("smaller"));
 * }
 * }</pre>
 *
 * @param dtype that the weights are rounded to, to nearest, ties to even, {@code F16} or {@code
 *     BF16}: the model computes in 32 bits with the rounded weights, as after Flax's {@code
 *     to_fp16} and {@code to_bf16}, and saves them in 16; {@code F32} widens; empty leaves them
 * @param vocabulary rows that the word embeddings shall have, Hugging Face's {@code
 *     resize_token_embeddings}: surplus ones are cut off, new ones initialised from the seed with
 *     the config's {@code initializer_range}; scores and biases of the words go with them; 0 leaves
 *     them
 * @param prunedHeads heads to take out of layers, by the numbers of both, Hugging Face's {@code
 *     prune_heads}; those that the config says are pruned already need not be named
 */
public record Edits(Optional<DType> dtype, int vocabulary, Map<Integer, Set<Integer>> prunedHeads) {
  /** Everything stays as it is. */
  public static final Edits NONE = new Edits(Optional.empty(), 0, Map.of());

  public Edits {
    WeightChange.NONE.rounding(dtype.orElse(null)); // refuses types that weights cannot have
    if (vocabulary < 0) {
      throw new IllegalArgumentException("a vocabulary of " + vocabulary);
    }
    var copy = new TreeMap<Integer, Set<Integer>>();
    prunedHeads.forEach((layer, heads) -> copy.put(layer, Set.copyOf(heads)));
    prunedHeads = Collections.unmodifiableMap(copy);
  }

  /** The same with weights rounded to this type. */
  public Edits withDtype(DType newDtype) {
    return new Edits(Optional.of(newDtype), vocabulary, prunedHeads);
  }

  /** The same with so many rows of the word embeddings; 0 leaves them. */
  public Edits withVocabulary(int newVocabulary) {
    return new Edits(dtype, newVocabulary, prunedHeads);
  }

  /** The same without these heads of these layers. */
  public Edits withPrunedHeads(Map<Integer, Set<Integer>> newPrunedHeads) {
    return new Edits(dtype, vocabulary, newPrunedHeads);
  }
}
