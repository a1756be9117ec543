package io.lanewise.task;

import io.lanewise.InputException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Options;
import io.lanewise.task.sentence.Pooling;
import io.lanewise.task.sentence.SentenceFolder;
import io.lanewise.task.sentence.SentenceModel;
import io.lanewise.task.sentence.SentencePass;
import io.lanewise.task.sentence.TokenHeads;
import io.lanewise.task.text.Given;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Texts to vectors, as sentence-transformers makes them: the model, a pooling over its tokens, and
 * what {@code modules.json} says more. A folder without that file is taken as sentence-transformers
 * takes it, with the mean over the tokens.
 *
 * <pre>{@code
 * try (var embedder = Embedder.load(Path.of("all-MiniLM-L6-v2"))) {
 *   var one = embedder.predict("A cat sits on the mat.");
 *   var other = embedder.predict("On the rug there is a cat.");
 *   System.out.println(embedder.similarity(one, other));
 * }
 * }</pre>
 *
 * <p>Texts that are too long are cut. Thread-safe. Closing waits for running calls and frees the
 * model.
 */
public final class Embedder implements Task<String, Embedding> {
  private final SentenceModel model;
  private final SentenceFolder folder;
  private final Similarity similarity;
  private final Optional<TokenHeads> heads;
  private final Settings settings;

  /**
   * What can be changed.
   *
   * @param prompt what every text begins with
   * @param normalised whether vectors are brought to length 1 at the end
   * @param dimensions how many of their numbers are kept
   */
  private record Settings(String prompt, boolean normalised, int dimensions) {}

  private Embedder(
      SentenceModel model,
      SentenceFolder folder,
      Similarity similarity,
      Optional<TokenHeads> heads,
      Settings settings) {
    this.model = model;
    this.folder = folder;
    this.similarity = similarity;
    this.heads = heads;
    this.settings = settings;
  }

  /**
   * What BGE-M3 makes of a text in one pass.
   *
   * @param sparse weights of the text's words
   * @param tokens vectors of all tokens but the first, [tokens, size], for late interaction
   */
  public record Forms(Embedding dense, SparseEmbedder.SparseVector sparse, Tensor tokens) {}

  /**
   * Loads a folder of sentence-transformers, or a model folder.
   *
   * @param folder holds {@code modules.json} and what it names, or a checkpoint and its tokenizer
   * @param options the model's head among them is not used: it is {@link Head#MODEL}
   * @throws io.lanewise.LanewiseException if the folder cannot be loaded
   */
  public static Embedder load(Path folder, TaskOptions options) {
    return load(FolderSettings.of(folder), options);
  }

