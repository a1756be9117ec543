package io.lanewise.tokenizer.slow;

import io.lanewise.tokenizer.files.DeclaredToken;
import io.lanewise.tokenizer.files.VocabularySource;
import io.lanewise.tokenizer.subword.AddedToken;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The ids of a slow tokenizer: its vocabulary, and the tokens that {@code
 * PreTrainedTokenizer.__init__} adds (Hugging Face's tokenization_utils.py).
 */
public final class SlowVocabulary {
  private final Map<String, Integer> vocabulary = new HashMap<>();
  private final Map<Integer, AddedToken> tokens = new TreeMap<>();
  private final Map<String, Integer> added = new HashMap<>();
  private final Set<String> special = new HashSet<>();
  private final Set<String> apart = new HashSet<>();

  /**
   * @param declared the tokens with ids of the class and of the folder
   * @param allSpecial every special token once, in the order of the roles
   * @param additional those without a role
   * @param source the vocabulary files
   */
  public SlowVocabulary(
      Map<Integer, DeclaredToken> declared,
      List<DeclaredToken> allSpecial,
      List<DeclaredToken> additional,
      VocabularySource source) {
    String[] pieces = source.pieces();
    for (int id = 0; id < pieces.length; id++) {
      // Vocabularies of SentencePiece are listed by id, and an added token replaces the piece of
      // the same id.
      if (pieces[id] != null && !(source.listsById() && declared.containsKey(id))) {
        vocabulary.put(pieces[id], id);
      }
    }
    declared.forEach((id, token) -> put(token.at(id)));
    int next = vocabulary.size();
    for (var token : allSpecial) {
      special.add(token.content());
      if (token.content().isEmpty() || (token.bare() && added.containsKey(token.content()))) {
        continue;
      }
      Integer known = vocabulary.get(token.content());
      put(token.withSpecial(true).at(known == null ? next++ : known));
    }
    apart.addAll(added.keySet());
    apart.removeAll(special);
    int size = source.size();
    for (var token : additional) {
      if (id(token.content()) >= size) {
        apart.add(token.content());
      }
    }
  }

  private void put(AddedToken token) {
    tokens.put(token.id(), token);
    added.put(token.content(), token.id());
    vocabulary.put(token.content(), token.id());
  }

  /** The added tokens by id. */
  public List<AddedToken> tokens() {
    return List.copyOf(tokens.values());
  }

  /** The contents of the special tokens. */
  public Set<String> special() {
    return special;
  }

  /**
   * The tokens that decoding separates by spaces: those that are not special, and special ones that
   * have no role and are not in the vocabulary.
   */
  Set<String> apart() {
    return apart;
  }

  /** The id of a token, added or not; -1 if there is none. */
  public int id(String content) {
    return vocabulary.getOrDefault(content, -1);
  }
}
