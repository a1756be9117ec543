package io.lanewise.tokenizer;

import io.lanewise.CheckpointException;
import io.lanewise.TokenizerException;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.TokenizerOptions.Flavor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a tokenizer from the files of a model folder. */
final class TokenizerFolder {
  private static final String JSON = "tokenizer.json";
  private static final String SPIECE = "spiece.model";
  private static final String VOCAB_TXT = "vocab.txt";
  private static final String VOCAB_JSON = "vocab.json";
  private static final String MERGES = "merges.txt";

  private final TokenizerConfig config;
  private final TokenizerOptions options;

  private TokenizerFolder(Path folder, TokenizerOptions options) {
    this.config = TokenizerConfig.read(folder, options.flags());
    this.options = options;
  }

  static Tokenizer load(Path folder, TokenizerOptions options) {
    if (!Files.isDirectory(folder)) {
      throw new TokenizerException(folder + " is not a folder: give the folder of a model");
    }
    try {
      return new TokenizerFolder(folder, options).load(folder);
    } catch (CheckpointException e) {
      throw new TokenizerException(e.getMessage(), e);
    }
  }

  private Tokenizer load(Path folder) {
    boolean slow = options.flavor() == Flavor.SLOW;
    Path json = folder.resolve(JSON);
    Path spiece = folder.resolve(SPIECE);
    Path merges = folder.resolve(MERGES);
    if (!slow && Files.exists(json)) {
      return fromJson(json, folder);
    }
    if (Files.exists(spiece)) {
      return fromSentencePiece(spiece, slow);
    }
    if (Files.exists(folder.resolve(VOCAB_JSON)) && Files.exists(merges)) {
      return fromMerges(folder.resolve(VOCAB_JSON), merges, slow);
    }
    if (Files.exists(folder.resolve(VOCAB_TXT))) {
      return fromVocabTxt(folder.resolve(VOCAB_TXT), slow);
    }
    if (slow && Files.exists(json)) {
      throw new TokenizerException(
          folder + " has " + JSON + " but no vocabulary file, which a slow tokenizer is made from");
    }
    throw new TokenizerException(
        folder
            + " has neither "
            + String.join(", ", JSON, SPIECE, VOCAB_TXT)
            + " nor "
            + VOCAB_JSON
            + " with "
            + MERGES
            + ": no tokenizer to load");
  }

  private Tokenizer fromJson(Path file, Path folder) {
    var root = Json.read(file);
    TokenizerClass.of(config, folder).override(root, config);
    var json = new TokenizerJson(new JsonPart(root, file.getFileName().toString()));
    var added = merge(json.addedTokens());
    var pipeline = json.pipeline(added);
    Path spiece = folder.resolve(SPIECE);
    var writer =
        switch (pipeline.model()) {
          case WordPiece model -> ModelFiles.wordPiece(model.pieces());
          case Bpe model -> ModelFiles.bpe(model, false);
          case Unigram _ when Files.exists(spiece) -> new VocabularyWriter.Copy(spiece);
          case Unigram _, WordLevel _ -> VocabularyWriter.NONE;
        };
    return tokenizer(
        pipeline, json.template(), added, config.specialTokens(), json.sections(), false, writer);
  }

  /** RoBERTa, BART and Longformer. */
  private Tokenizer fromMerges(Path vocabulary, Path merges, boolean slow) {
    var model = RobertaFiles.model(vocabulary, merges);
    var specials = specials(RobertaFiles.SPECIALS, true);
    var added = added(specials, model.pieces(), vocabulary);
    String unknown = specials.get("unk_token").content();
    var pipeline =
        slow
            ? RobertaFiles.slow(model, added, config.root(), unknown)
            : RobertaFiles.fast(model, added, config.root());
    var ids = pipeline.vocabulary();
    int cls = ids.id(specials.get("cls_token").content());
    int sep = ids.id(specials.get("sep_token").content());
    return tokenizer(
        pipeline,
        Template.roberta(cls, sep),
        added,
        specials,
        TokenizerSections.NONE,
        slow,
        ModelFiles.bpe(model, slow));
  }

  /** BERT and NEZHA. */
  private Tokenizer fromVocabTxt(Path file, boolean slow) {
    var pieces = VocabularyFiles.vocabTxt(file);
    var specials = specials(BertFiles.SPECIALS, false);
    var added = added(specials, pieces, file);
    var model = BertFiles.model(pieces, specials.get("unk_token").content());
    var pipeline =
        slow
            ? BertFiles.slow(model, added, config.root())
            : BertFiles.fast(model, added, config.root());
    var ids = pipeline.vocabulary();
    int cls = ids.id(specials.get("cls_token").content());
    int sep = ids.id(specials.get("sep_token").content());
    return tokenizer(
        pipeline,
        Template.bert(cls, sep),
        added,
        specials,
        TokenizerSections.NONE,
        slow,
        ModelFiles.wordPiece(pieces));
  }

