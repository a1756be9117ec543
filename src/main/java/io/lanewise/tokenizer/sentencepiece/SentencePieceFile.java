package io.lanewise.tokenizer.sentencepiece;

import io.lanewise.TokenizerException;
import io.lanewise.file.HeapRoom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The content of a SentencePiece model file ({@code spiece.model}; sentencepiece_model.proto).
 *
 * @param pieces the pieces by id
 * @param charsmap the precompiled character map, may be empty
 * @param addDummyPrefix put a space before the text
 * @param removeExtraWhitespaces trim and collapse spaces
 * @param escapeWhitespaces turn spaces into U+2581
 * @param whitespaceAsSuffix words end with the space instead of beginning with it
 * @param unknownId the id of the unknown piece, from the trainer's settings
 * @param byteFallback unknown characters become byte pieces
 */
public record SentencePieceFile(
    List<Piece> pieces,
    byte[] charsmap,
    boolean addDummyPrefix,
    boolean removeExtraWhitespaces,
    boolean escapeWhitespaces,
    boolean whitespaceAsSuffix,
    int unknownId,
    boolean byteFallback) {

  /** The type of a piece. */
  public enum Kind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /** A piece of the vocabulary and its log probability. */
  public record Piece(String text, float score, Kind kind) {}

  private static final int UNIGRAM = 1;

  /** The same model without the space before a text. */
  SentencePieceFile withoutDummyPrefix() {
    return new SentencePieceFile(
        pieces,
        charsmap,
        false,
        removeExtraWhitespaces,
        escapeWhitespaces,
        whitespaceAsSuffix,
        unknownId,
        byteFallback);
  }

  /**
   * @param bytes the file
   * @param where its name, for error messages
   * @throws TokenizerException if the file is malformed or its model is not a Unigram model
   */
  static SentencePieceFile parse(byte[] bytes, String where) {
    var reader = new ProtoReader(bytes, where);
    var room = HeapRoom.of(where);
    var pieces = new ArrayList<Piece>();
    var normalizer = new NormalizerSpec();
    long type = UNIGRAM;
    boolean suffix = false;
    long unknown = 0;
    boolean fallback = false;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> {
          var piece = piece(reader.message(), where);
          room.take(HeapRoom.CONTAINER);
          room.takeText(piece.text);
          pieces.add(piece);
        }
        case 2 -> {
          var trainer = reader.message();
          while (trainer.next()) {
            switch (trainer.field()) {
              case 3 -> type = trainer.integer();
              case 24 -> suffix = trainer.bool();
              case 35 -> fallback = trainer.bool();
              case 40 -> unknown = trainer.integer();
              default -> trainer.skip();
            }
          }
        }
        case 3 -> normalizer.read(reader.message());
        default -> reader.skip();
      }
    }
    if (type != UNIGRAM) {
      throw new TokenizerException(
          where + " holds a SentencePiece model of type " + type + "; only Unigram (1) is read");
    }
    if (pieces.isEmpty()) {
      throw new TokenizerException(where + " holds no pieces: not a SentencePiece model");
    }
    return new SentencePieceFile(
        List.copyOf(pieces),
        normalizer.charsmap,
        normalizer.addDummyPrefix,
        normalizer.removeExtraWhitespaces,
        normalizer.escapeWhitespaces,
        suffix,
        Math.clamp(unknown, -1, Integer.MAX_VALUE),
        fallback);
  }

  private static Piece piece(ProtoReader reader, String where) {
    String text = "";
    float score = 0;
    long kind = 1;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> text = reader.string();
        case 2 -> score = reader.real();
        case 3 -> kind = reader.integer();
        default -> reader.skip();
      }
    }
    if (text.isEmpty()) {
      throw new TokenizerException(where + " holds an empty piece");
    }
    if (!Float.isFinite(score)) {
      throw new TokenizerException(where + ": the piece " + text + " has the score " + score);
    }
    if (kind < 1 || kind > Kind.values().length) {
      throw new TokenizerException(where + ": the piece " + text + " is of unknown kind " + kind);
    }
    return new Piece(text, score, Kind.values()[(int) kind - 1]);
  }

  private static final class NormalizerSpec {
    private byte[] charsmap = {};
    private boolean addDummyPrefix = true;
    private boolean removeExtraWhitespaces = true;
    private boolean escapeWhitespaces = true;

    void read(ProtoReader reader) {
      while (reader.next()) {
        switch (reader.field()) {
          case 2 -> charsmap = reader.blob();
          case 3 -> addDummyPrefix = reader.bool();
          case 4 -> removeExtraWhitespaces = reader.bool();
          case 5 -> escapeWhitespaces = reader.bool();
          default -> reader.skip();
        }
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SentencePieceFile that
        && pieces.equals(that.pieces)
        && Arrays.equals(charsmap, that.charsmap)
        && addDummyPrefix == that.addDummyPrefix
        && removeExtraWhitespaces == that.removeExtraWhitespaces
        && escapeWhitespaces == that.escapeWhitespaces
        && whitespaceAsSuffix == that.whitespaceAsSuffix
        && unknownId == that.unknownId
        && byteFallback == that.byteFallback;
  }

  @Override
  public int hashCode() {
    return pieces.hashCode();
  }
}
