package io.lanewise.tokenizer;

import io.lanewise.TokenizerException;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the parts of a {@code tokenizer.json}; a component that is not known is refused by name.
 */
final class TokenizerJson {
  private final JsonPart root;

  TokenizerJson(JsonPart root) {
    this.root = root;
  }

  TokenizerSections sections() {
    return TokenizerSections.of(root);
  }

  List<AddedToken> addedTokens() {
    var tokens = new ArrayList<AddedToken>();
    var part = root.find("added_tokens");
    if (!part.isNull()) {
      for (var token : part.items()) {
        tokens.add(addedToken(token, token.get("id").integer()));
      }
    }
    return tokens;
  }

  /** An added token as tokenizer.json, and tokenizer_config.json too, write it. */
  static AddedToken addedToken(JsonPart token, int id) {
    return new AddedToken(
        id,
        token.get("content").text(),
        token.bool("single_word", false),
        token.bool("lstrip", false),
        token.bool("rstrip", false),
        token.bool("normalized", false),
        token.bool("special", false));
  }

  Pipeline pipeline(List<AddedToken> added) {
    return new ComponentPipeline(
        added,
        normalizer(root.find("normalizer")),
        preTokenizer(root.find("pre_tokenizer")),
        model(root.get("model")),
        decoder(root.find("decoder")));
  }

  private Normalizer normalizer(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return switch (part.type()) {
      case "Sequence" ->
          new Normalizer.Sequence(
              part.get("normalizers").items().stream().map(this::normalizer).toList());
      case "NFD" -> new Normalizer.Decompose(new Decomposition(Form.NFD, true));
      case "NFKD" -> new Normalizer.Decompose(new Decomposition(Form.NFKD, true));
      case "StripAccents" -> new Normalizer.StripAccents();
      case "Lowercase" -> new Normalizer.Lowercase();
      case "Replace" -> replace(part);
      case "Precompiled" -> precompiled(part.get("precompiled_charsmap"));
      default -> throw part.unknown("normalizer");
    };
  }

  private static Normalizer replace(JsonPart part) {
    var pattern = part.get("pattern");
    if (!pattern.find("String").isNull()) {
      return new Normalizer.Replace(pattern.get("String").text(), part.get("content").text());
    }
    if (!pattern.find("Regex").isNull() && pattern.get("Regex").text().equals(" {2,}")) {
      return new Normalizer.CollapseSpaces(part.get("content").text());
    }
    throw pattern.wrong("a literal pattern, or \" {2,}\"");
  }

  private static Normalizer precompiled(JsonPart part) {
    try {
      byte[] map = part.isNull() ? new byte[0] : Base64.getDecoder().decode(part.text());
      return new Normalizer.Precompiled(Charsmap.of(map, part.where()));
    } catch (IllegalArgumentException e) {
      throw new TokenizerException(part.where() + " is not Base64: " + e.getMessage(), e);
    }
  }

  private PreTokenizer preTokenizer(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return switch (part.type()) {
      case "Sequence" ->
          new PreTokenizer.Sequence(
              part.get("pretokenizers").items().stream().map(this::preTokenizer).toList());
      case "WhitespaceSplit" -> new PreTokenizer.WhitespaceSplit();
      case "Metaspace" ->
          new PreTokenizer.Metaspace(
              part.get("replacement").character(), prepend(part), part.bool("split", true));
      default -> throw part.unknown("pre-tokenizer");
    };
  }

  /** The scheme, which old files write as {@code add_prefix_space}. */
  private static PreTokenizer.Prepend prepend(JsonPart part) {
    var scheme = part.find("prepend_scheme");
    if (scheme.isNull()) {
      return part.bool("add_prefix_space", true)
          ? PreTokenizer.Prepend.ALWAYS
          : PreTokenizer.Prepend.NEVER;
    }
    return switch (scheme.text()) {
      case "always" -> PreTokenizer.Prepend.ALWAYS;
      case "first" -> PreTokenizer.Prepend.FIRST;
      case "never" -> PreTokenizer.Prepend.NEVER;
      default -> throw scheme.wrong("always, first or never");
    };
  }

  private SubwordModel model(JsonPart part) {
    return switch (part.type()) {
      case "Unigram" -> unigram(part);
      default -> throw part.unknown("model");
    };
  }

  private static SubwordModel unigram(JsonPart part) {
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

  /** The template, without specials if there is none. */
  Template template() {
    var part = root.find("post_processor");
    if (part.isNull()) {
      return Template.BARE;
    }
    return switch (part.type()) {
      case "TemplateProcessing" -> {
        var specials = specials(part);
        yield new Template(
            parts(part.get("single"), specials, 1), parts(part.get("pair"), specials, 2));
      }
      default -> throw part.unknown("post-processor");
    };
  }

  private static Map<String, List<Integer>> specials(JsonPart part) {
    var specials = new HashMap<String, List<Integer>>();
    var tokens = part.get("special_tokens");
    for (var name : tokens.node().properties()) {
      var ids = tokens.find(name.getKey()).get("ids");
      specials.put(name.getKey(), ids.items().stream().map(JsonPart::integer).toList());
    }
    return specials;
  }

  private static List<Template.Part> parts(
      JsonPart pieces, Map<String, List<Integer>> specials, int texts) {
    var parts = new ArrayList<Template.Part>();
    for (var piece : pieces.items()) {
      if (!piece.find("SpecialToken").isNull()) {
        var special = piece.get("SpecialToken");
        var ids = specials.get(special.get("id").text());
        if (ids == null) {
          throw special.wrong("one of the special_tokens");
        }
        for (int id : ids) {
          parts.add(new Template.Special(id, special.integer("type_id", 0)));
        }
      } else {
        var sequence = piece.get("Sequence");
        int index = "A".equals(sequence.get("id").text()) ? 0 : 1;
        if (index >= texts) {
          throw sequence.wrong("the sequence A");
        }
        parts.add(new Template.Sequence(index, sequence.integer("type_id", 0)));
      }
    }
    return parts;
  }

  private static Decoder decoder(JsonPart part) {
    if (part.isNull()) {
      return null;
    }
    return switch (part.type()) {
      case "Metaspace" -> new Decoder.Metaspace(part.get("replacement").character(), prepend(part));
      default -> throw part.unknown("decoder");
    };
  }
}
