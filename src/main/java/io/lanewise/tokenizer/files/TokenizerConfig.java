package io.lanewise.tokenizer.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.TokenizerException;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.EncodeOptions.Side;
import io.lanewise.tokenizer.TokenizerOptions.Sampling;
import io.lanewise.tokenizer.subword.AddedToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The settings in {@code tokenizer_config.json}, {@code special_tokens_map.json} and {@code
 * added_tokens.json} of a folder; all may be missing.
 *
 * <p>They are read by the rules of {@code PreTrainedTokenizerBase._from_pretrained} in Hugging
 * Face's tokenization_utils_base.py. If the first file has {@code added_tokens_decoder}, the other
 * two are ignored. If not, the map of special tokens overrides the first file, and the added tokens
 * are those of {@code added_tokens.json} and of tokenizer.json.
 *
 * @param root the content of tokenizer_config.json, merged with the other files
 * @param roles special tokens by role, {@code "mask_token"} to {@code "[MASK]"}; null if a file
 *     sets it to null
 * @param additional {@code additional_special_tokens}; null if no file has it
 * @param extra {@code extra_special_tokens}, by name
 * @param addedTokens the tokens with their ids, in the file's order
 */
public record TokenizerConfig(
    JsonPart root,
    Map<String, DeclaredToken> roles,
    List<DeclaredToken> additional,
    Map<String, DeclaredToken> extra,
    Map<Integer, DeclaredToken> addedTokens) {
  /** The roles of special tokens, in Hugging Face's order. */
  public static final List<String> ROLES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private static final String FILE = "tokenizer_config.json";
  private static final String DECODER = "added_tokens_decoder";
  private static final String ADDITIONAL = "additional_special_tokens";

  /** Only tokenizer_config.json; {@link JsonPart#isNull} if there is none. */
  static JsonPart file(Path folder) {
    return part(folder.resolve(FILE));
  }

  /**
   * Reads the other files.
   *
   * @param file tokenizer_config.json
   * @param flags keys that the caller sets instead of the file
   * @param ofTokenizerJson the added tokens of tokenizer.json, empty if there is none
   */
  static TokenizerConfig read(
      Path folder,
      JsonPart file,
      Map<String, Boolean> flags,
      Supplier<List<AddedToken>> ofTokenizerJson) {
    var root = with(file, flags);
    boolean older = root.node().path(DECODER).isMissingNode();
    if (older) {
      root = withMap(root, part(folder.resolve("special_tokens_map.json")), flags.keySet());
    }
    var added = new LinkedHashMap<Integer, DeclaredToken>();
    if (older) {
      addFile(part(folder.resolve("added_tokens.json")), specialContents(root), added);
      ofTokenizerJson.get().forEach(token -> added.put(token.id(), DeclaredToken.of(token)));
    } else {
      var decoder = root.find(DECODER);
      for (var entry : decoder.node().properties()) {
        added.put(id(decoder, entry.getKey()), DeclaredToken.read(decoder.find(entry.getKey())));
      }
    }
    var known = new LinkedHashMap<String, DeclaredToken>();
    added.values().forEach(token -> known.put(token.content(), token));
    var roles = new LinkedHashMap<String, DeclaredToken>();
    for (String role : ROLES) {
      var token = root.find(role);
      if (!token.node().isMissingNode()) {
        roles.put(role, token.isNull() ? null : DeclaredToken.read(token).orKnown(known));
      }
    }
    return new TokenizerConfig(
        root,
        Collections.unmodifiableMap(roles),
        additional(root.find(ADDITIONAL)),
        extra(root.find("extra_special_tokens")),
        Collections.unmodifiableMap(added));
  }

  private static JsonPart with(JsonPart root, Map<String, Boolean> flags) {
    var changed = JsonNodeFactory.instance.objectNode();
    root.node().properties().forEach(entry -> changed.set(entry.getKey(), entry.getValue()));
    flags.forEach(changed::put);
    return new JsonPart(changed, root.where());
  }

  /** Merges special_tokens_map.json, which overrides. */
  private static JsonPart withMap(JsonPart root, JsonPart map, Set<String> flags) {
    var changed = (ObjectNode) root.node();
    for (var entry : map.node().properties()) {
      if (flags.contains(entry.getKey())) {
        continue;
      }
      JsonNode value = entry.getValue();
      if (value instanceof ObjectNode token) {
        value = token.deepCopy().put("special", true);
      } else if (entry.getKey().equals(ADDITIONAL) && value.isArray()) {
        var all = JsonNodeFactory.instance.arrayNode();
        root.find(ADDITIONAL).node().forEach(all::add);
        value.forEach(token -> addTo(all, token));
        value = all;
      }
      changed.set(entry.getKey(), value);
    }
    return root;
  }

  private static void addTo(ArrayNode all, JsonNode token) {
    var declared = token instanceof ObjectNode object ? object.deepCopy() : token;
    if (declared instanceof ObjectNode object) {
      object.put("special", true);
    }
    for (var known : all) {
      if (known.equals(declared)) {
        return;
      }
    }
    all.add(declared);
  }

  /** Adds added_tokens.json; its tokens are special if they have a role. */
  private static void addFile(
      JsonPart file, Set<String> specials, Map<Integer, DeclaredToken> added) {
    for (var entry : file.node().properties()) {
      String content = entry.getKey();
      var token = DeclaredToken.added(content).withSpecial(specials.contains(content));
      added.put(new JsonPart(entry.getValue(), file.where() + "." + content).integer(), token);
    }
  }

  private static Set<String> specialContents(JsonPart root) {
    var contents = new HashSet<String>();
    for (String role : ROLES) {
      var token = root.find(role);
      if (!token.isNull()) {
        contents.add(DeclaredToken.read(token).content());
      }
    }
    var additional = additional(root.find(ADDITIONAL));
    if (additional != null) {
      additional.forEach(token -> contents.add(token.content()));
    }
    return contents;
  }

  private static List<DeclaredToken> additional(JsonPart part) {
    return part.isNull() ? null : part.items().stream().map(DeclaredToken::read).toList();
  }

  /** Names and tokens; transformers 5 writes a list of tokens. */
  private static Map<String, DeclaredToken> extra(JsonPart part) {
    var extra = new LinkedHashMap<String, DeclaredToken>();
    if (part.node().isArray()) {
      for (var token : part.items()) {
        var declared = DeclaredToken.read(token);
        extra.put(declared.content(), declared);
      }
    } else if (!part.isNull()) {
      if (!part.node().isObject()) {
        throw part.wrong("an object of names and tokens");
      }
      for (var entry : part.node().properties()) {
        extra.put(entry.getKey(), DeclaredToken.read(part.find(entry.getKey())));
      }
    }
    return Collections.unmodifiableMap(extra);
  }

  private static JsonPart part(Path file) {
    if (!Files.exists(file)) {
      return new JsonPart(MissingNode.getInstance(), file.toString());
    }
    var part = new JsonPart(Json.read(file), file.toString());
    if (!part.node().isObject()) {
      throw part.wrong("an object");
    }
    return part;
  }

  private static int id(JsonPart decoder, String key) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw new TokenizerException(decoder.where() + " has \"" + key + "\" for an id", e);
    }
  }

  /** The added tokens in the order of their ids. */
  List<DeclaredToken> addedTokensById() {
    return addedTokens.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .toList();
  }

  /**
   * {@code model_max_length}, or {@code max_len} in older files, or Integer.MAX_VALUE. The older
   * name counts only if the newer one is absent.
   */
  int maxLength() {
    var newer = root.find("model_max_length");
    var part = newer.node().isMissingNode() ? root.find("max_len") : newer;
    if (part.isNull() || part.real() >= Integer.MAX_VALUE) {
      return Integer.MAX_VALUE;
    }
    return Math.max(1, (int) part.real());
  }

  /** {@code clean_up_tokenization_spaces}. */
  boolean cleanUp(boolean absent) {
    var part = root.find("clean_up_tokenization_spaces");
    return part.node().isMissingNode() ? absent : !part.isNull() && part.bool();
  }

  /** {@code split_special_tokens}: special tokens in a text are treated as text. */
  boolean splitsSpecials() {
    return root.bool("split_special_tokens", false);
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

  /** {@code model_input_names}, or a default. */
  List<String> inputNames(List<String> absent) {
    var part = root.find("model_input_names");
    return part.isNull() ? absent : part.items().stream().map(JsonPart::text).toList();
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
