package io.lanewise.tokenizer.sentencepiece;

import io.lanewise.CheckpointException;
import io.lanewise.TokenizerException;
import io.lanewise.file.WholeFile;
import io.lanewise.tokenizer.TokenizerOptions.Sampling;
import io.lanewise.tokenizer.normalize.AlignedText;
import io.lanewise.tokenizer.pipeline.Input;
import io.lanewise.tokenizer.subword.ByteFallback;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * SentencePiece's own Unigram tokenizer, equal to its C++ library: what ALBERT's slow tokenizer
 * asks after its own clean-up. Immutable and safe for any number of threads.
 *
 * <p>Lone surrogates count as U+FFFD.
 */
public final class SentencePiece {
  public static final char SPACE_MARK = '\u2581';

  private static final long LARGEST = 256L << 20;
  private static final String UNKNOWN_SURFACE = " \u2047 ";

  private final SentencePieceModel model;
  private final SentencePieceNormalizer normalizer;
  private final SentencePieceSearch search;

  public SentencePiece(SentencePieceFile file, String where) {
    this.model = new SentencePieceModel(file, where);
    this.normalizer = new SentencePieceNormalizer(model);
    this.search = new SentencePieceSearch(model);
  }

  /**
   * From a model file, such as {@code spiece.model}.
   *
   * @throws TokenizerException if it cannot be read, breaks the format or holds no Unigram model
   */
  public static SentencePiece load(Path file) {
    return new SentencePiece(read(file), file.getFileName().toString());
  }

  public static SentencePieceFile read(Path file) {
    try {
      byte[] bytes = WholeFile.read(file, LARGEST, "a vocabulary");
      return SentencePieceFile.parse(bytes, file.getFileName().toString());
    } catch (CheckpointException e) {
      throw new TokenizerException(e.getMessage(), e);
    }
  }

  /**
   * A piece found in a text.
   *
   * @param id its id
   * @param text its normalized text, with U+2581 for spaces
   * @param start where it begins in the given text, in UTF-16 units
   * @param end where it ends, exclusive
   */
  public record Piece(int id, String text, int start, int end) {}

  /**
   * A way to cut a text.
   *
   * @param pieces the pieces; unknown ones side by side are one
   * @param score the sum of their log probabilities
   */
  public record Segmentation(List<Piece> pieces, float score) {
    public Segmentation {
      pieces = List.copyOf(pieces);
    }
  }

  /** The text as the model sees it, spaces marked by U+2581. */
  public String normalize(String text) {
    return normal(text).text().toString();
  }

  /** The most probable segmentation; empty for a text of spaces only. */
  public List<Piece> encode(String text) {
    var normal = normal(text);
    var pieces = new ArrayList<Piece>();
    search.segment(normal.text(), into(pieces, normal));
    return pieces;
  }

  /**
   * The most probable segmentations, the best first; an empty one for a text of spaces only.
   *
   * @param count how many at most, from 1 to 512
   * @throws IllegalArgumentException if the count is out of range
   */
  public List<Segmentation> nBest(String text, int count) {
    var normal = normal(text);
    if (normal.text().length == 0) {
      return List.of(new Segmentation(List.of(), 0));
    }
    return lattice(normal.text()).best(count).stream()
        .map(path -> new Segmentation(pieces(path, normal), path.score()))
        .toList();
  }

  /** A segmentation drawn at random; the same for the same text and seed. */
  public List<Piece> sample(String text, Sampling sampling) {
    var normal = normal(text);
    var pieces = new ArrayList<Piece>();
    if (normal.text().length > 0) {
      lattice(normal.text())
          .draw(sampling, new SplittableRandom(sampling.seed()))
          .tell(model.unknown, into(pieces, normal));
    }
    return pieces;
  }

  /**
   * The entropy, in nats, of the segmentations of a text, where one of score s is drawn with a
   * probability proportional to exp(alpha · s).
   */
  public double entropy(String text, double alpha) {
    var normal = normal(text).text();
    return normal.length == 0 ? 0 : lattice(normal).entropy(alpha);
  }

  /** The text of pieces, " ⁇ " where one is unknown. */
  public String decode(Collection<Integer> ids) {
    var pieces = new ArrayList<String>();
    for (int id : ids) {
      if (id < 0 || id >= model.pieces.length) {
        throw new TokenizerException(
            "the id " + id + " is not in the vocabulary of " + model.pieces.length + " pieces");
      }
      switch (model.kinds[id]) {
        case CONTROL -> {}
        case UNKNOWN -> pieces.add(UNKNOWN_SURFACE);
        default -> pieces.add(model.pieces[id]);
      }
    }
    return join(
        model.file.byteFallback() ? new ByteFallback().apply(pieces) : pieces,
        model.file.addDummyPrefix(),
        model.file.removeExtraWhitespaces());
  }

  /** SentencePiece's own decoding: marks are spaces, those at the start vanish. */
  static String join(List<String> pieces) {
    return join(pieces, true, true);
  }

