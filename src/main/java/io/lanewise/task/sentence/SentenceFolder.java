package io.lanewise.task.sentence;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.task.Similarity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A folder for embeddings: one of sentence-transformers with its {@code modules.json}, or a plain
 * model folder, whose embedding is the mean.
 *
 * @param transformer the model in it
 * @param layers what makes the tokens' vectors of all layers; empty to take those of the last
 * @param tokenModules what is done to each token's vector before the pooling
 * @param modules what comes after the pooling
 */
public record SentenceFolder(
    TransformerSettings transformer,
    Optional<LayerMean> layers,
    List<SentenceModule> tokenModules,
    Pooling pooling,
    List<SentenceModule> modules,
    EmbeddingSettings settings) {

  /** Modules that make several embeddings of another kind. */
  private static final List<String> SPARSE =
      List.of("MLMTransformer", "SpladePooling", "SparseStaticEmbedding", "SparseAutoEncoder");

  /**
   * Reads all but the model.
   *
   * @throws CheckpointException if one of its files is broken, or it holds a module that does not
   *     run here
   */
  public static SentenceFolder read(Path folder) {
    if (!FolderModule.areIn(folder)) {
      return new SentenceFolder(
          new TransformerSettings(folder, EmbeddingSettings.NONE, 0, false),
          Optional.empty(),
          List.of(),
          Pooling.MEAN,
          List.of(),
          new EmbeddingSettings(EmbeddingSettings.NONE, Map.of(), ""));
    }
    var listed = FolderModule.list(folder);
    for (var module : listed) {
      if (SPARSE.contains(module.type())) {
        throw module.wrong("it gives sparse vectors, not embeddings: ask for those");
      }
    }
    return of(listed, EmbeddingSettings.read(folder));
  }

  /**
   * The modules in their order: a Transformer, what works on tokens, a Pooling, what works on the
   * vector.
   */
  static SentenceFolder of(List<FolderModule> listed, EmbeddingSettings settings) {
    var first = listed.getFirst();
    if (!first.isTransformer()) {
      throw first.wrong("the first module must be a Transformer");
    }
    if (listed.stream().noneMatch(module -> module.is("Pooling"))) {
      throw new CheckpointException(
          listed.getLast().where()
              + " is the last, and there is no Pooling, which makes one vector of a text");
    }
    var transformer =
        TransformerSettings.read(first.path())
            .checkGives(TransformerSettings.STATES, TransformerSettings.STATES);
    Optional<LayerMean> layers = Optional.empty();
    var before = new ArrayList<SentenceModule>();
    int at = 1;
    for (; !listed.get(at).is("Pooling"); at++) {
      var module = listed.get(at);
      switch (module.type()) {
        case "WeightedLayerPooling" -> layers = layerMean(module, transformer, before);
        case "Dense" ->
            before.add(Dense.load(module.path(), SentenceModule.TOKENS, SentenceModule.TEXT));
        case "Normalize" -> before.add(Normalize.load(module.path(), SentenceModule.TOKENS));
        default ->
            throw module.wrong(
                "between the Transformer and the Pooling, WeightedLayerPooling, Dense and"
                    + " Normalize run here");
      }
    }
    var pooling = Pooling.of(Checkpoint.config(listed.get(at).path()));
    var after = listed.subList(at + 1, listed.size()).stream();
    return new SentenceFolder(
        transformer,
        layers,
        List.copyOf(before),
        pooling,
        after.flatMap(module -> afterPooling(module).stream()).toList(),
        settings);
  }

  /** It has an effect only where the model was saved as one that gives all its layers. */
  private static Optional<LayerMean> layerMean(
      FolderModule module, TransformerSettings transformer, List<SentenceModule> before) {
    if (!before.isEmpty()) {
      throw module.wrong("it must come right after the Transformer");
    }
    var layers = LayerMean.load(module.path());
    return Checkpoint.config(transformer.folder()).bool("output_hidden_states", false)
        ? Optional.of(layers)
        : Optional.empty();
  }

  private static Optional<SentenceModule> afterPooling(FolderModule module) {
    var path = module.path();
    return switch (module.type()) {
      case "Dense" -> Optional.of(Dense.load(path, SentenceModule.TEXT, SentenceModule.TEXT));
      case "LayerNorm" -> Optional.of(LayerNorm.load(path));
      case "Normalize" -> Optional.of(Normalize.load(path, SentenceModule.TEXT));
      case "SparseAutoEncoder" -> Optional.of(SparseAutoEncoder.load(path));
      case "Dropout" -> Optional.empty(); // of training only
      default ->
          throw module.wrong("after the Pooling, Dense, LayerNorm, Normalize and Dropout run here");
    };
  }

  /** Whether what the modules make has length 1 already. */
  public boolean normalises() {
    return !modules.isEmpty() && modules.getLast() instanceof Normalize;
  }

  /**
   * {@link io.lanewise.task.Embedder#modelFolder}; what is no list of modules says nothing of it.
   */
  public static Path transformer(Path folder) {
    return FolderModule.areIn(folder) ? FolderModule.first(folder) : folder;
  }

  /** The same with another pooling. */
  public SentenceFolder withPooling(Pooling newPooling) {
    return new SentenceFolder(transformer, layers, tokenModules, newPooling, modules, settings);
  }

  /** The same with other modules after the pooling. */
  SentenceFolder withModules(List<SentenceModule> newModules) {
    return new SentenceFolder(transformer, layers, tokenModules, pooling, newModules, settings);
  }

  /**
   * How many numbers an embedding has.
   *
   * @param hidden size of a token's state
   * @throws CheckpointException if a module wants another size than the one before it gives
   */
  public int size(int hidden) {
    int pooled = pooling.size(SentenceModule.size(tokenModules, hidden));
    return SentenceModule.size(modules, pooled);
  }

  /** How two embeddings are compared: {@code similarity_fn_name}. */
  public Similarity similarity() {
    var name =
        settings.similarity(List.of("cosine", "dot", "euclidean", "manhattan")).orElse("cosine");
    return Similarity.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
