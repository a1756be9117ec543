package io.lanewise.task;

import io.lanewise.CheckpointException;
import io.lanewise.InputException;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Output;
import io.lanewise.task.sentence.Pooling;
import io.lanewise.task.sentence.SentenceFolder;
import io.lanewise.task.sentence.SentenceText;
import io.lanewise.task.text.Given;
import io.lanewise.task.text.Passes;
import io.lanewise.task.text.TextModel;
import io.lanewise.tensor.Tensor;
import io.lanewise.tokenizer.EncodeOptions.Truncation;
import io.lanewise.tokenizer.Encoding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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
  private final TextModel texts;
  private final SentenceFolder folder;
  private final int hidden;
  private final Settings settings;

  /**
   * What can be changed.
   *
   * @param prompt what every text begins with
   * @param normalised whether vectors are brought to length 1 at the end
   * @param dimensions how many of their numbers are kept
   */
  private record Settings(String prompt, Pooling pooling, boolean normalised, int dimensions) {}

  private Embedder(TextModel texts, SentenceFolder folder, int hidden, Settings settings) {
    this.texts = texts;
    this.folder = folder;
    this.hidden = hidden;
    this.settings = settings;
  }

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
    boolean own = sentences.transformer().equals(folder.folder());
    var transformer = own ? folder : FolderSettings.of(sentences.transformer());
    var tokenizer = TextModel.tokenizer(transformer, options.tokenizer());
    int specials = tokenizer.specials().count(false);
    if (sentences.maxLength() > 0 && sentences.maxLength() < specials) {
      throw new CheckpointException(
          "%s: max_seq_length %d has no room for the %d special tokens of a text"
              .formatted(sentences.transformer(), sentences.maxLength(), specials));
    }
    var model = Model.load(transformer, options.model().withHead(Head.MODEL).withPooler(false));
    try {
      int most = sentences.maxLength() > 0 ? sentences.maxLength() : tokenizer.maxLength();
      var texts =
          Passes.noted(new TextModel(tokenizer, model, options, Math.min(model.longest(), most)));
      var settings =
          new Settings(sentences.prompt(), sentences.pooling(), false, Integer.MAX_VALUE);
      var embedder = new Embedder(texts, sentences, model.hiddenSize(), settings);
      embedder.size(); // where modules do not fit each other, this says so
      return embedder;
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
   * @throws CheckpointException if {@code modules.json} is broken
   */
  public static Path modelFolder(Path folder) {
    return SentenceFolder.transformer(folder);
  }

  private Embedder with(Settings newSettings) {
    return new Embedder(texts, folder, hidden, newSettings);
  }

  /**
   * The same with another beginning of every text, such as "query: "; empty for none. If not said
   * it is the folder's {@code default_prompt_name}.
   */
  public Embedder withPrompt(String newPrompt) {
    return with(
        new Settings(newPrompt, settings.pooling, settings.normalised, settings.dimensions));
  }

  /**
   * The same with one of the folder's {@link #prompts}.
   *
   * @throws InputException if it has none of that name
   */
  public Embedder withPromptNamed(String name) {
    if (!prompts().containsKey(name)) {
      throw new InputException(
          "no prompt is called %s; there are %s"
              .formatted(TextModel.excerpt(name), prompts().keySet().stream().sorted().toList()));
    }
    return withPrompt(prompts().get(name));
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
    var changed =
        with(new Settings(settings.prompt, pooling, settings.normalised, settings.dimensions));
    changed.size();
    return changed;
  }

  /** The same with vectors of length 1, whatever the folder says. */
  public Embedder withNormalisation(boolean newNormalised) {
    return with(
        new Settings(settings.prompt, settings.pooling, newNormalised, settings.dimensions));
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
    return with(
        new Settings(settings.prompt, settings.pooling, settings.normalised, newDimensions));
  }

  /** What texts may begin with, by name: {@code prompts} of the folder. */
  public Map<String, String> prompts() {
    return folder.prompts();
  }

  /** What every text begins with; empty for nothing. */
  public String prompt() {
    return settings.prompt;
  }

  /** The poolings, whose vectors stand one behind the other. */
  public List<PoolingMode> poolings() {
    return settings.pooling.modes();
  }

  /** How many numbers an embedding has. */
  public int size() {
    int size = settings.pooling.size(hidden);
    for (var module : folder.modules()) {
      size = module.size(size);
    }
    return Math.min(size, settings.dimensions);
  }

  /**
   * How alike two embeddings are, by the folder's {@code similarity_fn_name}: the cosine mostly.
   */
  public float similarity(Embedding one, Embedding other) {
    return folder.similarity().of(one, other);
  }

  /** For each text its vector. */
  @Override
  public List<Embedding> predictAll(List<String> inputs) {
    Given.inputs(inputs);
    int prompt = promptTokens();
    var encodings = inputs.stream().map(text -> encode(settings.prompt + text)).toList();
    return texts.run(encodings, Encoding::length, batch -> pass(batch, prompt));
  }

  private Encoding encode(String text) {
    var stripped = SentenceText.strip(text);
    return texts.encode(
        folder.lowerCase() ? SentenceText.lower(stripped) : stripped,
        null,
        texts.cutting(Truncation.LONGEST_FIRST));
  }

  /** Tokens of the prompt alone, without the special token that ends a text. */
  private int promptTokens() {
    if (settings.prompt.isEmpty() || settings.pooling.includePrompt()) {
      return 0;
    }
    int[] ids = encode(settings.prompt).ids();
    boolean ended =
        ids.length > 0
            && Arrays.stream(texts.tokenizer().specials().ids())
                .anyMatch(id -> id == ids[ids.length - 1]);
    return ended ? ids.length - 1 : ids.length;
  }

  /**
   * For each text the vectors of its tokens, special ones included, before any pooling: [tokens,
   * hidden]. It begins with the prompt, and is cut where it is too long.
   */
  public List<Tensor> tokenVectors(List<String> inputs) {
    Given.inputs(inputs);
    var encodings = inputs.stream().map(text -> encode(settings.prompt + text)).toList();
    return texts.run(encodings, Encoding::length, this::tokenVectorsOf);
  }

  private List<Tensor> tokenVectorsOf(List<Encoding> batch) {
    var states = states(texts.forward(batch)); // [batch, tokens, hidden]
    var vectors = new ArrayList<Tensor>(batch.size());
    for (int row = 0; row < batch.size(); row++) {
      int tokens = batch.get(row).length();
      vectors.add(Tensor.of(tokens(states, row, tokens), tokens, hidden));
    }
    return vectors;
  }

  private static Tensor states(Output of) {
    return switch (of) {
      case Output.Base output -> output.lastHiddenState();
      case Output other ->
          throw new IllegalStateException("a model without head gave " + other.getClass());
    };
  }

  private List<Embedding> pass(List<Encoding> batch, int prompt) {
    var vectors = settings.pooling.onlyToken(1) < 0 ? pooled(batch, prompt) : read(batch, prompt);
    var embeddings = new ArrayList<Embedding>(batch.size());
    for (var vector : vectors) {
      for (var module : folder.modules()) {
        vector = module.apply(vector);
      }
      embeddings.add(finished(vector));
    }
    return embeddings;
  }

  private List<float[]> pooled(List<Encoding> batch, int prompt) {
    var states = states(texts.forward(batch)); // [batch, tokens, hidden]
    var vectors = new ArrayList<float[]>(batch.size());
    for (int row = 0; row < batch.size(); row++) {
      int tokens = batch.get(row).length();
      vectors.add(settings.pooling.apply(tokens(states, row, tokens), tokens, hidden, prompt));
    }
    return vectors;
  }

  /** The same where the pooling reads one token of each text: nobody computes the others. */
  private List<float[]> read(List<Encoding> batch, int prompt) {
    var positions =
        batch.stream()
            .map(each -> new int[] {settings.pooling.onlyToken(each.length())})
            .toArray(int[][]::new);
    var states = states(texts.forward(batch, positions)); // [batch, hidden]
    var vectors = new ArrayList<float[]>(batch.size());
    for (int row = 0; row < batch.size(); row++) {
      int ofPrompt = prompt < batch.get(row).length() ? 0 : 1;
      vectors.add(settings.pooling.apply(states.row(row), 1, hidden, ofPrompt));
    }
    return vectors;
  }

  /** The states of a row without its padding, [tokens * hidden]. */
  private float[] tokens(Tensor states, int row, int tokens) {
    int from = row * states.shape().size(1) * hidden;
    return Arrays.copyOfRange(states.floats(), from, from + tokens * hidden);
  }

  private Embedding finished(float[] vector) {
    for (float number : vector) {
      if (!Float.isFinite(number)) {
        throw new InputException(
            "the model gives " + number + " in an embedding: its weights are not usable");
      }
    }
    var kept =
        new Embedding(
            vector.length > settings.dimensions
                ? Arrays.copyOf(vector, settings.dimensions)
                : vector);
    boolean unit = kept.size() == vector.length && folder.normalises();
    return settings.normalised && !unit ? kept.normalised() : kept;
  }

  @Override
  public void warmUp() {
    texts.warmUp();
  }

  @Override
  public void close() {
    texts.close();
  }
}
