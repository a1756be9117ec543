package io.lanewise.tokenizer.files;

import io.lanewise.tokenizer.decode.Decoder;
import io.lanewise.tokenizer.normalize.Literal;
import io.lanewise.tokenizer.split.RegexPattern;
import io.lanewise.tokenizer.subword.ByteFallback;

/**
 * Reads the {@code decoder} of a tokenizer.json (decoders/mod.rs in Hugging Face's tokenizers
 * library).
 */
public final class DecoderJson {
  private DecoderJson() {}

  /** The decoder, or null if there is none. */
  public static Decoder read(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return switch (part.type()) {
      case "Sequence" ->
          new Decoder.Sequence(
              part.get("decoders").steps().stream().map(DecoderJson::read).toList());
      case "BPEDecoder" -> new Decoder.BpeSuffix(part.text("suffix", "</w>"));
      case "ByteFallback" -> new ByteFallback();
      case "ByteLevel" -> new Decoder.ByteLevelDecoder();
      case "Fuse" -> new Decoder.Fuse();
      case "Metaspace" ->
          new Decoder.Metaspace(
              part.get("replacement").character(), PreTokenizerJson.prepend(part));
      case "Replace" -> replace(part);
      case "Strip" ->
          new Decoder.Strip(
              part.get("content").character(), natural(part, "start"), natural(part, "stop"));
      case "WordPiece" ->
          new Decoder.WordPieceDecoder(part.text("prefix", "##"), part.bool("cleanup", true));
      default -> throw part.unknown("decoder");
    };
  }

  private static Decoder replace(JsonPart part) {
    var pattern = part.get("pattern").find("String");
    var regex = part.get("pattern").find("Regex");
    if (!regex.isNull()) {
      return new Decoder.ReplaceExpression(
          new RegexPattern(RegexPattern.read(regex), regex.where()), part.get("content").text());
    }
    if (pattern.isNull() || pattern.text().isEmpty()) {
      throw part.get("pattern").wrong("a literal pattern that is not empty");
    }
    return new Decoder.Replace(new Literal(pattern.text()), part.get("content").text());
  }

  private static int natural(JsonPart part, String name) {
    int value = part.integer(name, 0);
    if (value < 0) {
      throw part.find(name).wrong("a number of 0 or more");
    }
    return value;
  }
}
