package io.lanewise.tokenizer.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.subword.Bpe;
import io.lanewise.tokenizer.subword.Merges;
import io.lanewise.tokenizer.subword.SubwordModel;
import io.lanewise.tokenizer.subword.Unigram;
import io.lanewise.tokenizer.subword.Vocabulary;
import io.lanewise.tokenizer.subword.WordLevel;
import io.lanewise.tokenizer.subword.WordPiece;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the {@code model} of a tokenizer.json (models/mod.rs in Hugging Face's tokenizers library).
 */
final class ModelJson {
  private static final int LONGEST_WORD = 100;

  private ModelJson() {}

  static SubwordModel read(JsonPart part) {
    return switch (type(part)) {
      case "BPE" -> bpe(part);
      case "Unigram" -> unigram(part);
      case "WordLevel" -> new WordLevel(vocabulary(part.get("vocab")), unknown(part));
      case "WordPiece" -> wordPiece(part);
      default -> throw part.unknown("model");
    };
  }

  /** Old files have no type; the members define it then. */
  private static String type(JsonPart part) {
    if (!part.find("type").isNull()) {
      return part.type();
    }
    if (!part.find("merges").isNull()) {
      return "BPE";
    }
    if (part.find("vocab").node().isArray()) {
      return "Unigram";
    }
    return part.find("continuing_subword_prefix").isNull() ? "WordLevel" : "WordPiece";
  }

  private static String unknown(JsonPart part) {
    return part.get("unk_token").text();
  }

  private static WordPiece wordPiece(JsonPart part) {
    int longest = part.integer("max_input_chars_per_word", LONGEST_WORD);
    if (longest < 0) {
      throw part.find("max_input_chars_per_word").wrong("a number of 0 or more");
    }
    return new WordPiece(
        vocabulary(part.get("vocab")),
        unknown(part),
        part.text("continuing_subword_prefix", "##"),
        longest);
  }

  /**
   * Reads an object of pieces and ids to a list by id.
   *
   * @throws TokenizerException if an id is out of range or given twice
   */
  static String[] vocabulary(JsonPart part) {
    var node = part.node();
    if (!node.isObject()) {
      throw part.wrong("an object of pieces and their ids");
    }
    int size = 0;
    int largest = Vocabulary.largest(node.size());
    for (var entry : node.properties()) {
      int id = id(part, entry.getKey(), entry.getValue(), largest);
      size = Math.max(size, id + 1);
    }
    var pieces = new String[size];
    for (var entry : node.properties()) {
      int id = entry.getValue().intValue();
      if (pieces[id] != null) {
        throw new TokenizerException(
            part.where()
                + " gives the id "
                + id
                + " twice, to \""
                + pieces[id]
                + "\" and \""
                + entry.getKey()
                + "\"");
      }
      pieces[id] = entry.getKey();
    }
    return pieces;
  }

  private static int id(JsonPart part, String piece, JsonNode node, int largest) {
    boolean whole = node.isIntegralNumber() && node.canConvertToInt();
    if (!whole || node.intValue() < 0 || node.intValue() > largest) {
      throw new TokenizerException(
          part.where()
              + ": the piece \""
              + piece
              + "\" has "
              + JsonPart.shortened(node)
              + " for an id, where a whole number from 0 to "
              + largest
              + " is expected in a vocabulary of "
              + part.node().size()
              + " pieces");
    }
    return node.intValue();
  }

  private static Bpe bpe(JsonPart part) {
    var dropout = part.find("dropout");
    if (!dropout.isNull() && dropout.real() != 0) {
      throw new TokenizerException(
          dropout.where()
              + " is "
              + dropout.real()
              + ": merges that are dropped at random are for training; set it to null");
    }
    var unknown = part.find("unk_token");
    var options =
        new Bpe.Options(
            unknown.isNull() ? null : unknown.text(),
            part.text("continuing_subword_prefix", ""),
            part.text("end_of_word_suffix", ""),
            part.bool("fuse_unk", false),
            part.bool("byte_fallback", false),
            part.bool("ignore_merges", false));
    return new Bpe(
        vocabulary(part.get("vocab")), merges(part.get("merges")), options, part.where());
  }

  /** Each is {@code "left right"} in older files and {@code ["left", "right"]} in newer ones. */
  private static List<Merges.Pair> merges(JsonPart part) {
    if (!part.node().isArray()) {
      throw part.wrong("a list of merges");
    }
    var pairs = new ArrayList<Merges.Pair>(part.node().size());
    for (var node : part.node()) {
      if (node.isTextual()) {
        if (!node.textValue().startsWith("#version")) {
          pairs.add(merge(node.textValue(), part.where() + "[" + pairs.size() + "]"));
        }
      } else if (node.size() == 2 && node.path(0).isTextual() && node.path(1).isTextual()) {
        pairs.add(new Merges.Pair(node.get(0).textValue(), node.get(1).textValue()));
      } else {
        throw new JsonPart(node, part.where() + "[" + pairs.size() + "]").wrong("two pieces");
      }
    }
    return pairs;
  }

  private static Merges.Pair merge(String text, String where) {
    int space = text.indexOf(' ');
    if (space <= 0 || space == text.length() - 1 || text.indexOf(' ', space + 1) >= 0) {
      throw new TokenizerException(
          where + " is \"" + text + "\", where two pieces with a space between are expected");
    }
    return new Merges.Pair(text.substring(0, space), text.substring(space + 1));
  }

  private static Unigram unigram(JsonPart part) {
    var entries = part.get("vocab").items();
    var pieces = new String[entries.size()];
    var scores = new double[entries.size()];
    for (int id = 0; id < pieces.length; id++) {
      var entry = entries.get(id).items();
      if (entry.size() != 2) {
        throw entries.get(id).wrong("a piece and its score");
      }
      pieces[id] = entry.get(0).text();
      scores[id] = entry.get(1).real();
    }
    int unknown = part.integer("unk_id", -1);
    if (pieces.length == 0 || unknown < -1 || unknown >= pieces.length) {
      throw new TokenizerException(
          part.where() + ": unk_id " + unknown + " of " + pieces.length + " pieces");
    }
    if (part.bool("byte_fallback", false)) {
      throw new TokenizerException(
          part.where() + ": byte_fallback of a Unigram model is not known to this version");
    }
    return new Unigram(pieces, scores, unknown);
  }
}
