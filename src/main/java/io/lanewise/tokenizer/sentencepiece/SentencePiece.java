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
 * SentencePiece's Unigram tokenizer, with the same results as its C++ library. The slow tokenizers
 * of ALBERT and others use it. Immutable and safe for any number of threads.
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
   * Loads a model file, such as {@code spiece.model}.
   *
   * @throws TokenizerException if it cannot be read, is malformed, or is no Unigram model
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
   * @param start its start in the given text, in UTF-16 units
   * @param end its end, exclusive
   */
  public record Piece(int id, String text, int start, int end) {}

  /**
   * A segmentation of a text.
   *
   * @param pieces the pieces; consecutive unknown ones are one piece
   * @param score the sum of their log probabilities
   */
  public record Segmentation(List<Piece> pieces, float score) {
    public Segmentation {
      pieces = List.copyOf(pieces);
    }
  }

  /** The normalized text, with U+2581 for spaces. */
  public String normalize(String text) {
    return normal(text).text().toString();
  }

  /** The most probable segmentation; empty for a text with only spaces. */
  public List<Piece> encode(String text) {
    var normal = normal(text);
    var pieces = new ArrayList<Piece>();
    search.segment(normal.text(), into(pieces, normal));
    return pieces;
  }

  /**
   * The most probable segmentations, the best first; an empty one for a text with only spaces.
   *
   * @param count the largest number, from 1 to 512
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
          .report(model.unknown, into(pieces, normal));
    }
    return pieces;
  }

  /**
   * The entropy, in nats, of the segmentations of a text, each with a probability proportional to
   * exp(alpha · score).
   */
  public double entropy(String text, double alpha) {
    var normal = normal(text).text();
    return normal.length == 0 ? 0 : lattice(normal).entropy(alpha);
  }

  /** The text of pieces; " ⁇ " for an unknown one. */
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

  /**
   * SentencePiece's own decoding: marks become spaces, those at the start are removed
   * (SentencePieceProcessor::Decode in sentencepiece_processor.cc).
   */
  static String join(List<String> pieces) {
    return join(pieces, true, true);
  }

  /**
   * The number of removed marks at the start is 0 if encoding adds none, 1 if it adds one before
   * the text's own spaces, and all if it collapses spaces.
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
   * The text of pieces and special tokens: each run of pieces between special tokens is decoded
   * separately, with a space before a special token that follows one.
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

  /** The same model without the space before a text. */
  public SentencePiece withoutDummyPrefix() {
    return new SentencePiece(model.file.withoutDummyPrefix(), "the SentencePiece model");
  }

  /** A normalized text, and the length of the source that it covers. */
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
    path.report(model.unknown, into(pieces, normal));
    return pieces;
  }

  /**
   * Collects pieces. If the model has byte pieces, they replace the characters of an unknown piece;
   * the last byte of a character has the character's range, the other bytes have an empty range
   * before it.
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

  /**
   * Splits a normalized text into its most probable pieces; consecutive unknown pieces become one.
   */
  public void segment(AlignedText text, SentencePieceSearch.Listener listener) {
    search.segment(text, withBytes(text, listener));
  }

  /** If the model has byte pieces, they replace unknown characters. */
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

  /** Splits a normalized text at random. */
  public void sample(
      AlignedText text,
      Sampling sampling,
      SplittableRandom random,
      SentencePieceSearch.Listener listener) {
    if (text.length > 0) {
      lattice(text).draw(sampling, random).report(model.unknown, withBytes(text, listener));
    }
  }

  /** The pieces by id. */
  public String[] pieces() {
    return model.pieces;
  }

  /** Whether the mark of a space is always the first character of a piece. */
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

  /** The id of a piece with this text; the unknown id if there is none. */
  public int id(char[] chars, int from, int to) {
    return model.id(chars, from, to);
  }
}
