package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.sentence.SparseEncoder;
import io.lanewise.task.sentence.SparseFolder;
import io.lanewise.task.sentence.TextRole;
import io.lanewise.task.text.Given;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Texts to sparse vectors, most of whose numbers are 0: for most models each place stands for a
 * word of the vocabulary, so that they can be looked up in an inverted index. These run:
 *
 * <ul>
 *   <li>folders of sentence-transformers' {@code SparseEncoder}: SPLADE, a Router with a table of
 *       weights for queries, a sparse auto-encoder;
 *   <li>a masked language model without {@code modules.json}, as SPLADE with the maximum;
 *   <li>BGE-M3, whose {@code sparse_linear.pt} weighs a text's own words.
 * </ul>
 *
 * <pre>{@code
 * try (var embedder = SparseEmbedder.load(Path.of("splade-cocondenser-ensembledistil"))) {
 *   var query = embedder.forQueries().predict("How tall is Etna?");
 *   var passage = embedder.forDocuments().predict("Etna is 3,403 m high.");
 *   System.out.println(embedder.similarity(query, passage));
 *   for (int i = 0; i < query.size(); i++) {
 *     System.out.println(embedder.token(query.indices()[i]) + ":" + query.weights()[i]);
 *   }
 * }
 * }</pre>
 *
 * <p>Texts that are too long are cut. Thread-safe. Closing waits for running calls and frees the
 * model.
 */
public final class SparseEmbedder implements Task<String, SparseEmbedder.SparseVector> {
  private final SparseFolder folder;
  private final TextRole role;
  private final String prompt;
  private final int top;

  private SparseEmbedder(SparseFolder folder, TextRole role, String prompt, int top) {
    this.folder = folder;
    this.role = role;
    this.prompt = prompt;
    this.top = top;
  }

  /**
   * A text as a sparse vector: the numbers that are not 0.
   *
   * @param indices their places, ascending: ids of tokens, but for a sparse auto-encoder; not to be
   *     written to
   * @param weights the numbers, in the same order; not to be written to
   */
  public record SparseVector(int[] indices, float[] weights) {
    /**
     * What is not 0 in a vector.
     *
     * @param top how many numbers are kept at most, the largest without their signs; 0 for all
     */
    public static SparseVector of(float[] vector, int top) {
      var places = IntStream.range(0, vector.length).filter(i -> vector[i] != 0);
      if (top > 0) {
        places =
            places
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -Math.abs(vector[i])))
                .limit(top)
                .mapToInt(i -> i)
                .sorted();
      }
      int[] indices = places.toArray();
      var weights = new float[indices.length];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = vector[indices[i]];
      }
      return new SparseVector(indices, weights);
    }

    /** How many numbers are not 0. */
    public int size() {
      return indices.length;
    }

    /** The places in the vector's arrays, that of the largest weight first. */
    public int[] byWeight() {
      return IntStream.range(0, size())
          .boxed()
          .sorted(Comparator.comparingDouble((Integer i) -> -weights[i]))
          .mapToInt(i -> i)
          .toArray();
    }

    /** The sum over places that both have of the products of their weights. */
    public double dot(SparseVector other) {
      double sum = 0;
      for (int i = 0, j = 0; i < indices.length && j < other.indices.length; ) {
        if (indices[i] == other.indices[j]) {
          sum += (double) weights[i++] * other.weights[j++];
        } else if (indices[i] < other.indices[j]) {
          i++;
        } else {
          j++;
        }
      }
      return sum;
    }

    /** The weights at these places, among which are all its own. */
    private Embedding at(int[] places) {
      var values = new float[places.length];
      for (int i = 0; i < indices.length; i++) {
        values[Arrays.binarySearch(places, indices[i])] = weights[i];
      }
      return new Embedding(values);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SparseVector that
          && Arrays.equals(indices, that.indices)
          && Arrays.equals(weights, that.weights);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(indices) + Arrays.hashCode(weights);
    }

    @Override
    public String toString() {
      return "SparseVector of " + size();
    }
  }

  /**
   * Loads a folder.
   *
   * @param folder holds {@code modules.json} and what it names, or a checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link Head#MASKED_LM} or {@link
   *     Head#MODEL}, as the folder says
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or is no sparse embedder
   */
  public static SparseEmbedder load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static SparseEmbedder load(FolderSettings folder, TaskOptions options) {
    var loaded = SparseFolder.load(folder, options);
    return new SparseEmbedder(loaded, TextRole.ANY, TextRole.ANY.prompt(loaded.settings()), 0);
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static SparseEmbedder load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static SparseEmbedder load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /** The same for queries, where the folder treats them in a way of their own. */
  public SparseEmbedder forQueries() {
    return with(TextRole.QUERY);
  }

  /** The same for documents, where the folder treats them in a way of their own. */
  public SparseEmbedder forDocuments() {
    return with(TextRole.DOCUMENT);
  }

  private SparseEmbedder with(TextRole newRole) {
    return new SparseEmbedder(folder, newRole, newRole.prompt(folder.settings()), top);
  }

  /**
   * The same with another beginning of every text; empty for none. If not said it is the folder's
   * prompt for queries or documents, or its {@code default_prompt_name}.
   */
  public SparseEmbedder withPrompt(String newPrompt) {
    return new SparseEmbedder(folder, role, newPrompt, top);
  }

  /**
   * The same with no more than so many numbers in a vector, the largest without their signs; all if
   * not said. A sparse auto-encoder makes so many, whatever its file says.
   *
   * @throws InputException if it is less than 1
   */
  public SparseEmbedder withTop(int newTop) {
    if (newTop < 1) {
      throw new InputException("top " + newTop + ": at least 1 number must be asked for");
    }
    return new SparseEmbedder(folder, role, prompt, newTop);
  }

  /**
   * The same with one of the folder's {@link #prompts}.
   *
   * @throws InputException if it has none of that name
   */
  public SparseEmbedder withPromptNamed(String name) {
    return withPrompt(folder.settings().promptNamed(name));
  }

  /** What texts may begin with, by name: {@code prompts} of the folder. */
  public Map<String, String> prompts() {
    return folder.settings().prompts();
  }

  /** What every text begins with; empty for nothing. */
  public String prompt() {
    return prompt;
  }

  /**
   * What a place in the vectors stands for: a token of the vocabulary, or the number itself where
   * it stands for none.
   *
   * @throws InputException as {@link #predictAll}
   */
  public String token(int index) {
    return folder.encoder(role).name(index);
  }

  /**
   * How alike two vectors are, by the folder's {@code similarity_fn_name}: the dot product mostly.
   */
  public float similarity(SparseVector one, SparseVector other) {
    int[] places =
        IntStream.concat(Arrays.stream(one.indices()), Arrays.stream(other.indices()))
            .sorted()
            .distinct()
            .toArray();
    return folder.similarity().of(one.at(places), other.at(places));
  }

  /**
   * For each text its vector.
   *
   * @throws InputException also if the folder wants to know whether texts are queries or documents
   */
  @Override
  public List<SparseVector> predictAll(List<String> inputs) {
    Given.inputs(inputs);
    return folder.encoder(role).encode(inputs.stream().map(prompt::concat).toList(), top);
  }

  @Override
  public void warmUp() {
    folder.encoders().values().forEach(SparseEncoder::warmUp);
  }

  @Override
  public void close() {
    folder.close();
  }
}
