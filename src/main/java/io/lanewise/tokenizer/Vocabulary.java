package io.lanewise.tokenizer;

import io.lanewise.TokenizerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All ids of a tokenizer and their pieces: the model's and the added tokens. */
final class Vocabulary {
  private static final int LARGEST = 1 << 24;

  private final String[] pieces;
  private final Map<String, Integer> ids;
  private final int modelSize;

  private Vocabulary(String[] pieces, Map<String, Integer> ids, int modelSize) {
    this.pieces = pieces;
    this.ids = ids;
    this.modelSize = modelSize;
  }

  /**
   * @param modelPieces the model's pieces by id, null where an id has none
   * @param added the added tokens by id, which win over the model's pieces of the same id
   * @throws TokenizerException if an added token's id is out of range
   */
  static Vocabulary of(String[] modelPieces, List<AddedToken> added) {
    var byId = new TreeMap<Integer, String>();
    for (var token : added) {
      if (token.id() < 0 || token.id() > LARGEST) {
        throw new TokenizerException(
            "added token " + token.content() + " has the id " + token.id() + ", out of range");
      }
      byId.put(token.id(), token.content());
    }
    int size = byId.isEmpty() ? 0 : byId.lastKey() + 1;
    var pieces = java.util.Arrays.copyOf(modelPieces, Math.max(size, modelPieces.length));
    byId.forEach((id, piece) -> pieces[id] = piece);
    var ids = new HashMap<String, Integer>(pieces.length * 2);
    for (int id = 0; id < modelPieces.length; id++) {
      if (modelPieces[id] != null) {
        ids.put(modelPieces[id], id);
      }
    }
    byId.forEach((id, piece) -> ids.put(piece, id));
    return new Vocabulary(pieces, ids, modelPieces.length);
  }

  /** Number of ids, from 0 to the largest. */
  int size() {
    return pieces.length;
  }

  /** Number of ids of the model alone. */
  int modelSize() {
    return modelSize;
  }

  /** The id of a piece, or -1. */
  int id(String piece) {
    Integer id = ids.get(piece);
    return id == null ? -1 : id;
  }

  /** The piece of an id, or null. */
  String piece(int id) {
    return id < 0 || id >= pieces.length ? null : pieces[id];
  }
}
