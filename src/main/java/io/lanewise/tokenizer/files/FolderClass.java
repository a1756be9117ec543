package io.lanewise.tokenizer.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.TokenizerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The tokenizer class of a folder, chosen like {@code AutoTokenizer.from_pretrained} in Hugging
 * Face's tokenization_auto.py: tokenizer_class of tokenizer_config.json, then that of config.json,
 * then the class of config.json's model_type.
 */
final class FolderClass {
  private static final String KEY = "tokenizer_class";
  private static final String MAP = "auto_map";

  private FolderClass() {}

  /**
   * @param config tokenizer_config.json
   * @param modelConfig config.json, empty if there is none
   * @throws TokenizerException if the class is not in the table, or is not part of Hugging Face but
   *     code in the folder
   */
  static TokenizerClass of(Path folder, JsonPart config, Supplier<Optional<JsonNode>> modelConfig) {
    var where = config;
    String name = config.text(KEY, "");
    String code = code(config);
    var model = name.isEmpty() ? modelConfig.get() : Optional.<JsonNode>empty();
    if (model.isPresent()) {
      where = new JsonPart(model.get(), folder.resolve(TokenizerFolder.MODEL_CONFIG).toString());
      name = where.text(KEY, "");
      String modelCode = code(where);
      code = modelCode.isEmpty() ? code : modelCode;
      if (name.isEmpty()) {
        return ofModelType(where, code, folder);
      }
    }
    if (name.isEmpty()) {
      return ofNothing(folder, code);
    }
    var found = TokenizerClasses.named(name);
    if (found == null) {
      throw refusal(where.where() + ": " + KEY + " is " + name, name, code);
    }
    return found;
  }

  private static TokenizerClass ofModelType(JsonPart config, String code, Path folder) {
    var model = config;
    if (model.text("model_type", "").equals("encoder-decoder")) {
      model = model.find("encoder");
    }
    String type = model.text("model_type", "");
    if (type.isEmpty()) {
      return ofNothing(folder, code);
    }
    String name = TokenizerClasses.ofModelType(type);
    var found = name == null ? null : TokenizerClasses.named(name);
    if (found == null) {
      String said = config.where() + ": model_type is " + type + ", and no " + KEY + " is named";
      throw refusal(said, name == null ? "a tokenizer of " + type : name, code);
    }
    return found;
  }

  private static TokenizerException refusal(String said, String name, String code) {
    String why =
        code.isEmpty()
            ? "this version has no rules for " + name
            : "it is code that " + MAP + " names (" + code + "), and no code of a folder is run";
    return new TokenizerException(
        said
            + "; "
            + why
            + ". Save the tokenizer as a tokenizer.json whose "
            + KEY
            + " is PreTrainedTokenizerFast, if it can be saved so");
  }

  /** The class that auto_map names for the tokenizer; empty if there is none. */
  private static String code(JsonPart config) {
    var map = config.find(MAP);
    var entry = map.node().isArray() ? map : map.find("AutoTokenizer");
    if (entry.isNull()) {
      return "";
    }
    if (!entry.node().isArray()) {
      return entry.text();
    }
    var names = entry.items().stream().filter(item -> !item.isNull()).map(JsonPart::text);
    return String.join(", ", names.toList());
  }

  /**
   * The class of a folder whose files name none. Hugging Face's AutoTokenizer refuses such a
   * folder. Here tokenizer.json is used without a class; vocabulary files are read if only one
   * class has files of these names.
   */
  private static TokenizerClass ofNothing(Path folder, String code) {
    if (!code.isEmpty()) {
      throw refusal(folder + " names no " + KEY, "it", code);
    }
    if (Files.exists(folder.resolve("tokenizer.json"))) {
      return TokenizerClasses.UNNAMED;
    }
    return byFiles(folder);
  }

  /** The class of a folder's vocabulary files, by their names. */
  static TokenizerClass byFiles(Path folder) {
    for (String name : List.of("Albert", "DebertaV2", "Roberta", "Bert")) {
      var candidate = TokenizerClasses.named(name + "Tokenizer");
      if (candidate.source().files().stream().allMatch(f -> Files.exists(folder.resolve(f)))) {
        return candidate;
      }
    }
    String unclear = "sentencepiece.bpe.model";
    if (Files.exists(folder.resolve(unclear))) {
      throw new TokenizerException(
          folder
              + " has "
              + unclear
              + ", which XLM-RoBERTa and CamemBERT read differently, and names neither: put a "
              + KEY
              + " into tokenizer_config.json, such as XLMRobertaTokenizer");
    }
    throw new TokenizerException(
        folder
            + " has neither tokenizer.json nor a vocabulary file (spiece.model, spm.model,"
            + " sentencepiece.bpe.model, vocab.txt, vocab.json with merges.txt): no tokenizer to"
            + " load");
  }

  /** The files of a class that a folder lacks. */
  static Set<String> missing(TokenizerClass type, Path folder) {
    var missing = new LinkedHashSet<String>();
    for (String file : type.source().files()) {
      if (!Files.exists(folder.resolve(file))) {
        missing.add(file);
      }
    }
    return missing;
  }
}
