package io.lanewise.tokenizer.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.CheckpointException;
import io.lanewise.TokenizerException;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.TokenizerOptions;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import io.lanewise.tokenizer.files.TokenizerClass.Source;
import io.lanewise.tokenizer.pipeline.ComponentPipeline;
import io.lanewise.tokenizer.slow.SlowVocabulary;
import io.lanewise.tokenizer.subword.AddedToken;
import io.lanewise.tokenizer.subword.Bpe;
import io.lanewise.tokenizer.subword.Unigram;
import io.lanewise.tokenizer.subword.WordLevel;
import io.lanewise.tokenizer.subword.WordPiece;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Loads the tokenizer of a model folder like {@code AutoTokenizer.from_pretrained} (Hugging Face's
 * tokenization_auto.py): first the class, then its files, then the added tokens.
 */
public final class TokenizerFolder {
  static final String MODEL_CONFIG = "config.json";

  private final Path folder;
  private final TokenizerOptions options;
  private final boolean slow;
  private final TokenizerClass type;
  private final TokenizerConfig config;

  /** The tokenizer.json; null if there is none. */
  private final Path jsonFile;

  /** The same; also null if tokenizer_config.json disables it. */
  private final Path json;

  private JsonNode jsonRoot;

  private TokenizerFolder(
      Path folder, Supplier<Optional<JsonNode>> modelConfig, TokenizerOptions options) {
    this.folder = folder;
    this.options = options;
    var file = TokenizerConfig.file(folder);
    var named = FolderClass.of(folder, file, modelConfig);
    this.jsonFile = TokenizerJsonFile.of(folder, file);
    this.json = TokenizerJsonFile.counts(jsonFile, file) ? jsonFile : null;
    boolean only = named.source() == Source.JSON;
    this.slow = options.flavor() == Flavor.SLOW && !(only && TokenizerClasses.isBase(named));
    this.type = named.isUnnamed() && (slow || json == null) ? FolderClass.byFiles(folder) : named;
    this.config = TokenizerConfig.read(folder, file, options.flags(), this::tokensOfJson);
    refuse(config.root());
  }

  public static LoadedTokenizer load(Path folder, TokenizerOptions options) {
    var file = folder.resolve(MODEL_CONFIG);
    return load(
        folder,
        () -> Files.exists(file) ? Optional.of(Json.read(file)) : Optional.empty(),
        options);
  }

  /**
   * The same where config.json may have been read.
   *
   * @param modelConfig config.json, empty if there is none; asked for at most once, and only if it
   *     can matter
   */
  public static LoadedTokenizer load(
      Path folder, Supplier<Optional<JsonNode>> modelConfig, TokenizerOptions options) {
    if (!Files.isDirectory(folder)) {
      throw new TokenizerException(folder + " is not a folder: give the folder of a model");
    }
    try {
      return new TokenizerFolder(folder, modelConfig, options).load();
    } catch (CheckpointException e) {
      throw new TokenizerException(e.getMessage(), e);
    }
  }

  /** Refuses keys that Hugging Face's classes use and that are not supported here. */
  private void refuse(JsonPart root) {
    if (slow && config.splitsSpecials()) {
      throw root.find("split_special_tokens").wrong("false for a slow tokenizer");
    }
    var arguments = root.find("init_inputs");
    if (!arguments.isNull() && !arguments.node().isEmpty()) {
      throw arguments.wrong("no argument: arguments by position are not known to this version");
    }
  }

  private LoadedTokenizer load() {
    if (!slow && json != null && !isFromSlow()) {
      return fromJson();
    }
    var missing = FolderClass.missing(type, folder);
    if (type.source() == Source.JSON || !missing.isEmpty()) {
      throw missing(String.join(" and ", missing));
    }
    return fromFiles(source());
  }

  /**
   * T5's class converts the slow tokenizer again if add_prefix_space is set
   * (T5TokenizerFast.__init__ in tokenization_t5_fast.py); every class does if from_slow is set.
   */
  private boolean isFromSlow() {
    boolean anew = type.source() == Source.T5 && !config.root().find("add_prefix_space").isNull();
    return !type.isUnnamed() && (anew || config.root().bool("from_slow", false));
  }

