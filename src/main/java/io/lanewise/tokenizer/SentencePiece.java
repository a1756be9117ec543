package io.lanewise.tokenizer;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.SentencePieceFile.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * SentencePiece's own Unigram tokenizer, equal to its C++ library in every tie: scores are added as
 * floats, and user-defined pieces win over anything else.
 */
final class SentencePiece {
  static final char SPACE_MARK = '\u2581';

  private static final float UNKNOWN_PENALTY = 10;
  private static final int UNREACHED = -1;

  private final SentencePieceFile file;
  private final Charsmap charsmap;
  private final String[] pieces;
  private final Kind[] kinds;
  private final CharTrie trie;
  private final CharTrie userDefined;
  private final float[] scores;
  private final float unknownScore;
  private final int unknown;

  /**
   * @param where the file's name, for error messages
   */
  SentencePiece(SentencePieceFile file, String where) {
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
    float most = -Float.MAX_VALUE;
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
          most = Math.max(most, piece.score());
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
    // A user-defined piece gets a bonus by its UTF-8 length, so that it is always taken.
    for (int id = 0; id < size; id++) {
      if (kinds[id] == Kind.USER_DEFINED) {
        scores[id] = (float) (pieces[id].getBytes(StandardCharsets.UTF_8).length * most - 0.1);
      }
    }
    unknownScore = least - UNKNOWN_PENALTY;
    trie = CharTrie.of(matchable, ids);
    userDefined = CharTrie.of(verbatim, ids);
  }

  /** The pieces by id. */
  String[] pieces() {
    return pieces;
  }

  List<SentencePieceFile.Piece> vocabulary() {
    return file.pieces();
  }

  Kind kind(int id) {
    return kinds[id];
  }

  int unknown() {
    return unknown;
  }

  /** The id of a piece's text as {@code PieceToId} gives it: the unknown id if there is none. */
  int id(char[] chars, int from, int to) {
    int id = trie.get(chars, from, to);
    return id == CharTrie.NONE ? unknown : id;
  }

  /**
   * Normalizes a text as the model wants it: character map, spaces trimmed, collapsed and marked.
   *
   * @return where the source is used up: the start of what was cut off at its end
   */
  int normalize(AlignedText source, AlignedText target) {
    boolean trim = file.removeExtraWhitespaces();
    int at = 0;
    var prefix = new Prefix();
    if (trim) {
      while (at < source.length) {
        prefix.read(source, at);
        if (!prefix.isSpace()) {
          break;
        }
        at += prefix.units;
      }
    }
    if (at == source.length) {
      return at;
    }
    char space = file.escapeWhitespaces() ? SPACE_MARK : ' ';
    if (file.addDummyPrefix() && !file.whitespaceAsSuffix()) {
      target.append(space, source.starts[at], source.ends[at]);
    }
    boolean afterSpace = trim;
    while (at < source.length) {
      prefix.read(source, at);
      int start = source.starts[at];
      int end = source.ends[at + prefix.units - 1];
      int count = prefix.count();
      int i = 0;
      while (afterSpace && i < count && prefix.get(i) == ' ') {
        i++;
      }
      for (; i < count; i++) {
        int c = prefix.get(i);
        target.appendCodePoint(c == ' ' ? space : c, start, end);
        afterSpace = c == ' ';
      }
      at += prefix.units;
      if (!trim) {
        afterSpace = false;
      }
    }
    int used = source.length;
    if (trim) {
      while (target.length > 0 && target.chars[target.length - 1] == space) {
        target.length--;
      }
    }
    if (file.addDummyPrefix() && file.whitespaceAsSuffix()) {
      target.append(space, source.starts[used - 1], source.ends[used - 1]);
    }
    return used;
  }

  /** The next stretch of a text that is normalized as one. */
  private final class Prefix {
    private int units;
    private int[] form;
    private AlignedText source;
    private int at;

    void read(AlignedText text, int from) {
      source = text;
      at = from;
      form = null;
      int verbatim = longestUserDefined(text, from);
      if (verbatim > 0) {
        units = verbatim;
        return;
      }
      var match = charsmap.longest(text.chars, from, text.length);
      if (match == null) {
        units = Character.charCount(text.codePointAt(from));
      } else {
        units = match.units();
        form = match.form();
      }
    }

    boolean isSpace() {
      return count() == 1 && get(0) == ' ';
    }

    /** How many items {@link #get} has: code points of a form, units of verbatim text. */
    int count() {
      return form == null ? units : form.length;
    }

    int get(int i) {
      return form == null ? source.chars[at + i] : form[i];
    }
  }

  private int longestUserDefined(AlignedText text, int from) {
    int state = CharTrie.ROOT;
    int longest = 0;
    for (int i = from; i < text.length; i++) {
      state = userDefined.step(state, text.chars[i]);
      if (state == CharTrie.DEAD) {
        break;
      }
      if (userDefined.value(state) != CharTrie.NONE) {
        longest = i + 1 - from;
      }
    }
    return longest;
  }

  /** What the pieces found are told to. */
  interface Listener {
    /** A piece [from, to) of the normalized text. */
    void piece(int id, int from, int to);
  }

  /** Cuts a normalized text into its most probable pieces; unknowns side by side become one. */
  void segment(AlignedText text, Listener listener) {
    int length = text.length;
    if (length == 0) {
      return;
    }
    var best = new float[length + 1];
    var start = new int[length + 1];
    var id = new int[length + 1];
    Arrays.fill(start, UNREACHED);
    search(text.chars, length, best, start, id);
    var cuts = new int[length + 1];
    int count = 0;
    for (int end = length; end > 0; end = start[end]) {
      cuts[count++] = end;
    }
    int from = 0;
    for (int i = count - 1; i >= 0; i--) {
      int to = cuts[i];
      int piece = id[to];
      if (piece == unknown) {
        while (i > 0 && id[cuts[i - 1]] == unknown) {
          i--;
          to = cuts[i];
        }
      }
      listener.piece(piece, from, to);
      from = to;
    }
  }

  private void search(char[] chars, int length, float[] best, int[] start, int[] id) {
    for (int at = 0; at < length; ) {
      float here = best[at];
      int first = Character.charCount(Character.codePointAt(chars, at, length));
      boolean single = false;
      int state = CharTrie.ROOT;
      for (int end = at; end < length; ) {
        state = trie.step(state, chars[end]);
        if (state == CharTrie.DEAD) {
          break;
        }
        end++;
        int piece = trie.value(state);
        if (piece != CharTrie.NONE) {
          float score = here + scores[piece];
          if (start[end] == UNREACHED || score > best[end]) {
            best[end] = score;
            start[end] = at;
            id[end] = piece;
          }
          single |= end - at == first;
        }
      }
      if (!single) {
        int end = at + first;
        float score = here + unknownScore;
        if (start[end] == UNREACHED || score > best[end]) {
          best[end] = score;
          start[end] = at;
          id[end] = unknown;
        }
      }
      at += first;
    }
  }
}