  /** The same from a folder whose settings may have been read. */
  public static Embedder load(FolderSettings folder, TaskOptions options) {
    var sentences = SentenceFolder.read(folder.folder());
    var similarity = sentences.similarity();
    var model = SentenceModel.load(folder, sentences.transformer(), Head.MODEL, options);
    try {
      var _ = new SentencePass(model, sentences).checked();
      var settings = new Settings(sentences.settings().prompt(), false, Integer.MAX_VALUE);
      var heads = TokenHeads.load(folder.folder(), model);
      return new Embedder(model, sentences, similarity, heads, settings);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** The same with {@link TaskOptions#DEFAULT}. */
  public static Embedder load(Path folder) {
    return load(folder, TaskOptions.DEFAULT);
  }

  /** The same with the defaults, but for how the model is loaded. */
  public static Embedder load(Path folder, Options model) {
    return load(folder, TaskOptions.of(model));
  }

  /**
   * Where config.json and the weights of the model lie: where the first module of {@code
   * modules.json} says, which is mostly the folder itself.
   *
   * @throws io.lanewise.CheckpointException if {@code modules.json} is broken
   */
  public static Path modelFolder(Path folder) {
    return SentenceFolder.transformer(folder);
  }

  private Embedder with(Settings newSettings) {
    return new Embedder(model, folder, similarity, heads, newSettings);
  }

  /**
   * The same with another beginning of every text, such as "query: "; empty for none. If not said
   * it is the folder's {@code default_prompt_name}.
   */
  public Embedder withPrompt(String newPrompt) {
    return with(new Settings(newPrompt, settings.normalised, settings.dimensions));
  }

  /**
   * The same with one of the folder's {@link #prompts}.
   *
   * @throws InputException if it has none of that name
   */
  public Embedder withPromptNamed(String name) {
    return withPrompt(folder.settings().promptNamed(name));
  }

  /**
   * The same with other poolings, whose vectors stand one behind the other in the order of {@link
   * PoolingMode}. If not said they are the folder's, and {@link PoolingMode#MEAN} where it names
   * none.
   *
   * @throws io.lanewise.LanewiseException if what comes after the pooling wants another size
   */
  public Embedder withPooling(PoolingMode... modes) {
    if (modes.length == 0) {
      throw new InputException("no pooling: give at least one");
    }
    var pooling =
        new Pooling(
            Arrays.stream(modes).distinct().sorted().toList(), folder.pooling().includePrompt());
    var changed = new Embedder(model, folder.withPooling(pooling), similarity, heads, settings);
    int _ = changed.size(); // where modules do not fit each other, this says so
    return changed;
  }

  /** The same with vectors of length 1, whatever the folder says. */
  public Embedder withNormalisation(boolean newNormalised) {
    return with(new Settings(settings.prompt, newNormalised, settings.dimensions));
  }

  /**
   * The same with the first numbers of each vector only, for models that were trained for it. Their
   * length is then not 1 unless {@link #withNormalisation} asks for it.
   *
   * @throws InputException if it is less than 1
   */
  public Embedder withDimensions(int newDimensions) {
    if (newDimensions < 1) {
      throw new InputException("dimensions " + newDimensions + ": at least 1 must be kept");
    }
    return with(new Settings(settings.prompt, settings.normalised, newDimensions));
  }

  /** What texts may begin with, by name: {@code prompts} of the folder. */
  public Map<String, String> prompts() {
    return folder.settings().prompts();
  }

  /** What every text begins with; empty for nothing. */
  public String prompt() {
    return settings.prompt;
  }

  /** The poolings, whose vectors stand one behind the other. */
  public List<PoolingMode> poolings() {
    return folder.pooling().modes();
  }

  /** How many numbers an embedding has. */
  public int size() {
    return Math.min(folder.size(model.hidden()), settings.dimensions);
  }

  /**
   * How alike two embeddings are, by the folder's {@code similarity_fn_name}: the cosine mostly.
   */
  public float similarity(Embedding one, Embedding other) {
    return similarity.of(one, other);
  }

  /** For each text its vector. */
  @Override
  public List<Embedding> predictAll(List<String> inputs) {
    return predictAll(inputs, _ -> {});
  }

  /**
   * The same for a caller who counts tokens.
   *
   * @param tokens told of each text, in their order and before any is computed, how many tokens of
   *     it go through the model: those of the prompt and the special ones among them, not what was
   *     cut
   */
  public List<Embedding> predictAll(List<String> inputs, IntConsumer tokens) {
    Given.inputs(inputs);
    int prompt = promptTokens();
    var encodings = inputs.stream().map(text -> model.encode(settings.prompt + text)).toList();
    encodings.forEach(each -> tokens.accept(each.length()));
    var pass = new SentencePass(model, folder);
    return model
        .texts()
        .run(
            encodings,
            Encoding::length,
            batch -> pass.run(batch, prompt).stream().map(this::finished).toList());
  }

  /**
   * For each text its dense, sparse and token vectors, of one pass.
   *
   * @throws InputException also if the folder has not the files for it, {@code sparse_linear.pt}
   *     and {@code colbert_linear.pt}
   */
  public List<Forms> predictForms(List<String> inputs) {
    Given.inputs(inputs);
    var tokenHeads =
        heads.orElseThrow(
            () ->
                new InputException(
                    model.texts().model().name()
                        + " has no sparse_linear.pt and colbert_linear.pt, as BGE-M3 has"));
    int prompt = promptTokens();
    var encodings = inputs.stream().map(text -> model.encode(settings.prompt + text)).toList();
    var pass = new SentencePass(model, folder);
    return model
        .texts()
        .run(
            encodings,
            Encoding::length,
            batch -> {
              var states = pass.states(batch);
              var dense = pass.run(batch, states, prompt);
              return IntStream.range(0, batch.size())
                  .mapToObj(
                      row ->
                          new Forms(
                              finished(dense.get(row)),
                              tokenHeads.sparse(batch.get(row), states, row),
                              tokenHeads.tokens(batch.get(row), states, row)))
                  .toList();
            });
  }

  /** Tokens of the prompt alone, without the special token that ends a text. */
  private int promptTokens() {
    if (settings.prompt.isEmpty() || folder.pooling().includePrompt()) {
      return 0;
    }
    int[] ids = model.encode(settings.prompt).ids();
    boolean ended =
        ids.length > 0
            && Arrays.stream(model.texts().tokenizer().specials().ids())
                .anyMatch(id -> id == ids[ids.length - 1]);
    return ended ? ids.length - 1 : ids.length;
  }

  /**
   * For each text the vectors of its tokens, special ones included, before any pooling: [tokens,
   * hidden]. It begins with the prompt, and is cut where it is too long.
   */
  public List<Tensor> tokenVectors(List<String> inputs) {
    Given.inputs(inputs);
    var encodings = inputs.stream().map(text -> model.encode(settings.prompt + text)).toList();
    return model.texts().run(encodings, Encoding::length, this::tokenVectorsOf);
  }

  private List<Tensor> tokenVectorsOf(List<Encoding> batch) {
    var states = model.states(batch);
    return IntStream.range(0, batch.size())
        .mapToObj(
            row -> {
              int tokens = batch.get(row).length();
              return Tensor.of(states.of(row), tokens, model.hidden());
            })
        .toList();
  }

  private Embedding finished(float[] vector) {
    var kept =
        new Embedding(
            SentenceModel.finite(vector).length > settings.dimensions
                ? Arrays.copyOf(vector, settings.dimensions)
                : vector);
    boolean unit = kept.size() == vector.length && folder.normalises();
    return settings.normalised && !unit ? kept.normalised() : kept;
  }

  @Override
  public void warmUp() {
    model.texts().warmUp();
  }

  @Override
  public void close() {
    model.close();
  }
}
