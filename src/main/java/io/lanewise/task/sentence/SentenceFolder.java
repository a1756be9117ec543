package io.lanewise.task.sentence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import io.lanewise.task.Similarity;
import io.lanewise.task.text.TextModel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A folder for embeddings: one of sentence-transformers with its {@code modules.json}, or a plain
 * model folder, whose embedding is the mean.
 *
 * @param transformer the model folder in it
 * @param maxLength tokens to which texts are cut; 0 for what the model takes
 * @param lowerCase whether texts are put into lower case first
 * @param modules what comes after the pooling
 * @param prompts beginnings of texts, by name
 * @param prompt the one that is taken unasked; empty for none
 */
public record SentenceFolder(
    Path transformer,
    int maxLength,
    boolean lowerCase,
    Pooling pooling,
    List<SentenceModule> modules,
    Map<String, String> prompts,
    String prompt,
    Similarity similarity) {

  /** Each is loaded for itself, and one folder could be named again and again. */
  private static final int MOST_MODULES = 64;

  /** Names that earlier versions gave to {@code sentence_bert_config.json}. */
  private static final List<String> TRANSFORMER_CONFIGS =
      List.of(
          "sentence_bert_config.json",
          "sentence_roberta_config.json",
          "sentence_distilbert_config.json",
          "sentence_camembert_config.json",
          "sentence_albert_config.json",
          "sentence_xlm-roberta_config.json",
          "sentence_xlnet_config.json");

  /**
   * Reads all but the model.
   *
   * @throws CheckpointException if one of its files is broken, or it holds a module that does not
   *     run here
   */
  public static SentenceFolder read(Path folder) {
    var list = folder.resolve("modules.json");
    if (!Files.exists(list)) {
      return new SentenceFolder(
          folder, 0, false, Pooling.MEAN, List.of(), Map.of(), "", Similarity.COSINE);
    }
    var entries = Json.read(list);
    if (!entries.isArray() || entries.size() < 2) {
      throw new CheckpointException(
          list + ": a list of a Transformer, a Pooling and more is needed");
    }
    if (entries.size() > MOST_MODULES) {
      throw new CheckpointException(
          "%s lists %d modules, at most %d are possible: is it another file?"
              .formatted(list, entries.size(), MOST_MODULES));
    }
    var transformer = module(folder, list, entries, 0);
    if (!transformer.isTransformer()) {
      throw transformer.wrong("the first module must be a Transformer");
    }
    var pooling = module(folder, list, entries, 1);
    if (!pooling.type().equals("Pooling")) {
      throw pooling.wrong("the second module must be a Pooling");
    }
    var modules = new ArrayList<SentenceModule>();
    for (int i = 2; i < entries.size(); i++) {
      var module = module(folder, list, entries, i);
      switch (module.type()) {
        case "Dense" -> modules.add(SentenceModule.Dense.load(module.path()));
        case "LayerNorm" -> modules.add(SentenceModule.Norm.load(module.path()));
        case "Normalize" -> modules.add(new SentenceModule.Normalize());
        case "Dropout" -> {} // of training only
        default ->
            throw module.wrong(
                "after the Pooling, Dense, LayerNorm, Normalize and Dropout run here");
      }
    }
    return of(
        folder,
        transformer.path(),
        Pooling.of(Checkpoint.config(pooling.path())),
        List.copyOf(modules));
  }

  /** Whether what the modules make has length 1 already. */
  public boolean normalises() {
    return !modules.isEmpty() && modules.getLast() instanceof SentenceModule.Normalize;
  }

  /**
   * {@link io.lanewise.task.Embedder#modelFolder}; what is no list of modules says nothing of it.
   */
  public static Path transformer(Path folder) {
    var list = folder.resolve("modules.json");
    if (!Files.exists(list)) {
      return folder;
    }
    var entries = Json.read(list);
    return entries.isArray() && !entries.isEmpty()
        ? module(folder, list, entries, 0).path()
        : folder;
  }

  private static SentenceFolder of(
      Path folder, Path transformer, Pooling pooling, List<SentenceModule> modules) {
    var own =
        TRANSFORMER_CONFIGS.stream()
            .map(transformer::resolve)
            .filter(Files::exists)
            .findFirst()
            .map(Config::read);
    var file = folder.resolve("config_sentence_transformers.json");
    var settings =
        Files.exists(file)
            ? Config.read(file)
            : JsonConfig.of(Json.mapper().createObjectNode(), file);
    var prompts = prompts(settings);
    var name = settings.text("default_prompt_name").orElse(null);
    if (name != null && !prompts.containsKey(name)) {
      throw settings.wrong(
          "default_prompt_name", TextModel.excerpt(name) + " is not among the prompts");
    }
    return new SentenceFolder(
        transformer,
        own.map(config -> config.positive("max_seq_length", 0)).orElse(0),
        own.map(config -> config.bool("do_lower_case", false)).orElse(false),
        pooling,
        modules,
        prompts,
        name == null ? "" : prompts.get(name),
        similarity(settings));
  }

  private static Map<String, String> prompts(Config settings) {
    var prompts = new LinkedHashMap<String, String>();
    if (settings.has("prompts")) {
      if (!(JsonConfig.tree(settings).get("prompts") instanceof ObjectNode named)) {
        throw settings.wrong("prompts", "an object from names to texts is needed");
      }
      for (var entry : named.properties()) {
        if (!entry.getValue().isTextual()) {
          throw settings.wrong("prompts", TextModel.excerpt(entry.getKey()) + " is no text");
        }
        prompts.put(entry.getKey(), entry.getValue().textValue());
      }
    }
    return Map.copyOf(prompts);
  }

  private static Similarity similarity(Config settings) {
    var name =
        settings.choice(
            "similarity_fn_name", "cosine", List.of("cosine", "dot", "euclidean", "manhattan"));
    return Similarity.valueOf(name.toUpperCase(Locale.ROOT));
  }

  /**
   * One entry of modules.json.
   *
   * @param type the class name alone; its packages have changed over time
   */
  private record Module(Path list, int index, String type, Path path) {
    boolean isTransformer() {
      // Earlier versions had a class for each family.
      return switch (type) {
        case "Transformer", "BERT", "RoBERTa", "ALBERT", "CamemBERT", "XLMRoBERTa" -> true;
        default -> false;
      };
    }

    CheckpointException wrong(String why) {
      return new CheckpointException(
          "%s: module %d is of type %s: %s".formatted(list, index, TextModel.excerpt(type), why));
    }
  }

  private static Module module(Path folder, Path list, JsonNode entries, int index) {
    var entry = JsonConfig.of(entries.get(index), list + ": module " + index);
    var type = entry.text("type", "");
    var path = entry.text("path", "");
    return new Module(
        list, index, type.substring(type.lastIndexOf('.') + 1), inside(folder, entry, path));
  }

  /**
   * The path below the folder. The folder itself is taken as it was given: it may be {@code .}, and
   * steps over links in it lead where the system says.
   */
  static Path inside(Path folder, Config entry, String path) {
    Path inner;
    try {
      inner = Path.of(path).normalize();
    } catch (InvalidPathException e) {
      throw entry.wrong("path", "it is no path: " + e.getMessage());
    }
    if (inner.getRoot() != null || inner.startsWith("..")) {
      throw entry.wrong("path", TextModel.excerpt(path) + " leaves the folder");
    }
    return inner.toString().isEmpty() ? folder : folder.resolve(inner);
  }
}
