package io.lanewise.tokenizer;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.EncodeOptions.Side;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Text to ids and back, equal to Hugging Face's tokenizers. Immutable and safe for any number of
 * threads.
 *
 * <p>Lone surrogates, which no other implementation can be given, count as U+FFFD.
 */
public final class Tokenizer {
  private final Pipeline pipeline;
  private final Template template;
  private final Set<String> special;
  private final Map<String, String> specialTokens;
  private final int maxLength;
  private final boolean cleanUp;

  Tokenizer(
      Pipeline pipeline,
      Template template,
      List<AddedToken> added,
      Map<String, String> specialTokens,
      int maxLength,
      boolean cleanUp) {
    this.pipeline = pipeline;
    this.template = template;
    this.special =
        added.stream()
            .filter(AddedToken::special)
            .map(AddedToken::content)
            .collect(Collectors.toUnmodifiableSet());
    this.specialTokens = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(specialTokens));
    this.maxLength = maxLength;
    this.cleanUp = cleanUp;
  }

  /**
   * From a model folder: tokenizer.json where there is one, spiece.model otherwise, with
   * tokenizer_config.json and special_tokens_map.json.
   *
   * @throws TokenizerException if there is neither, or a file breaks its format or names a
   *     component that is not known
   */
  public static Tokenizer load(Path folder) {
    return TokenizerFolder.load(folder);
  }

  /** With special tokens, whole. */
  public Encoding encode(String text) {
    return encode(text, EncodeOptions.DEFAULT);
  }

  /** With special tokens, whole. */
  public Encoding encode(String text, String pair) {
    return encode(text, pair, EncodeOptions.DEFAULT);
  }

  /**
   * Truncated and padded as the options say.
   *
   * @throws TokenizerException if the text cannot be truncated as asked, or padding is asked for
   *     and there is no padding token
   */
  public Encoding encode(String text, EncodeOptions options) {
    return padTo(encodings(text, null, options, false).getFirst(), options.padTo(), options);
  }

  /**
   * One text or two, truncated and padded as the options say.
   *
   * @param pair the second text; null and an empty one are none, as in Hugging Face
   * @throws TokenizerException if the texts cannot be truncated as asked, or padding is asked for
   *     and there is no padding token
   */
  public Encoding encode(String text, String pair, EncodeOptions options) {
    return padTo(encodings(text, pair, options, false).getFirst(), options.padTo(), options);
  }

  /** Padded to one length as the options say (default: the longest). */
  public List<Encoding> encodeAll(List<String> texts, EncodeOptions options) {
    var encodings = new ArrayList<Encoding>(texts.size());
    for (String text : texts) {
      encodings.add(encodings(text, null, options, false).getFirst());
    }
    return padAll(encodings, options);
  }

  /**
   * The truncated text and the windows over what was cut off, {@link EncodeOptions#stride} tokens
   * shared by neighbours; padded to one length as the options say.
   *
   * @param pair the second text, or null
   * @throws TokenizerException if the stride leaves no room
   */
  public List<Encoding> encodeWindows(String text, String pair, EncodeOptions options) {
    return padAll(encodings(text, pair, options, true), options);
  }

  private List<Encoding> encodings(
      String text, String pair, EncodeOptions options, boolean overflow) {
    Objects.requireNonNull(text, "text");
    boolean paired = pair != null && !pair.isEmpty();
    int added = options.addSpecialTokens() ? template.added(paired) : 0;
    int room = options.maxLength() == 0 ? Integer.MAX_VALUE : options.maxLength() - added;
    if (room < 0) {
      throw new TokenizerException(
          "a maximal length of "
              + options.maxLength()
              + " has no room for the "
              + added
              + " special tokens: raise it or leave them out");
    }
    // Of a text that is cut off at the right, only so much is needed.
    boolean prefix = !paired && !overflow && options.truncationSide() == Side.RIGHT;
    var first = tokens(text, prefix && room < Integer.MAX_VALUE ? room + 1 : Integer.MAX_VALUE);
    var second = paired ? tokens(pair, Integer.MAX_VALUE) : null;
    var parts = paired ? template.pair() : template.single();
    return Windows.of(first.count, paired ? second.count : -1, room, options, overflow).stream()
        .map(
            cut ->
                Assembler.assemble(
                    pipeline.vocabulary(), parts, options.addSpecialTokens(), first, second, cut))
        .toList();
  }

  private Tokens tokens(String text, int atMost) {
    char[] chars = text.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (Character.isSurrogate(chars[i])) {
        if (Character.isHighSurrogate(chars[i])
            && i + 1 < chars.length
            && Character.isLowSurrogate(chars[i + 1])) {
          i++;
        } else {
          chars[i] = '\uFFFD';
        }
      }
    }
    var tokens = new Tokens(Math.min(atMost, chars.length / 3) + 8);
    pipeline.encode(chars, atMost, tokens);
    return tokens;
  }

  private List<Encoding> padAll(List<Encoding> encodings, EncodeOptions options) {
    if (!options.padding()) {
      return List.copyOf(encodings);
    }
    int longest = options.padTo();
    for (var encoding : encodings) {
      longest = Math.max(longest, encoding.length());
    }
    int length = longest;
    return encodings.stream().map(encoding -> padTo(encoding, length, options)).toList();
  }

  private Encoding padTo(Encoding encoding, int length, EncodeOptions options) {
    int target = Math.max(length, encoding.length());
    int multiple = options.padToMultipleOf();
    if (multiple > 0 && target % multiple != 0) {
      target += multiple - target % multiple;
    }
    if (!options.padding() || target == encoding.length()) {
      return encoding;
    }
    String pad = specialTokens.get("pad_token");
    if (pad == null || id(pad).isEmpty()) {
      throw new TokenizerException(
          "padding needs a pad_token, and this tokenizer's files name none: encode without"
              + " padding");
    }
    return Assembler.pad(
        encoding, pipeline.vocabulary(), target, id(pad).getAsInt(), 0, options.paddingSide());
  }

  /**
   * The text of ids, cleaned up if the tokenizer's files say so.
   *
   * @throws TokenizerException if an id is not in the vocabulary
   */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    return decode(ids, skipSpecialTokens, cleanUp);
  }

  /**
   * The text of ids.
   *
   * @param skipSpecialTokens leave out [CLS] and the like
   * @param cleanUpSpaces take the space away before full stops, commas and English contractions
   * @throws TokenizerException if an id is not in the vocabulary
   */
  public String decode(int[] ids, boolean skipSpecialTokens, boolean cleanUpSpaces) {
    var tokens = new ArrayList<String>(ids.length);
    for (int id : ids) {
      String token = token(id);
      if (!skipSpecialTokens || !special.contains(token)) {
        tokens.add(token);
      }
    }
    String text = pipeline.decode(tokens);
    return cleanUpSpaces ? CleanUp.apply(text) : text;
  }

  /** The id of a token, special tokens included. */
  public OptionalInt id(String token) {
    int id = pipeline.vocabulary().id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * The piece of an id.
   *
   * @throws TokenizerException if there is none
   */
  public String token(int id) {
    String piece = pipeline.vocabulary().piece(id);
    if (piece == null) {
      throw new TokenizerException(
          "the id " + id + " is not in the vocabulary, which goes from 0 to " + (size() - 1));
    }
    return piece;
  }

  /** Number of ids, added tokens included. */
  public int size() {
    return pipeline.vocabulary().size();
  }

  /** The special tokens by role: "mask_token" → "[MASK]". */
  public Map<String, String> specialTokens() {
    return specialTokens;
  }

  /** model_max_length of tokenizer_config.json, or Integer.MAX_VALUE. */
  public int maxLength() {
    return maxLength;
  }
}
