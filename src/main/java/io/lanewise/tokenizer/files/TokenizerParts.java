package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.EncodeOptions;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.pipeline.Template;
import io.lanewise.tokenizer.subword.AddedToken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of a tokenizer, collected while a folder is loaded. */
final class TokenizerParts {
  private final TokenizerClass type;
  private final TokenizerConfig config;
  private final boolean slow;
  private Pipeline pipeline;
  private List<AddedToken> added;
  private Template template;
  private Map<String, DeclaredToken> roles;
  private List<DeclaredToken> additional;
  private TokenizerSections sections;
  private VocabularyWriter writer;

  TokenizerParts(TokenizerClass type, TokenizerConfig config, boolean slow) {
    this.type = type;
    this.config = config;
    this.slow = slow;
  }

  TokenizerParts with(Pipeline newPipeline, List<AddedToken> newAdded, Template newTemplate) {
    this.pipeline = newPipeline;
    this.added = newAdded;
    this.template = newTemplate;
    return this;
  }

  TokenizerParts with(Map<String, DeclaredToken> newRoles, List<DeclaredToken> newAdditional) {
    this.roles = newRoles;
    this.additional = newAdditional == null ? List.of() : newAdditional;
    return this;
  }

  TokenizerParts with(TokenizerSections newSections, VocabularyWriter newWriter) {
    this.sections = newSections;
    this.writer = newWriter;
    return this;
  }

  /**
   * @param cleansUp whether decoding cleans up by default
   */
  LoadedTokenizer tokenizer(boolean cleansUp) {
    var contents = new LinkedHashMap<String, String>();
    roles.forEach((role, token) -> contents.put(role, token.content()));
    var others = new java.util.ArrayList<String>();
    additional.forEach(token -> others.add(token.content()));
    config.extra().values().forEach(token -> others.add(token.content()));
    var file = sections.options();
    var sides =
        EncodeOptions.DEFAULT
            .withTruncationSide(config.side("truncation_side", file.truncationSide()))
            .withPaddingSide(config.side("padding_side", file.paddingSide()));
    var traits =
        new FolderFacts(
            added,
            contents,
            others,
            slow,
            config.maxLength(),
            config.cleanUp(cleansUp),
            sections.padTypeId(),
            config.inputNames(type.inputNames()),
            sides,
            file,
            writer);
    return new LoadedTokenizer(pipeline, template, traits);
  }
}
