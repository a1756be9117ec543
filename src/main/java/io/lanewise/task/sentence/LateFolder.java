package io.lanewise.task.sentence;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Config;
import io.lanewise.model.FolderSettings;
import io.lanewise.model.Head;
import io.lanewise.task.TaskOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Loads late-interaction models: {@code MultiVectorEncoder}s of sentence-transformers, PyLate's
 * folders, the ColBERT authors' checkpoints, and BGE-M3.
 */
public final class LateFolder {
  private LateFolder() {}

  /**
   * Loads a folder.
   *
   * @throws CheckpointException if it cannot be loaded, or is no late-interaction model
   */
  public static LateModel load(FolderSettings folder, TaskOptions options) {
    var path = folder.folder();
    if (FolderModule.areIn(path)) {
      return ofModules(folder, FolderModule.list(path), options);
    }
    if (TokenHeadFile.VECTORS.isIn(path)) {
      return bgeM3(folder, TransformerSettings.read(path), options);
    }
    if (StanfordColbert.is(folder)) {
      return StanfordColbert.load(folder, options);
    }
    throw new CheckpointException(
        folder
            + ": it makes no vector of each token: there is no modules.json that says how, no"
            + " colbert_linear.pt, and architectures does not name HF_ColBERT");
  }

  /**
   * Loads the model, whose own limit alone counts; what is more is said of queries and documents.
   */
  static SentenceModel model(
      FolderSettings folder, TransformerSettings transformer, TaskOptions options) {
    return SentenceModel.load(
        folder, transformer.withMaxLength(Config.LARGEST), Head.MODEL, options);
  }

  /** What the folder says of all texts, as far as the model takes it. */
  static int most(SentenceModel model, TransformerSettings transformer) {
    int said =
        transformer.maxLength() > 0
            ? transformer.maxLength()
            : model.texts().tokenizer().maxLength();
    return Math.min(said, model.texts().longest());
  }

  private static LateModel bgeM3(
      FolderSettings folder, TransformerSettings transformer, TaskOptions options) {
    var model = model(folder, transformer, options);
    try {
      var modules = TokenHeads.vectors(folder.folder(), model);
      // The first token's state is the dense embedding; it is left out here.
      var texts = LateTexts.ALL.from(1, most(model, transformer));
      return checked(new LateModel(model, modules, texts, texts, true));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static LateModel ofModules(
      FolderSettings folder, List<FolderModule> listed, TaskOptions options) {
    var first = listed.getFirst();
    if (!first.isTransformer()) {
      throw first.wrong("the first module must be a Transformer");
    }
    var transformer =
        TransformerSettings.read(first.path())
            .checkGives(TransformerSettings.STATES, TransformerSettings.STATES);
    if (TokenHeadFile.VECTORS.isIn(folder.folder())) {
      return bgeM3(folder, transformer, options);
    }
    var settings = EmbeddingSettings.read(folder.folder());
    var modules = new ArrayList<SentenceModule>();
    Optional<FolderModule> mask = Optional.empty();
    for (var module : listed.subList(1, listed.size())) {
      switch (module.type()) {
        case "Dense" ->
            modules.add(Dense.load(module.path(), SentenceModule.TOKENS, SentenceModule.TOKENS));
        case "Normalize" -> modules.add(Normalize.load(module.path(), SentenceModule.TOKENS));
        case "MultiVectorMask" -> mask = Optional.of(module);
        default ->
            throw module.wrong(
                "for a vector of each token, Dense, Normalize and MultiVectorMask run here");
      }
    }
    if (modules.isEmpty()) {
      throw first.wrong("it is alone: there is nothing that makes a token's vector of its state");
    }
    var mean = similarity(settings).equals("meanmaxsim");
    var model = model(folder, transformer, options);
    try {
      var sides = new LateSides(model, transformer, settings);
      if (sides.areOfPyLate() && mask.isEmpty()) {
        modules.add(new Normalize());
      }
      return checked(sides.with(mask.map(FolderModule::path), List.copyOf(modules), mean));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static String similarity(EmbeddingSettings settings) {
    return settings
        .similarity(List.of("maxsim", "meanmaxsim", "MaxSim", "cosine"))
        .orElse("maxsim");
  }

  /** The same; its modules fit each other. */
  static LateModel checked(LateModel model) {
    int _ = model.size();
    return model;
  }
}
