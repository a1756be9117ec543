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
    if (!slow && Files.exists(json)) {
      return fromJson(
          json, Files.exists(spiece) ? new VocabularyWriter.Copy(spiece) : VocabularyWriter.NONE);
    }
    if (Files.exists(spiece)) {
      return fromSentencePiece(spiece, slow);
    }
    if (slow && Files.exists(json)) {
      throw new TokenizerException(
          folder + " has " + JSON + " but no vocabulary file, which a slow tokenizer is made from");
    }
    throw new TokenizerException(
        folder + " has neither " + JSON + " nor " + SPIECE + ": no tokenizer to load");
  }

  private Tokenizer fromJson(Path file, VocabularyWriter writer) {
    var json = new TokenizerJson(new JsonPart(Json.read(file), file.getFileName().toString()));
    var added = merge(json.addedTokens());
    var pipeline = json.pipeline(added);
    return tokenizer(
        pipeline, json.template(), added, config.specialTokens(), json.sections(), false, writer);
  }

  /** The file's added tokens, with what tokenizer_config.json says of them and adds to them. */
  private List<AddedToken> merge(List<AddedToken> fromFile) {
    var byContent = new LinkedHashMap<String, AddedToken>();
    for (var token : fromFile) {
      byContent.put(token.content(), token);
    }
    for (var token : config.addedTokens()) {
      var known = byContent.get(token.content());
      byContent.put(token.content(), known == null ? token : withId(token, known.id()));
    }
    for (var token : config.specialTokens().values()) {
      byContent.computeIfPresent(token.content(), (_, known) -> asSpecial(known));
    }
    return List.copyOf(byContent.values());
  }

  private static AddedToken withId(AddedToken t, int id) {
    return new AddedToken(
        id,
        t.content(),
        t.singleWord(),
        t.stripLeft(),
        t.stripRight(),
        t.normalized(),
        t.special());
  }

  private static AddedToken asSpecial(AddedToken t) {
    return new AddedToken(
        t.id(), t.content(), t.singleWord(), t.stripLeft(), t.stripRight(), t.normalized(), true);
  }

  /** ALBERT from its spiece.model: as its slow tokenizer, or as the fast one made from it. */
  private Tokenizer fromSentencePiece(Path file, boolean slow) {
    String where = file.getFileName().toString();
    var parsed = SentencePiece.read(file);
    var sentencePiece = new SentencePiece(parsed, where);
    var specials = new LinkedHashMap<String, AddedToken>();
    ALBERT.forEach(specials::put);
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
      byContent.putIfAbsent(token.content(), withId(token, id));
    }
    var added = new ArrayList<>(byContent.values());
    var root = config.root();
    var rules =
        new AlbertRules(
            root.bool("do_lower_case", true),
            root.bool("remove_space", true),
            root.bool("keep_accents", false));
    var sampling = options.sampling() == null ? config.sampling() : options.sampling();
    var pipeline =
        slow
            ? new AlbertPipeline(sentencePiece, rules, added, sampling)
            : AlbertConversion.pipeline(parsed, rules, added, where);
    int cls = pipeline.vocabulary().id(specials.get("cls_token").content());
    int sep = pipeline.vocabulary().id(specials.get("sep_token").content());
    return tokenizer(
        pipeline,
        bertTemplate(cls, sep),
        added,
        specials,
        TokenizerSections.NONE,
        slow,
        new VocabularyWriter.Copy(file));
  }

  private static Template bertTemplate(int cls, int sep) {
    return new Template(
        List.of(
            new Template.Special(cls, 0),
            new Template.Sequence(0, 0),
            new Template.Special(sep, 0)),
        List.of(
            new Template.Special(cls, 0),
            new Template.Sequence(0, 0),
            new Template.Special(sep, 0),
            new Template.Sequence(1, 1),
            new Template.Special(sep, 1)));
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

  /** The special tokens of {@code AlbertTokenizer} where the folder names none. */
  private static final Map<String, AddedToken> ALBERT =
      specials(
          Map.of(
              "bos_token", "[CLS]",
              "eos_token", "[SEP]",
              "unk_token", "<unk>",
              "sep_token", "[SEP]",
              "pad_token", "<pad>",
              "cls_token", "[CLS]",
              "mask_token", "[MASK]"));

  private static Map<String, AddedToken> specials(Map<String, String> contents) {
    var specials = new LinkedHashMap<String, AddedToken>();
    contents.forEach(
        (role, content) ->
            specials.put(
                role,
                new AddedToken(
                    TokenizerConfig.NO_ID,
                    content,
                    false,
                    role.equals("mask_token"),
                    false,
                    false,
                    true)));
    return Map.copyOf(specials);
  }
}
