package io.lanewise.tokenizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.TokenizerException;
import io.lanewise.file.HeapRoom;
import io.lanewise.file.WholeFile;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.subword.Merges;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code vocab.txt}, {@code vocab.json} and {@code merges.txt}. */
final class VocabularyFiles {
  private static final long LARGEST = 256L << 20;
  private static final int MOST_PIECES = 1 << 24;
  private static final int LONGEST_LINE = 1 << 16;

  private VocabularyFiles() {}

  /**
   * Reads one piece per line; its id is the number of the line.
   *
   * @throws TokenizerException if the file is not text, or empty
   */
  static String[] vocabTxt(Path file) {
    var lines = lines(file);
    if (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    if (lines.isEmpty()) {
      throw new TokenizerException(file + " is empty: a piece on each line was expected");
    }
    if (lines.size() > MOST_PIECES) {
      throw new TokenizerException(
          file + " has " + lines.size() + " lines; at most " + MOST_PIECES + " are possible");
    }
    // Of equal pieces the last one has the id (load_vocab in tokenization_bert.py); the other ids
    // keep the piece.
    return lines.toArray(String[]::new);
  }

  /**
   * Reads an object of pieces and ids.
   *
   * @throws TokenizerException if it is none
   */
  static String[] vocabJson(Path file) {
    return ModelJson.vocabulary(new JsonPart(Json.read(file), file.getFileName().toString()));
  }

  /**
   * Reads a heading, then one merge per line, by rank.
   *
   * @throws TokenizerException if a line is not two pieces
   */
  static List<Merges.Pair> mergesTxt(Path file) {
    var lines = lines(file);
    var pairs = new ArrayList<Merges.Pair>(lines.size());
    // The first line is the heading, and the rest after the last line end is no merge
    // (GPT2Tokenizer.__init__ in tokenization_gpt2.py).
    for (int i = 1; i < lines.size() - 1; i++) {
      String line = lines.get(i);
      int space = line.indexOf(' ');
      if (space <= 0 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
        throw new TokenizerException(
            file
                + ", line "
                + (i + 1)
                + ": two pieces with a space between were expected, not \""
                + line.substring(0, Math.min(line.length(), 60))
                + "\"");
      }
      pairs.add(new Merges.Pair(line.substring(0, space), line.substring(space + 1)));
    }
    return pairs;
  }

  /**
   * The lines, separated by line ends of any kind; the last one is the rest after the last line
   * end.
   */
  private static List<String> lines(Path file) {
    byte[] bytes = WholeFile.read(file, LARGEST, "a vocabulary");
    try {
      var lines = split(bytes, file);
      if (lines.getFirst().startsWith("version https://git-lfs")) {
        throw new TokenizerException(
            file + " is a Git LFS pointer, not the file itself: run \"git lfs pull\"");
      }
      return lines;
    } catch (CharacterCodingException e) {
      throw new TokenizerException(
          file + " is not UTF-8 text: not a vocabulary, fetch the file again", e);
    }
  }

  /** In UTF-8, bytes of line ends never occur inside other characters. */
  private static List<String> split(byte[] bytes, Path file) throws CharacterCodingException {
    var room = HeapRoom.of(file.toString());
    var decoder = UTF_8.newDecoder();
    var lines = new ArrayList<String>();
    int from = 0;
    for (int i = 0; i <= bytes.length; i++) {
      if (i == bytes.length || bytes[i] == '\n' || bytes[i] == '\r') {
        if (i - from > LONGEST_LINE) {
          throw new TokenizerException(
              "%s: line %d has %d bytes, no piece is so long: not a vocabulary, fetch the file again"
                  .formatted(file, lines.size() + 1, i - from));
        }
        var line = decoder.decode(ByteBuffer.wrap(bytes, from, i - from)).toString();
        room.take(Integer.BYTES);
        room.takeText(line);
        lines.add(line);
        if (i + 1 < bytes.length && bytes[i] == '\r' && bytes[i + 1] == '\n') {
          i++;
        }
        from = i + 1;
      }
    }
    return lines;
  }
}
