package io.lanewise.tokenizer;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the parts of a {@code tokenizer.json}; a component that is not known is refused by name.
 */
final class TokenizerJson {
  private final JsonPart root;

  TokenizerJson(JsonPart root) {
    this.root = root;
  }

  TokenizerSections sections() {
    return TokenizerSections.of(root);
  }

  List<AddedToken> addedTokens() {
    var tokens = new ArrayList<AddedToken>();
    var part = root.find("added_tokens");
    if (!part.isNull()) {
      for (var token : part.items()) {
        tokens.add(addedToken(token, token.get("id").integer()));
      }
    }
    return tokens;
  }

  /** An added token as tokenizer.json, and tokenizer_config.json too, write it. */
  static AddedToken addedToken(JsonPart token, int id) {
    return new AddedToken(
        id,
        token.get("content").text(),
        token.bool("single_word", false),
        token.bool("lstrip", false),
        token.bool("rstrip", false),
        token.bool("normalized", false),
        token.bool("special", false));
  }

  ComponentPipeline pipeline(List<AddedToken> added) {
    return new ComponentPipeline(
        added,
        NormalizerJson.read(root.find("normalizer")),
        PreTokenizerJson.read(root.find("pre_tokenizer")),
        ModelJson.read(root.get("model")),
        DecoderJson.read(root.find("decoder")),
        postProcessor().trim());
  }

  private PostProcessor postProcessor() {
    return PostProcessorJson.read(root.find("post_processor"));
  }

  /** The template, without specials if there is none. */
  Template template() {
    return postProcessor().template();
  }
}
