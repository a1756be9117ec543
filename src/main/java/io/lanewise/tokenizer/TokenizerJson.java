package io.lanewise.tokenizer;

import io.lanewise.TokenizerException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the parts of a {@code tokenizer.json}; a component that is not known is refused by name.
 */
final class TokenizerJson {
  /** Steps of a component, those in sequences counted; each goes over the whole text. */
  private static final int MOST_STEPS = 256;

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
        NormalizerJson.read(component("normalizer")),
        PreTokenizerJson.read(component("pre_tokenizer")),
        ModelJson.read(root.get("model")),
        DecoderJson.read(component("decoder")),
        postProcessor().trim());
  }

  private JsonPart component(String name) {
    var part = root.find(name);
    int steps = part.node().findValues("type").size();
    if (steps > MOST_STEPS) {
      throw new TokenizerException(
          part.where()
              + " has "
              + steps
              + " steps, at most "
              + MOST_STEPS
              + " are possible: is the file damaged?");
    }
    return part;
  }

  private PostProcessor postProcessor() {
    return PostProcessorJson.read(component("post_processor"));
  }

  /** The template, without specials if there is none. */
  Template template() {
    return postProcessor().template();
  }
}
