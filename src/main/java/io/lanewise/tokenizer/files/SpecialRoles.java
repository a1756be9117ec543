package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The special tokens of a tokenizer: the folder's, or its class's own where it names none. */
final class SpecialRoles {
  private final TokenizerClass type;
  private final TokenizerConfig config;

  SpecialRoles(TokenizerClass type, TokenizerConfig config) {
    this.type = type;
    this.config = config;
  }

  /** As the slow class declares them; the fast one that is made from it takes them over. */
  Map<String, DeclaredToken> slow() {
    return of(type.slow(), null);
  }

  /**
   * As the fast class declares them.
   *
   * @param padToken what the padding section of tokenizer.json names, which counts where neither
   *     folder nor class has a key for it; null for none
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

  /** {@code additional_special_tokens} of a fast class, null for none. */
  List<DeclaredToken> additional() {
    return SentencePieceFiles.additional(type.source(), config);
  }

  /** Every special token once: {@code all_special_tokens_extended}. */
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

  /** The tokens that a slow tokenizer has with their ids before its special tokens are added. */
  Map<Integer, DeclaredToken> declared(VocabularySource source) {
    var own = source.ownTokens(config);
    var declared = new LinkedHashMap<>(own);
    declared.putAll(config.addedTokens());
    if (type.source() == TokenizerClass.Source.CAMEMBERT) {
      // Here the class's own win.
      declared.putAll(own);
    }
    return declared;
  }

  /**
   * The content of the unknown token.
   *
   * @param slow whether it is for the slow tokenizer, which adds one that the folder names
   * @throws TokenizerException if the vocabulary needs one and has it not
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