  private TokenizerException missing(String files) {
    String of = type.name().isEmpty() ? "this tokenizer" : type.name();
    if (files.isEmpty()) {
      return new TokenizerException(
          folder
              + ": "
              + of
              + (slow ? " is made from a tokenizer.json, not as a slow tokenizer" : "")
              + (json == null ? " needs a tokenizer.json, and there is none" : ""));
    }
    String other = slow || json != null ? "" : ", or a tokenizer.json";
    String has = json == null ? "" : " (tokenizer.json is there, which this is not made from)";
    return new TokenizerException(
        folder + " has no vocabulary file for " + of + ": it needs " + files + other + has);
  }

  private VocabularySource source() {
    return switch (type.source()) {
      case WORD_PIECE -> new BertFiles(folder, type, config.root());
      case BYTE_PAIRS -> new RobertaFiles(folder, type, config.root());
      default ->
          new SentencePieceFiles(
              folder,
              type,
              config,
              options.sampling().orElseGet(config::sampling),
              !options.symbolsAsPieces());
    };
  }

  private List<AddedToken> tokensOfJson() {
    return jsonFile == null ? List.of() : tokenizerJson().addedTokens();
  }

  private TokenizerJson tokenizerJson() {
    if (jsonRoot == null) {
      jsonRoot = Json.read(jsonFile);
    }
    return new TokenizerJson(new JsonPart(jsonRoot, jsonFile.getFileName().toString()));
  }

  private LoadedTokenizer fromJson() {
    var file = tokenizerJson();
    var roles = new SpecialRoles(type, config);
    var specials = roles.fast(file.padToken());
    var additional = roles.additional();
    // Added tokens use the normalizer as it was before the class changed it.
    var ofTokens = file.normalizer();
    JsonSettings.apply(type, config.root(), jsonRoot);
    var model = file.model();
    var vocabulary = new AddedVocabulary(model);
    vocabulary.add(file.addedTokens().stream().map(DeclaredToken::of).toList());
    vocabulary.complete(config.addedTokensById(), roles.all(specials, additional));
    var added = new ComponentPipeline.Added(vocabulary.tokens(), ofTokens, config.splitsSpecials());
    var pipeline = file.pipeline(model, added);
    Path spiece = folder.resolve("spiece.model");
    var writer =
        switch (pipeline.model()) {
          case WordPiece words -> ModelFiles.wordPiece(words.pieces());
          case Bpe pairs -> ModelFiles.bpe(pairs, false);
          case Unigram _ when Files.exists(spiece) -> new VocabularyWriter.Copy(spiece);
          case Unigram _, WordLevel _ -> VocabularyWriter.NONE;
        };
    return new TokenizerParts(type, config, false)
        .with(pipeline, vocabulary.tokens(), file.template())
        .with(specials, additional)
        .with(file.sections(), writer)
        .tokenizer(false);
  }

  private LoadedTokenizer fromFiles(VocabularySource source) {
    var roles = new SpecialRoles(type, config);
    var specials = roles.slow();
    var additional = source.additional(config);
    var all = roles.all(specials, additional);
    String unknown = roles.unknown(specials, source, folder, slow);
    var ids =
        new SlowVocabulary(
            roles.declared(source), all, additional == null ? List.of() : additional, source);
    var template = new FrameTemplate(type, specials, ids).of(slow, config.root());
    var parts = new TokenizerParts(type, config, slow);
    if (slow) {
      parts.with(source.slow(ids, unknown), ids.tokens(), template);
    } else {
      var made = source.fast(unknown);
      var vocabulary = new AddedVocabulary(made.model());
      vocabulary.add(made.tokens());
      vocabulary.complete(config.addedTokensById(), all);
      var added =
          new ComponentPipeline.Added(
              vocabulary.tokens(), made.normalizer(), config.splitsSpecials());
      var pipeline =
          new ComponentPipeline(
              added,
              made.normalizer(),
              made.preTokenizer(),
              made.model(),
              made.decoder(),
              made.trim());
      parts.with(pipeline, vocabulary.tokens(), template);
    }
    return parts
        .with(specials, additional)
        .with(TokenizerSections.NONE, source.writer(slow))
        .tokenizer(type.cleansUp());
  }
}
