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
        tokens.add(DeclaredToken.read(token).at(token.get("id").integer()));
      }
    }
    return tokens;
  }

  /** The normalizer, null if there is none. */
  Normalizer normalizer() {
    return NormalizerJson.read(root.find("normalizer"));
  }

  SubwordModel model() {
    return ModelJson.read(root.get("model"));
  }

  ComponentPipeline pipeline(SubwordModel model, ComponentPipeline.Added added) {
    return new ComponentPipeline(
        added,
        normalizer(),
        PreTokenizerJson.read(root.find("pre_tokenizer")),
        model,
        DecoderJson.read(root.find("decoder")),
        postProcessor().trim());
  }

  /** The padding section's pad_token, null if it names none. */
  String padToken() {
    var token = root.find("padding").find("pad_token");
    return token.isNull() ? null : token.text();
  }

  private PostProcessor postProcessor() {
    return PostProcessorJson.read(root.find("post_processor"));
  }

  /** The template, without specials if there is none. */
  Template template() {
    return postProcessor().template();
  }
}