  /** A class's own special tokens, and the folder's instead where it names some. */
  private Map<String, AddedToken> specials(Map<String, String> defaults, boolean maskStrips) {
    var specials = new LinkedHashMap<String, AddedToken>();
    for (String role : TokenizerConfig.ROLES) {
      var named = config.specialTokens().get(role);
      String content = named == null ? defaults.get(role) : named.content();
      if (content != null) {
        boolean strip = maskStrips && role.equals("mask_token");
        boolean left = strip || (named != null && named.stripLeft());
        boolean right = named != null && named.stripRight();
        specials.put(
            role, new AddedToken(TokenizerConfig.NO_ID, content, false, left, right, false, true));
      }
    }
    return specials;
  }

  /** The added tokens of a vocabulary file; specials it lacks come behind its last piece. */
  private List<AddedToken> added(Map<String, AddedToken> specials, String[] pieces, Path file) {
    var known = Vocabulary.of(pieces, List.of());
    var byContent = new LinkedHashMap<String, AddedToken>();
    config.addedTokens().forEach(token -> byContent.put(token.content(), token));
    String unknown = specials.get("unk_token").content();
    if (known.id(unknown) < 0 && !byContent.containsKey(unknown)) {
      throw new TokenizerException(
          file + " has no unknown token " + unknown + ": not this tokenizer's vocabulary");
    }
    int next = pieces.length;
    for (var token : byContent.values()) {
      next = Math.max(next, token.id() + 1);
    }
    for (var token : specials.values()) {
      if (!byContent.containsKey(token.content())) {
        int id = known.id(token.content());
        byContent.put(token.content(), token.withId(id < 0 ? next++ : id));
      }
    }
    return List.copyOf(byContent.values());
  }

  /** The file's added tokens, with what tokenizer_config.json says of them and adds to them. */
  private List<AddedToken> merge(List<AddedToken> fromFile) {
    var byContent = new LinkedHashMap<String, AddedToken>();
    for (var token : fromFile) {
      byContent.put(token.content(), token);
    }
    for (var token : config.addedTokens()) {
      var known = byContent.get(token.content());
      byContent.put(token.content(), known == null ? token : token.withId(known.id()));
    }
    for (var token : config.specialTokens().values()) {
      byContent.computeIfPresent(token.content(), (_, known) -> known.asSpecial());
    }
    return List.copyOf(byContent.values());
  }

  /** ALBERT from its spiece.model: as its slow tokenizer, or as the fast one made from it. */
  private Tokenizer fromSentencePiece(Path file, boolean slow) {
    String where = file.getFileName().toString();
    var parsed = SentencePiece.read(file);
    var sentencePiece = new SentencePiece(parsed, where);
    var specials = new LinkedHashMap<String, AddedToken>();
    AlbertFiles.SPECIALS.forEach(specials::put);
    specials.putAll(config.specialTokens());
    var known = Vocabulary.of(sentencePiece.pieces(), List.of());
    var byContent = new LinkedHashMap<String, AddedToken>();
    config.addedTokens().forEach(token -> byContent.put(token.content(), token));
    for (var token : specials.values()) {
      int id = known.id(token.content());
      if (id < 0 && !byContent.containsKey(token.content())) {
        throw new TokenizerException(
            file + " has no piece " + token.content() + ", which this tokenizer needs");
      }
      byContent.putIfAbsent(token.content(), token.withId(id));
    }
    var added = new ArrayList<>(byContent.values());
    var sampling = options.sampling() == null ? config.sampling() : options.sampling();
    var pipeline =
        slow
            ? AlbertFiles.slow(sentencePiece, added, config.root(), sampling)
            : AlbertFiles.fast(parsed, added, config.root(), where);
    int cls = pipeline.vocabulary().id(specials.get("cls_token").content());
    int sep = pipeline.vocabulary().id(specials.get("sep_token").content());
    return tokenizer(
        pipeline,
        Template.bert(cls, sep),
        added,
        specials,
        TokenizerSections.NONE,
        slow,
        new VocabularyWriter.Copy(file));
  }

  private Tokenizer tokenizer(
      Pipeline pipeline,
      Template template,
      List<AddedToken> added,
      Map<String, AddedToken> specials,
      TokenizerSections sections,
      boolean slow,
      VocabularyWriter writer) {
    var contents = new LinkedHashMap<String, String>();
    specials.forEach((role, token) -> contents.put(role, token.content()));
    var file = sections.options();
    var sides =
        EncodeOptions.DEFAULT
            .withTruncationSide(config.side("truncation_side", file.truncationSide()))
            .withPaddingSide(config.side("padding_side", file.paddingSide()));
    var traits =
        new Traits(
            added,
            contents,
            config.extraSpecials(),
            slow,
            config.maxLength(),
            config.cleanUp(),
            config.root().integer("pad_token_type_id", sections.padTypeId()),
            config.inputNames(),
            sides,
            file,
            writer);
    return new Tokenizer(pipeline, template, traits);
  }
}
