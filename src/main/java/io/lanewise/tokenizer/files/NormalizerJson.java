package io.lanewise.tokenizer.files;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.normalize.BertNormalizer;
import io.lanewise.tokenizer.normalize.ByteLevelText;
import io.lanewise.tokenizer.normalize.Charsmap;
import io.lanewise.tokenizer.normalize.Composition;
import io.lanewise.tokenizer.normalize.Decomposition;
import io.lanewise.tokenizer.normalize.NmtClean;
import io.lanewise.tokenizer.normalize.Normalizer;
import io.lanewise.tokenizer.normalize.Precompiled;
import io.lanewise.tokenizer.normalize.PrependText;
import io.lanewise.tokenizer.normalize.ReplaceFinds;
import io.lanewise.tokenizer.normalize.StripEnds;
import io.lanewise.tokenizer.split.RegexPattern;
import java.text.Normalizer.Form;
import java.util.Base64;

/**
 * Reads the {@code normalizer} of a tokenizer.json (normalizers/mod.rs in Hugging Face's tokenizers
 * library).
 */
public final class NormalizerJson {
  private NormalizerJson() {}

  /** The normalizer, or null if there is none. */
  public static Normalizer read(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return switch (part.type()) {
      case "Sequence" ->
          new Normalizer.Sequence(
              part.get("normalizers").steps().stream().map(NormalizerJson::read).toList());
      case "BertNormalizer" -> bert(part);
      case "ByteLevel" -> new ByteLevelText();
      case "Lowercase" -> new Normalizer.Lowercase();
      case "NFC" -> new Composition(Form.NFC, true);
      case "NFD" -> new Normalizer.Decompose(new Decomposition(Form.NFD, true));
      case "NFKC" -> new Composition(Form.NFKC, true);
      case "NFKD" -> new Normalizer.Decompose(new Decomposition(Form.NFKD, true));
      case "Nmt" -> new NmtClean();
      case "Precompiled" -> precompiled(part.get("precompiled_charsmap"));
      case "Prepend" -> new PrependText(part.get("prepend").text());
      case "Replace" -> replace(part);
      case "Strip" -> new StripEnds(part.bool("strip_left", true), part.bool("strip_right", true));
      case "StripAccents" -> new Normalizer.StripAccents();
      default -> throw part.unknown("normalizer");
    };
  }

  private static Normalizer bert(JsonPart part) {
    boolean lowerCase = part.bool("lowercase", true);
    return new BertNormalizer(
        part.bool("clean_text", true),
        part.bool("handle_chinese_chars", true),
        part.bool("strip_accents", lowerCase),
        lowerCase);
  }

  private static Normalizer replace(JsonPart part) {
    var pattern = part.get("pattern");
    if (!pattern.find("String").isNull()) {
      return new Normalizer.Replace(pattern.get("String").text(), part.get("content").text());
    }
    if (!pattern.find("Regex").isNull() && pattern.get("Regex").text().equals(" {2,}")) {
      return new Normalizer.CollapseSpaces(part.get("content").text());
    }
    var regex = pattern.get("Regex");
    return new ReplaceFinds(
        new RegexPattern(RegexPattern.read(regex), regex.where()), part.get("content").text());
  }

  private static Normalizer precompiled(JsonPart part) {
    try {
      byte[] map = part.isNull() ? new byte[0] : Base64.getDecoder().decode(part.text());
      return new Precompiled(Charsmap.of(map, part.where()));
    } catch (IllegalArgumentException e) {
      throw new TokenizerException(part.where() + " is not Base64: " + e.getMessage(), e);
    }
  }
}
