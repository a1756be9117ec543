package io.lanewise.tokenizer.sentencepiece;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.normalize.Charsmap;
import io.lanewise.tokenizer.sentencepiece.SentencePieceFile.Kind;
import io.lanewise.tokenizer.subword.CharTrie;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The pieces of a SentencePiece model with their scores, and the character map. */
final class SentencePieceModel {
  private static final float UNKNOWN_PENALTY = 10;

  final SentencePieceFile file;
  final Charsmap charsmap;
  final String[] pieces;
  final Kind[] kinds;
  final CharTrie trie;
  final CharTrie userDefined;

  /** Log probabilities in the lattice. */
  final float[] scores;

  /** Log probabilities in the search for the best path. */
  final float[] pathScores;

  final float unknownScore;

  /** The id of each byte piece; the unknown id if there is none. */
  final int[] bytePieces = new int[256];

  final int unknown;

  /**
   * @param where the file's name, for error messages
   */
  SentencePieceModel(SentencePieceFile file, String where) {
    this.file = file;
    this.charsmap = Charsmap.of(file.charsmap(), where);
    int size = file.pieces().size();
    pieces = new String[size];
    kinds = new Kind[size];
    scores = new float[size];
    var matchable = new String[size];
    var verbatim = new String[size];
    var ids = new int[size];
    int foundUnknown = -1;
    float least = Float.MAX_VALUE;
    for (int id = 0; id < size; id++) {
      var piece = file.pieces().get(id);
      ids[id] = id;
      pieces[id] = piece.text();
      kinds[id] = piece.kind();
      scores[id] = piece.score();
      switch (piece.kind()) {
        case NORMAL -> {
          matchable[id] = piece.text();
          least = Math.min(least, piece.score());
        }
        case USER_DEFINED -> {
          matchable[id] = piece.text();
          verbatim[id] = piece.text();
        }
        case UNKNOWN -> foundUnknown = id;
        case CONTROL, UNUSED, BYTE -> {}
      }
    }
    if (foundUnknown < 0) {
      throw new TokenizerException(where + " has no unknown piece");
    }
    unknown = foundUnknown;
    Arrays.fill(bytePieces, unknown);
    for (int id = 0; id < size; id++) {
      if (kinds[id] == Kind.BYTE && pieces[id].matches("<0x[0-9A-F]{2}>")) {
        bytePieces[Integer.parseInt(pieces[id].substring(3, 5), 16)] = id;
      }
    }
    // A user-defined piece has a score by its length instead of the file's, so that it is always
    // used. The search for the best path counts UTF-8 bytes, the lattice code points
    // (Model::EncodeOptimized and Model::PopulateNodes in unigram_model.cc).
    pathScores = scores.clone();
    for (int id = 0; id < size; id++) {
      if (kinds[id] == Kind.USER_DEFINED) {
        pathScores[id] = bonus(pieces[id].getBytes(StandardCharsets.UTF_8).length);
        scores[id] = bonus(pieces[id].codePointCount(0, pieces[id].length()));
      }
    }
    unknownScore = least - UNKNOWN_PENALTY;
    trie = CharTrie.of(matchable, ids);
    userDefined = CharTrie.of(verbatim, ids);
  }

  /** The score of a user-defined piece of this length in SentencePiece 0.2.2. */
  private static float bonus(int length) {
    return (float) (0.1 * (length - 1));
  }

  /**
   * The id of a piece with this text, as {@code PieceToId} in SentencePiece: the unknown id if
   * there is none.
   */
  int id(char[] chars, int from, int to) {
    int id = trie.get(chars, from, to);
    return id == CharTrie.NONE ? unknown : id;
  }
}
