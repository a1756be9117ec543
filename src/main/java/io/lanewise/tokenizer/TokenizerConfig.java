package io.lanewise.tokenizer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.lanewise.TokenizerException;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.EncodeOptions.Side;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code tokenizer_config.json} and {@code special_tokens_map.json} of a folder say; both may
 * be missing.
 *
 * @param root the whole of tokenizer_config.json
 * @param specialTokens special tokens by role, {@code "mask_token"} to {@code "[MASK]"}
 * @param addedTokens the entries of added_tokens_decoder, by id
 */
record TokenizerConfig(
    JsonPart root, Map<String, AddedToken> specialTokens, List<AddedToken> addedTokens) {
  /** The roles of special tokens, in Hugging Face's order. */
  static final List<String> ROLES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  /** The id of a special token that only its text is known of. */
  static final int NO_ID = -1;

  /**
   * @param flags keys that the caller sets instead of the file
   */
  static TokenizerConfig read(Path folder, Map<String, Boolean> flags) {
    var root = part(folder.resolve("tokenizer_config.json"));
    if (!flags.isEmpty()) {
      root = with(root, flags);
    }
    var added = new ArrayList<AddedToken>();
    var decoder = root.find("added_tokens_decoder");
    for (var entry : decoder.node().properties()) {
      added.add(
          TokenizerJson.addedToken(decoder.find(entry.getKey()), id(decoder, entry.getKey())));
    }
    added.sort(java.util.Comparator.comparingInt(AddedToken::id));
    var specials = new LinkedHashMap<String, AddedToken>();
    var map = part(folder.resolve("special_tokens_map.json"));
    for (String role : ROLES) {
      // Older folders have no added_tokens_decoder; there the map wins, as in Hugging Face.
      boolean mapFirst = decoder.isNull() && !map.find(role).isNull();
      var token = mapFirst || root.find(role).isNull() ? map.find(role) : root.find(role);
      if (!token.isNull()) {
        specials.put(role, special(token));
      }
    }
    return new TokenizerConfig(root, specials, added);
  }

  private static JsonPart with(JsonPart root, Map<String, Boolean> flags) {
    var changed = JsonNodeFactory.instance.objectNode();
    root.node().properties().forEach(entry -> changed.set(entry.getKey(), entry.getValue()));
    flags.forEach(changed::put);
    return new JsonPart(changed, root.where());
  }

  private static JsonPart part(Path file) {
    return Files.exists(file)
        ? new JsonPart(Json.read(file), file.toString())
        : new JsonPart(MissingNode.getInstance(), file.toString());
  }

  private static int id(JsonPart decoder, String key) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw new TokenizerException(decoder.where() + " has \"" + key + "\" for an id", e);
    }
  }

  private static AddedToken special(JsonPart token) {
    if (token.node().isTextual()) {
      return new AddedToken(NO_ID, token.text(), false, false, false, false, true);
    }
    var read = TokenizerJson.addedToken(token, NO_ID);
    return new AddedToken(
        NO_ID,
        read.content(),
        read.singleWord(),
        read.stripLeft(),
        read.stripRight(),
        read.normalized(),
        true);
  }

  /** {@code model_max_length}, or Integer.MAX_VALUE. */
  int maxLength() {
    var part = root.find("model_max_length");
    if (part.isNull() || part.real() >= Integer.MAX_VALUE) {
      return Integer.MAX_VALUE;
    }
    return Math.max(1, (int) part.real());
  }

  /** {@code clean_up_tokenization_spaces}; where it is not said, Hugging Face 4.37 cleans up. */
  boolean cleanUp() {
    return root.bool("clean_up_tokenization_spaces", true);
  }

  /** {@code sp_model_kwargs}: how to draw segmentations, or null for the best one. */
  Sampling sampling() {
    var part = root.find("sp_model_kwargs");
    if (part.isNull() || !part.bool("enable_sampling", false)) {
      return null;
    }
    var alpha = part.find("alpha");
    try {
      return new Sampling(part.integer("nbest_size", -1), alpha.isNull() ? 0.1 : alpha.real(), 0);
    } catch (IllegalArgumentException e) {
      throw new TokenizerException(part.where() + ": " + e.getMessage(), e);
    }
  }

  /** {@code additional_special_tokens}. */
  List<String> extraSpecials() {
    var part = root.find("additional_special_tokens");
    if (part.isNull()) {
      return List.of();
    }
    return part.items().stream()
        .map(token -> token.node().isTextual() ? token.text() : token.get("content").text())
        .toList();
  }

  /** {@code model_input_names}, empty if there are none. */
  List<String> inputNames() {
    var part = root.find("model_input_names");
    return part.isNull() ? List.of() : part.items().stream().map(JsonPart::text).toList();
  }

  /** {@code padding_side} or {@code truncation_side}. */
  Side side(String key, Side absent) {
    var part = root.find(key);
    if (part.isNull()) {
      return absent;
    }
    return switch (part.text()) {
      case "left" -> Side.LEFT;
      case "right" -> Side.RIGHT;
      default -> throw part.wrong("left or right");
    };
  }
}
