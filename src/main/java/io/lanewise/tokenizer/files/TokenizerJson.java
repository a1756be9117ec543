package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.normalize.Normalizer;
import io.lanewise.tokenizer.pipeline.ComponentPipeline;
import io.lanewise.tokenizer.pipeline.PostProcessor;
import io.lanewise.tokenizer.pipeline.Template;
import io.lanewise.tokenizer.subword.AddedToken;
import io.lanewise.tokenizer.subword.SubwordModel;
import java.util.ArrayList;
import java.util.List;

/** Reads the components of a {@code tokenizer.json}; unknown components are refused by name. */
final class TokenizerJson {
  /**
   * The most steps of a component, those in sequences included; each step processes the whole text.
   */
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
        tokens.add(DeclaredToken.read(token).at(token.get("id").integer()));
      }
    }
    return tokens;
  }

  /** The normalizer; null if there is none. */
  Normalizer normalizer() {
    return NormalizerJson.read(component("normalizer"));
  }

  SubwordModel model() {
    return ModelJson.read(root.get("model"));
  }

  ComponentPipeline pipeline(SubwordModel model, ComponentPipeline.Added added) {
    return new ComponentPipeline(
        added,
        normalizer(),
        PreTokenizerJson.read(component("pre_tokenizer")),
        model,
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

  /** The pad_token of the padding section; null if it names none. */
  String padToken() {
    var token = root.find("padding").find("pad_token");
    return token.isNull() ? null : token.text();
  }

  private PostProcessor postProcessor() {
    return PostProcessorJson.read(component("post_processor"));
  }

  /** The template; one without special tokens if the file has none. */
  Template template() {
    return postProcessor().template();
  }
}
