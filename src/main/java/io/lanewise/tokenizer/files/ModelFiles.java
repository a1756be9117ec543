package io.lanewise.tokenizer.files;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.tokenizer.subword.Bpe;
import io.lanewise.tokenizer.subword.Merges;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Writes vocabulary files in the format of Hugging Face's slow and fast tokenizers ({@code
 * save_vocabulary} in tokenization_bert.py and tokenization_roberta.py; {@code save} in
 * models/wordpiece/mod.rs and models/bpe/model.rs of the tokenizers library).
 */
final class ModelFiles {
  private ModelFiles() {}

  /** {@code vocab.txt}. */
  static VocabularyWriter wordPiece(String[] pieces) {
    return new VocabularyWriter.Generated(Map.of("vocab.txt", () -> vocabTxt(pieces)));
  }

  /**
   * {@code vocab.json} and {@code merges.txt}.
   *
   * @param slow true: indented, pieces sorted by text; false: on one line, sorted by id
   */
  static VocabularyWriter bpe(Bpe model, boolean slow) {
    var files = new LinkedHashMap<String, Supplier<byte[]>>();
    files.put("vocab.json", () -> vocabJson(model.pieces(), slow));
    files.put("merges.txt", () -> mergesTxt(model.pairs()));
    return new VocabularyWriter.Generated(files);
  }

  private static byte[] vocabTxt(String[] pieces) {
    var text = new StringBuilder();
    for (String piece : pieces) {
      if (piece != null) {
        text.append(piece).append('\n');
      }
    }
    return text.toString().getBytes(UTF_8);
  }

  private static byte[] mergesTxt(List<Merges.Pair> pairs) {
    var text = new StringBuilder("#version: 0.2\n");
    for (var pair : pairs) {
      text.append(pair.left()).append(' ').append(pair.right()).append('\n');
    }
    return text.toString().getBytes(UTF_8);
  }

  private static byte[] vocabJson(String[] pieces, boolean slow) {
    var ids = new ArrayList<Integer>();
    for (int id = 0; id < pieces.length; id++) {
      if (pieces[id] != null) {
        ids.add(id);
      }
    }
    if (slow) {
      ids.sort((a, b) -> BY_CODE_POINTS.compare(pieces[a], pieces[b]));
    }
    var text = new StringBuilder("{");
    String separator = slow ? "\n  " : "";
    for (int id : ids) {
      text.append(separator);
      quote(pieces[id], text);
      text.append(slow ? ": " : ":").append(id);
      separator = slow ? ",\n  " : ",";
    }
    return text.append(slow ? "\n}\n" : "}").toString().getBytes(UTF_8);
  }

  /** Python's order of strings, by code points and not by UTF-16 units. */
  private static final Comparator<String> BY_CODE_POINTS =
      (a, b) -> {
        int at = 0;
        while (at < a.length() && at < b.length() && a.charAt(at) == b.charAt(at)) {
          at++;
        }
        if (at == a.length() || at == b.length()) {
          return Integer.compare(a.length(), b.length());
        }
        char one = a.charAt(at);
        char other = b.charAt(at);
        if (Character.isSurrogate(one) != Character.isSurrogate(other)) {
          return Character.isSurrogate(one) ? 1 : -1;
        }
        return Character.compare(one, other);
      };

  private static void quote(String piece, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '\b' -> text.append("\\b");
        case '\f' -> text.append("\\f");
        default -> {
          if (c < 0x20) {
            text.append("\\u00").append(Character.forDigit(c >> 4, 16));
            text.append(Character.forDigit(c & 15, 16));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
