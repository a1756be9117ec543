package io.lanewise.task.sentence;

import io.lanewise.CheckpointException;
import io.lanewise.Remedy;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.task.Similarity;
import io.lanewise.task.TaskOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A folder for sparse vectors, loaded: a {@code SparseEncoder} of sentence-transformers, BGE-M3, or
 * a masked language model alone.
 *
 * @param encoders by route; one without a name where there is no Router
 * @param router empty where there is none
 */
public record SparseFolder(
    EmbeddingSettings settings,
    Map<String, SparseEncoder> encoders,
    Optional<RouterModules> router,
    Similarity similarity)
    implements AutoCloseable {
  private static final List<String> SPARSE =
      List.of("SpladePooling", "SparseStaticEmbedding", "SparseAutoEncoder");

  /**
   * Loads a folder.
   *
   * @throws CheckpointException if it cannot be loaded, or gives no sparse vectors
   */
  public static SparseFolder load(FolderSettings folder, TaskOptions options) {
    var path = folder.folder();
    var settings = EmbeddingSettings.read(path);
    var similarity =
        Similarity.valueOf(
            settings
                .similarity(List.of("dot", "cosine", "euclidean", "manhattan"))
                .orElse("dot")
                .toUpperCase(Locale.ROOT));
    Function<SparseEncoder, SparseFolder> alone =
        encoder -> new SparseFolder(settings, Map.of("", encoder), Optional.empty(), similarity);
    if (!FolderModule.areIn(path)) {
      return alone.apply(
          TokenHeadFile.SPARSE.isIn(path)
              ? lexical(folder, TransformerSettings.read(path), options)
              : plain(folder, options));
    }
    var listed = FolderModule.list(path);
    var first = listed.getFirst();
    if (!RouterModules.is(first)) {
      boolean lexical = TokenHeadFile.SPARSE.isIn(path) && first.isTransformer();
      return alone.apply(
          lexical
              ? lexical(folder, TransformerSettings.read(first.path()), options)
              : encoder(folder, listed, settings, options));
    }
    if (listed.size() > 1) {
      throw listed.get(1).wrong("after a Router nothing more runs here");
    }
    var router = RouterModules.load(first.path());
    var encoders = new LinkedHashMap<String, SparseEncoder>();
    try {
      router
          .routes()
          .forEach(
              (name, modules) -> encoders.put(name, encoder(folder, modules, settings, options)));
    } catch (RuntimeException e) {
      encoders.values().forEach(SparseEncoder::close);
      throw e;
    }
    return new SparseFolder(settings, encoders, Optional.of(router), similarity);
  }

  /**
   * Whether the modules of a folder make sparse vectors. BGE-M3 and a masked language model alone
   * make others too, and are not meant.
   */
  public static boolean isIn(Path folder) {
    if (!FolderModule.areIn(folder)) {
      return false;
    }
    var listed = FolderModule.list(folder);
    var first = listed.getFirst();
    var modules =
        RouterModules.is(first)
            ? RouterModules.load(first.path()).routes().values().stream().flatMap(List::stream)
            : listed.stream();
    return modules.anyMatch(module -> SPARSE.stream().anyMatch(module::is));
  }

  /** A model folder without modules, as sentence-transformers takes one that is asked for. */
  private static SparseEncoder plain(FolderSettings folder, TaskOptions options) {
    if (folder.head().filter(Head.MASKED_LM::equals).isEmpty()) {
      throw new CheckpointException(
          folder + ": architectures names no masked language model, which a sparse embedder is");
    }
    return splade(
        folder, TransformerSettings.read(folder.folder()), SpladePooling.DEFAULT, options);
  }

  private static SparseEncoder splade(
      FolderSettings folder,
      TransformerSettings transformer,
      SpladePooling pooling,
      TaskOptions options) {
    return new SpladeEncoder(
        SentenceModel.load(folder, transformer, Head.MASKED_LM, options), pooling);
  }

  private static SparseEncoder lexical(
      FolderSettings folder, TransformerSettings transformer, TaskOptions options) {
    var model = SentenceModel.load(folder, transformer, Head.MODEL, options);
    try {
      return LexicalEncoder.load(folder.folder(), model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** What a list of modules is. */
  private static SparseEncoder encoder(
      FolderSettings folder,
      List<FolderModule> modules,
      EmbeddingSettings settings,
      TaskOptions options) {
    var first = modules.getFirst();
    var last = modules.getLast();
    if (first.is("SparseStaticEmbedding") && modules.size() == 1) {
      return StaticSparseEncoder.load(folder.folder(), first.path(), options);
    }
    if (first.isTransformer() && modules.size() == 2 && last.is("SpladePooling")) {
      var unlessNamed =
          first.is("MLMTransformer") ? TransformerSettings.WORDS : TransformerSettings.STATES;
      var transformer =
          TransformerSettings.read(first.path()).checkGives(TransformerSettings.WORDS, unlessNamed);
      return splade(folder, transformer, SpladePooling.load(last.path()), options);
    }
    if (last.is("SparseAutoEncoder")) {
      return pooled(folder, SentenceFolder.of(modules, settings), options);
    }
    throw unknown(modules);
  }

  private static CheckpointException unknown(List<FolderModule> modules) {
    var types = modules.stream().map(FolderModule::type).toList();
    return types.contains("Pooling")
        ? new CheckpointException(
            modules.getLast().where()
                + ": the modules make one dense vector of a text, none sparse",
            Remedy.EMBED)
        : modules
            .getLast()
            .wrong(
                "a sparse embedder is a Transformer and a SpladePooling, a SparseStaticEmbedding,"
                    + " or ends with a SparseAutoEncoder");
  }

  private static SparseEncoder pooled(
      FolderSettings folder, SentenceFolder sentences, TaskOptions options) {
    var model = SentenceModel.load(folder, sentences.transformer(), Head.MODEL, options);
    try {
      return new PooledSparseEncoder(new SentencePass(model, sentences).checked());
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * What makes the vectors of texts with this role.
   *
   * @throws io.lanewise.InputException if there is nothing for them
   */
  public SparseEncoder encoder(TextRole role) {
    return encoders.get(router.map(each -> each.route(role)).orElse(""));
  }

  @Override
  public void close() {
    encoders.values().forEach(SparseEncoder::close);
  }
}