  /**
   * Of the marks at the start none vanishes if encoding put none there; one if it put one before
   * the text's own spaces; all if it collapses spaces.
   */
  private static String join(List<String> pieces, boolean prefixed, boolean collapsed) {
    var text = new StringBuilder();
    boolean vanishing = prefixed || collapsed;
    for (String piece : pieces) {
      vanishing &= text.isEmpty();
      int from = vanishing && !piece.isEmpty() && piece.charAt(0) == SPACE_MARK ? 1 : 0;
      text.append(piece.substring(from).replace(SPACE_MARK, ' '));
      vanishing &= collapsed || from == 0;
    }
    return text.toString();
  }

  /**
   * The text of pieces and special tokens: pieces between special tokens are decoded each run for
   * itself, with a space before a special token that follows one.
   */
  public String join(List<String> tokens, Set<String> special) {
    var text = new StringBuilder();
    var run = new ArrayList<String>();
    boolean afterSpecial = false;
    var whole = model.file.byteFallback() ? new ByteFallback().apply(tokens) : tokens;
    for (String token : whole) {
      if (special.contains(token)) {
        if (!afterSpecial) {
          text.append(' ');
        }
        text.append(join(run)).append(token);
        run.clear();
        afterSpecial = true;
      } else {
        run.add(token.equals(model.pieces[model.unknown]) ? UNKNOWN_SURFACE : token);
        afterSpecial = false;
      }
    }
    return text.append(join(run)).toString().strip();
  }

  /** The same pieces, and no space put before a text. */
  public SentencePiece withoutDummyPrefix() {
    return new SentencePiece(model.file.withoutDummyPrefix(), "the SentencePiece model");
  }

  /** A normalized text, and how much of the source it used up. */
  private record Normal(AlignedText text, int used) {
    Piece piece(int id, int from, int to) {
      return new Piece(
          id,
          text.substring(from, to),
          text.starts[from],
          to < text.length ? text.starts[to] : used);
    }
  }

  private Normal normal(String text) {
    char[] chars = Input.wellFormed(text);
    var source = new AlignedText(chars.length);
    source.appendOriginal(chars, 0, chars.length);
    var target = new AlignedText(chars.length + 16);
    int used = normalizer.normalize(source, target);
    return new Normal(target, used);
  }

  private List<Piece> pieces(SegmentLattice.Path path, Normal normal) {
    var pieces = new ArrayList<Piece>();
    path.tell(model.unknown, into(pieces, normal));
    return pieces;
  }

  /**
   * Collects pieces. Where the model has pieces for single bytes, they stand for the characters of
   * an unknown one; the last byte of a character has its place, the others are empty before it.
   */
  private SentencePieceSearch.Listener into(List<Piece> pieces, Normal normal) {
    return (id, from, to) -> {
      if (id != model.unknown || !model.file.byteFallback()) {
        pieces.add(normal.piece(id, from, to));
        return;
      }
      for (int at = from; at < to; ) {
        int next = at + Character.charCount(Character.codePointAt(normal.text().chars, at, to));
        var bytes = normal.text().substring(at, next).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
          int of = model.bytePieces[bytes[i] & 0xFF];
          var place = normal.piece(of, at, i < bytes.length - 1 ? at : next);
          pieces.add(new Piece(of, model.pieces[of], place.start(), place.end()));
        }
        at = next;
      }
    };
  }

  private SegmentLattice lattice(AlignedText text) {
    return new SegmentLattice(model, text.chars, text.length);
  }

  public int normalize(AlignedText source, AlignedText target) {
    return normalizer.normalize(source, target);
  }

  /** Cuts a normalized text into its most probable pieces; unknowns side by side become one. */
  public void segment(AlignedText text, SentencePieceSearch.Listener listener) {
    search.segment(text, withBytes(text, listener));
  }

  /** Where the model has pieces for single bytes, they stand for unknown characters. */
  private SentencePieceSearch.Listener withBytes(
      AlignedText text, SentencePieceSearch.Listener listener) {
    if (!model.file.byteFallback()) {
      return listener;
    }
    return (id, from, to) -> {
      if (id != model.unknown) {
        listener.piece(id, from, to);
        return;
      }
      for (byte b : text.substring(from, to).getBytes(StandardCharsets.UTF_8)) {
        listener.piece(model.bytePieces[b & 0xFF], from, to);
      }
    };
  }

  /** Cuts a normalized text at random. */
  public void sample(
      AlignedText text,
      Sampling sampling,
      SplittableRandom random,
      SentencePieceSearch.Listener listener) {
    if (text.length > 0) {
      lattice(text).draw(sampling, random).tell(model.unknown, withBytes(text, listener));
    }
  }

  /** The pieces by id. */
  public String[] pieces() {
    return model.pieces;
  }

  /** Whether the mark of a space never stands behind another character of a piece. */
  public boolean marksBeginWords() {
    return model.file.escapeWhitespaces()
        && !model.file.whitespaceAsSuffix()
        && Arrays.stream(model.pieces).noneMatch(SentencePiece::hasMarkInside);
  }

  private static boolean hasMarkInside(String piece) {
    for (int i = 1; i < piece.length(); i++) {
      if ((piece.charAt(i) == SPACE_MARK || piece.charAt(i) == ' ')
          && piece.charAt(i - 1) != SPACE_MARK) {
        return true;
      }
    }
    return false;
  }

  public int unknown() {
    return model.unknown;
  }

  /** The id of a piece's text, the unknown id if there is none. */
  public int id(char[] chars, int from, int to) {
    return model.id(chars, from, to);
  }
}
