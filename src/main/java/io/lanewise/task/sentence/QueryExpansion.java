package io.lanewise.task.sentence;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.task.text.TextModel;
import io.lanewise.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;

/**
 * ColBERT's expansion of queries: short ones are filled with a token, mostly {@code [MASK]}, whose
 * states count, too ({@code QueryExpansionConfig} of sentence-transformers).
 *
 * @param fixed whether longer queries are cut to the length
 * @param attended whether the query's own tokens see those that fill it
 * @param token the id that fills
 * @param length tokens of a query at least, special tokens counted
 */
record QueryExpansion(boolean fixed, boolean attended, int token, int length) {
  private static final String KEY = "query_expansion";

  /** What a file says under {@code query_expansion}; empty where it is absent. */
  static Optional<QueryExpansion> of(Config file, Tokenizer tokenizer) {
    return TransformerSettings.child(file, KEY)
        .map(
            config -> {
              for (var each : JsonConfig.tree(config).properties()) {
                if (!List.of("strategy", "attend", "token", "length").contains(each.getKey())) {
                  throw config.wrong(TextModel.excerpt(each.getKey()), "it is not known here");
                }
              }
              var strategies = List.of("fixed", "min");
              var strategy =
                  config
                      .choice("strategy", strategies)
                      .orElseThrow(() -> config.wrong("strategy", "it is missing"));
              if (!config.has("length")) {
                throw config.wrong("length", "it is missing");
              }
              return new QueryExpansion(
                  strategy.equals("fixed"),
                  config.bool("attend", false),
                  token(config, tokenizer),
                  config.positive("length", 0));
            });
  }

  /** That of files with older keys, which always fill to the length and cut there. */
  static QueryExpansion fixed(Config file, Tokenizer tokenizer, boolean attended, int length) {
    return new QueryExpansion(true, attended, fill(file, tokenizer), length);
  }

  private static int token(Config config, Tokenizer tokenizer) {
    return config
        .text("token")
        .map(
            token ->
                tokenizer
                    .id(token)
                    .orElseThrow(
                        () ->
                            config.wrong(
                                "token",
                                TextModel.excerpt(token) + " is no token of the vocabulary")))
        .orElseGet(() -> fill(config, tokenizer));
  }

  private static int fill(Config file, Tokenizer tokenizer) {
    var specials = tokenizer.specials();
    var mask = specials.id("mask_token");
    return (mask.isPresent() ? mask : specials.id("eos_token"))
        .orElseThrow(() -> file.wrong(KEY, "the tokenizer has no mask_token to fill queries with"));
  }
}
