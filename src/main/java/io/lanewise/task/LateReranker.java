package io.lanewise.task;

import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.Reranker.Query;
import io.lanewise.task.Reranker.Ranked;
import io.lanewise.task.sentence.LateFolder;
import io.lanewise.task.sentence.LateModel;
import io.lanewise.task.sentence.MaxSim;
import io.lanewise.task.text.Given;
import io.lanewise.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Sorts passages by how well they answer a query, with late interaction: a model gives each token
 * of a text a vector, and each vector of the query looks for the one of a passage that is most
 * alike (MaxSim). Vectors of passages can be made before any query is known. These run:
 *
 * <ul>
 *   <li>folders of sentence-transformers' {@code MultiVectorEncoder} and of PyLate;
 *   <li>checkpoints of the ColBERT authors, with {@code artifact.metadata};
 *   <li>BGE-M3, with {@code colbert_linear.pt}.
 * </ul>
 *
 * <pre>{@code
 * try (var reranker = LateReranker.load(Path.of("colbertv2.0"))) {
 *   var passages = List.of("Etna is a volcano.", "Etna is 3,403 m high.");
 *   var best = reranker.predict("How tall is Etna?", passages).getFirst();
 *   System.out.println(best.passage() + " " + best.score());
 *
 *   var kept = reranker.documentVectors(passages); // for queries to come
 *   var query = reranker.queryVectors(List.of("How tall is Etna?")).getFirst();
 *   System.out.println(reranker.score(query, kept.getFirst()));
 * }
 * }</pre>
 *
 * <p>Texts that are too long are cut. Thread-safe. Closing waits for running calls and frees the
 * model.
 */
public final class LateReranker implements Task<Query, List<Ranked>> {
  private final LateModel model;
  private final int top;

  private LateReranker(LateModel model, int top) {
    this.model = model;
    this.top = top;
  }

  /**
   * Loads a folder.
   *
   * @param folder holds the checkpoint, its tokenizer, and what makes vectors of tokens
   * @param options the model's head among them is not used: it is {@link Head#MODEL}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded, or is no late-interaction
   *     model
   */
  public static LateReranker load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static LateReranker load(FolderSettings folder, TaskOptions options) {
    return new LateReranker(LateFolder.load(folder, options), Integer.MAX_VALUE);
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static LateReranker load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static LateReranker load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /**
   * The same with no more than so many passages in an answer; all if not said.
   *
   * @throws io.lanewise.InputException if it is less than 1
   */
  public LateReranker withTop(int newTop) {
    return new LateReranker(model, Ranked.checkedTop(newTop));
  }

  /** How many numbers a token's vector has. */
  public int size() {
    return model.size();
  }

  /** For each query the vectors of its tokens that count, [tokens, size]. */
  public List<Tensor> queryVectors(List<String> queries) {
    return model.queryVectors(Given.inputs(queries));
  }

  /** For each document the vectors of its tokens that count, [tokens, size]. */
  public List<Tensor> documentVectors(List<String> documents) {
    return model.documentVectors(Given.inputs(documents));
  }

  /**
   * How well a document answers a query: for each of the query's vectors the largest dot product
   * with one of the document's, summed; their mean where the model says so ({@code meanmaxsim}, and
   * BGE-M3).
   *
   * @param query of {@link #queryVectors}
   * @param document of {@link #documentVectors}; without vectors it has -1e9
   * @throws io.lanewise.InputException if the sizes of their vectors differ
   */
  public float score(Tensor query, Tensor document) {
    return MaxSim.of(query, document, model.mean());
  }

  /** The passages of one query, the best first. */
  public List<Ranked> predict(String query, List<String> passages) {
    return predict(new Query(query, passages));
  }

  /** For each query its passages, the best first; a text that stands there twice is read once. */
  @Override
  public List<List<Ranked>> predictAll(List<Query> inputs) {
    Given.inputs(inputs);
    var places = new LinkedHashMap<String, Integer>();
    for (var each : inputs) {
      each.passages().forEach(passage -> places.putIfAbsent(passage, places.size()));
    }
    var documents = model.documentVectors(List.copyOf(places.keySet()));
    var queries = model.queryVectors(inputs.stream().map(Query::query).toList());
    return IntStream.range(0, inputs.size())
        .mapToObj(
            i -> {
              var passages = inputs.get(i).passages();
              var ranked = new ArrayList<Ranked>();
              for (int j = 0; j < passages.size(); j++) {
                var document = documents.get(places.get(passages.get(j)));
                ranked.add(new Ranked(j, passages.get(j), score(queries.get(i), document)));
              }
              return Ranked.best(ranked, top);
            })
        .toList();
  }

  @Override
  public void warmUp() {
    model.model().texts().warmUp();
  }

  @Override
  public void close() {
    model.close();
  }
}
