package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The special tokens of a tokenizer by role: those of the folder, or the defaults of its class. */
final class SpecialRoles {
  private final TokenizerClass type;
  private final TokenizerConfig config;

  SpecialRoles(TokenizerClass type, TokenizerConfig config) {
    this.type = type;
    this.config = config;
  }

  /** As declared by the slow class; a fast tokenizer converted from it has the same. */
  Map<String, DeclaredToken> slow() {
    return of(type.slow(), null);
  }

  /**
   * As declared by the fast class.
   *
   * @param padToken the token in the padding section of tokenizer.json, used if neither folder nor
   *     class has one ({@code PreTrainedTokenizerFast.__init__} in tokenization_utils_fast.py);
   *     null for none
   */
  Map<String, DeclaredToken> fast(String padToken) {
    return of(type.fast(), padToken);
  }

  private Map<String, DeclaredToken> of(TokenizerClass.Declares declares, String padToken) {
    var specials = new LinkedHashMap<String, DeclaredToken>();
    for (String role : TokenizerConfig.ROLES) {
      String own = type.specials().get(role);
      DeclaredToken token = null;
      if (config.roles().containsKey(role)) {
        token = config.roles().get(role);
      } else if (own != null) {
        token = DeclaredToken.bare(own);
      } else if (role.equals("pad_token") && padToken != null) {
        token = DeclaredToken.bare(padToken);
      }
      if (token != null && !token.content().isEmpty()) {
        specials.put(role, own == null ? token : declares.declare(role, token));
      }
    }
    return specials;
  }

  /** {@code additional_special_tokens} of a fast class; null for none. */
  List<DeclaredToken> additional() {
    return SentencePieceFiles.additional(type.source(), config);
  }

  /**
   * Every special token once: {@code SpecialTokensMixin.all_special_tokens_extended} in Hugging
   * Face's tokenization_utils_base.py.
   */
  List<DeclaredToken> all(Map<String, DeclaredToken> roles, List<DeclaredToken> additional) {
    var all = new ArrayList<DeclaredToken>();
    var seen = new HashSet<String>();
    var given = new ArrayList<>(roles.values());
    if (additional != null) {
      given.addAll(additional);
    }
    given.addAll(config.extra().values());
    for (var token : given) {
      if (seen.add(token.content())) {
        all.add(token);
      }
    }
    return all;
  }

  /** The tokens with ids of a slow tokenizer, before its special tokens are added. */
  Map<Integer, DeclaredToken> declared(VocabularySource source) {
    var own = source.ownTokens(config);
    var declared = new LinkedHashMap<>(own);
    declared.putAll(config.addedTokens());
    if (type.source() == TokenizerClass.Source.CAMEMBERT) {
      // the tokens of the class replace those of the files
      declared.putAll(own);
    }
    return declared;
  }

  /**
   * The content of the unknown token.
   *
   * @param slow whether for the slow tokenizer, which adds an unknown token that the folder names
   * @throws TokenizerException if the vocabulary needs one and lacks it
   */
  String unknown(
      Map<String, DeclaredToken> roles, VocabularySource source, Path folder, boolean slow) {
    var token = roles.get("unk_token");
    String content = token == null ? "None" : token.content();
    boolean named = slow && config.roles().get("unk_token") != null;
    boolean needed = type.source() == TokenizerClass.Source.WORD_PIECE && !named;
    if (needed
        && !Arrays.asList(source.pieces()).contains(content)
        && config.addedTokens().values().stream().noneMatch(t -> t.content().equals(content))) {
      throw new TokenizerException(
          folder.resolve(type.source().files().getFirst())
              + " has no unknown token "
              + content
              + ": not this tokenizer's vocabulary");
    }
    return content;
  }
}
