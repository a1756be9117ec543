package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.subword.AddedToken;
import io.lanewise.tokenizer.subword.SubwordModel;
import io.lanewise.tokenizer.subword.Unigram;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The added tokens of a fast tokenizer under construction, and their ids: {@code AddedVocabulary}
 * (tokenizer/added_vocabulary.rs of the tokenizers library), and the tokens that {@code
 * PreTrainedTokenizerFast.__init__} (tokenization_utils_fast.py) adds.
 *
 * <p>A token in the model's vocabulary keeps its id there. Any other token gets the next free id,
 * whatever id the file names.
 */
final class AddedVocabulary {
  private final Map<String, Integer> model = new HashMap<>();
  private final int modelSize;
  private final Map<String, Integer> ids = new HashMap<>();
  private final Map<Integer, DeclaredToken> byId = new TreeMap<>();

  /** The tokens of {@link #byId} without their ids, for fast look-up. */
  private final Set<AddedToken> existing = new HashSet<>();

  private int largest = -1;

  /**
   * The tokens to search for, in order; of several special ones with the same text the first one
   * counts.
   */
  private final List<DeclaredToken> specials = new ArrayList<>();

  private final List<DeclaredToken> others = new ArrayList<>();
  private final Set<String> specialContents = new HashSet<>();

  AddedVocabulary(SubwordModel subwords) {
    String[] pieces = subwords.pieces();
    for (int id = 0; id < pieces.length; id++) {
      if (pieces[id] != null) {
        model.put(pieces[id], id);
      }
    }
    // The size of a Unigram model is its number of pieces; of other models, the number of different
    // pieces.
    modelSize = subwords instanceof Unigram ? pieces.length : model.size();
  }

  /** {@code AddedVocabulary::add_tokens} of tokenizer/added_vocabulary.rs. */
  void add(Collection<DeclaredToken> tokens) {
    for (var token : tokens) {
      if (token.special() && !token.content().isEmpty() && specialContents.add(token.content())) {
        specials.add(token);
      }
    }
    for (var token : tokens) {
      if (token.content().isEmpty() || existing.contains(token.at(0))) {
        continue;
      }
      int id = id(token.content());
      if (id < 0) {
        id = next();
      }
      ids.put(token.content(), id);
      largest = Math.max(largest, id);
      var replaced = byId.put(id, token);
      if (replaced != null) {
        existing.remove(replaced.at(0));
      }
      existing.add(token.at(0));
      if (!specialContents.contains(token.content())) {
        others.add(token);
      }
    }
  }

  private int next() {
    return largest >= modelSize || (modelSize == 0 && largest >= 0) ? largest + 1 : modelSize;
  }

  private int id(String content) {
    return ids.getOrDefault(content, model.getOrDefault(content, -1));
  }

  /**
   * Adds the tokens that {@code PreTrainedTokenizerFast.__init__} adds: those of the folder's files
   * that are missing, then the special tokens.
   *
   * @param declared {@code added_tokens_decoder}, by id
   * @param special every special token once, in the order of the roles
   */
  void complete(Collection<DeclaredToken> declared, List<DeclaredToken> special) {
    var toAdd = new ArrayList<DeclaredToken>();
    for (var token : declared) {
      if (!existing.contains(token.at(0))) {
        toAdd.add(token);
      }
    }
    var contents = new HashSet<String>();
    byId.values().forEach(token -> contents.add(token.content()));
    toAdd.forEach(token -> contents.add(token.content()));
    var fromFolder = new HashSet<AddedToken>();
    toAdd.forEach(token -> fromFolder.add(token.at(0)));
    var specialContents = new HashSet<String>();
    for (var token : special) {
      specialContents.add(token.content());
      // A bare text is added only if there is no such token; a declared token replaces it.
      boolean known =
          token.bare() ? contents.contains(token.content()) : fromFolder.contains(token.at(0));
      if (!known) {
        toAdd.add(token);
      }
    }
    add(
        toAdd.stream()
            .map(t -> t.withSpecial(t.special() || specialContents.contains(t.content())))
            .toList());
  }

  /** The tokens with their ids, in the order of the search. */
  List<AddedToken> tokens() {
    var tokens = new LinkedHashMap<AddedToken, AddedToken>();
    for (var list : List.of(specials, others)) {
      for (var listed : list) {
        int id = id(listed.content());
        // The last declaration defines its stripping; the listed one defines where it is searched.
        var last = byId.getOrDefault(id, listed);
        var token =
            last.withNormalized(listed.at(id).normalized())
                .withSpecial(specialContents.contains(listed.content()))
                .at(id);
        tokens.putIfAbsent(token, token);
      }
    }
    return List.copyOf(tokens.keySet());
  }
}
