package io.lanewise.tokenizer.subword;

import io.lanewise.TokenizerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** All ids of a tokenizer and their pieces: the model's and the added tokens. */
public final class Vocabulary {
  private static final int LARGEST = 1 << 24;

  /** Ids up to this are always allowed, because they need little memory. */
  private static final int ALWAYS = 1 << 18;

  /** The most ids per piece for larger vocabularies. */
  private static final int SPREAD = 64;

  private final String[] pieces;
  private final Map<String, Integer> ids;
  private final int modelSize;

  private Vocabulary(String[] pieces, Map<String, Integer> ids, int modelSize) {
    this.pieces = pieces;
    this.ids = ids;
    this.modelSize = modelSize;
  }

  /**
   * The vocabulary of a model and its added tokens.
   *
   * @param modelPieces the model's pieces by id, null for ids without a piece
   * @param added the added tokens, which replace the model's pieces of the same id
   * @throws TokenizerException if an added token's id is out of range
   */
  public static Vocabulary of(String[] modelPieces, List<AddedToken> added) {
    var byId = new TreeMap<Integer, String>();
    long known = java.util.Arrays.stream(modelPieces).filter(Objects::nonNull).count();
    int largest = largest(known + added.size());
    for (var token : added) {
      if (token.id() < 0 || token.id() > largest) {
        throw new TokenizerException(
            "the added token "
                + token.content()
                + " has the id "
                + token.id()
                + ", out of range: a vocabulary of so few pieces has ids from 0 to "
                + largest);
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

  /**
   * The largest id of a vocabulary with this number of pieces: its tables have a place for each id,
   * and must not be much larger than the file.
   */
  public static int largest(long pieces) {
    return (int) Math.min(LARGEST, Math.max(ALWAYS, pieces * SPREAD));
  }

  /** Number of ids, from 0 to the largest. */
  public int size() {
    return pieces.length;
  }

  /** Number of ids of the model, without added tokens. */
  public int modelSize() {
    return modelSize;
  }

  /** The id of a piece, or -1. */
  public int id(String piece) {
    Integer id = ids.get(piece);
    return id == null ? -1 : id;
  }

  /** The piece of an id, or null. */
  public String piece(int id) {
    return id < 0 || id >= pieces.length ? null : pieces[id];
  }
}
