package io.lanewise.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.TokenizerException;
import io.lanewise.json.Json;
import io.lanewise.tokenizer.decode.CleanUp;
import io.lanewise.tokenizer.files.FolderFacts;
import io.lanewise.tokenizer.files.LoadedTokenizer;
import io.lanewise.tokenizer.files.TokenizerFolder;
import io.lanewise.tokenizer.pipeline.Input;
import io.lanewise.tokenizer.pipeline.Pipeline;
import io.lanewise.tokenizer.subword.AddedToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A tokenizer: text to ids and back, with the same results as Hugging Face's tokenizers. Immutable
 * and safe for any number of threads.
 *
 * <pre>{@code
 * var tokenizer = Tokenizer.load(folder);
 * var encoding = tokenizer.encode("Paris is the capital of France.");
 * int[] ids = encoding.ids();
 * String text = tokenizer.decode(ids, true);
 * var batch =
 *     tokenizer.encodeAll(List.of("One text.", "Another."), tokenizer.options().withMaxLength(128));
 * }</pre>
 *
 * <p>Lone surrogates, which no other implementation can be given, count as U+FFFD.
 */
public final class Tokenizer {
  /**
   * A piece of text that a model cuts on its own, as the pre-tokenizer found it.
   *
   * @param text its normalized text
   * @param start where it begins in the original text, in UTF-16 units
   * @param end where it ends, exclusive
   */
  public record Word(String text, int start, int end) {}

  private final Pipeline pipeline;
  private final FolderFacts traits;
  private final Encoder encoder;
  private final SpecialTokens specials;
  private final Set<String> skipped;
  private final List<String> inputNames;

  private Tokenizer(LoadedTokenizer loaded) {
    this.pipeline = loaded.pipeline();
    this.traits = loaded.facts();
    var template = loaded.template();
    this.specials =
        new SpecialTokens(traits.roles(), traits.extraSpecials(), template, pipeline.vocabulary());
    this.encoder =
        new Encoder(
            pipeline,
            template,
            traits.slow(),
            specials.id("pad_token").orElse(-1),
            traits.padTypeId());
    // Slow tokenizers skip the special tokens with roles, fast ones the tokens added as special
    // (convert_ids_to_tokens in tokenization_utils.py; Tokenizer.decode in tokenizer/mod.rs).
    this.skipped =
        traits.slow()
            ? Set.copyOf(specials.all())
            : traits.added().stream()
                .filter(AddedToken::special)
                .map(AddedToken::content)
                .collect(Collectors.toUnmodifiableSet());
    boolean types = template.pair().stream().anyMatch(part -> part.typeId() != 0);
    this.inputNames =
        !traits.inputNames().isEmpty()
            ? traits.inputNames()
            : types
                ? List.of("input_ids", "token_type_ids", "attention_mask")
                : List.of("input_ids", "attention_mask");
  }

  /**
   * Loads the tokenizer of a model folder, like {@code AutoTokenizer.from_pretrained} in Hugging
   * Face's tokenization_auto.py.
   *
   * @throws TokenizerException if there is neither tokenizer.json nor a vocabulary file, or a file
   *     is malformed or names an unknown component
   */
  public static Tokenizer load(Path folder) {
    return load(folder, TokenizerOptions.DEFAULT);
  }

  /**
   * Loads the tokenizer of a model folder: tokenizer.json or vocabulary files, with
   * tokenizer_config.json and special_tokens_map.json.
   *
   * @throws TokenizerException if the files that the options need are missing, or a file is
   *     malformed or names an unknown component
   */
  public static Tokenizer load(Path folder, TokenizerOptions options) {
    return new Tokenizer(TokenizerFolder.load(folder, options));
  }

  /**
   * The same where config.json has been read.
   *
   * @param modelConfig the JSON of config.json, empty if there is none; asked for at most once, and
   *     only if it can matter
   */
  public static Tokenizer load(
      Path folder, Supplier<Optional<String>> modelConfig, TokenizerOptions options) {
    return new Tokenizer(
        TokenizerFolder.load(
            folder,
            () -> modelConfig.get().map(json -> Json.parse(json.getBytes(UTF_8), "config.json")),
            options));
  }

  /** With special tokens, whole. */
  public Encoding encode(String text) {
    return encode(text, EncodeOptions.DEFAULT);
  }

  /** With special tokens, whole. */
  public Encoding encode(String text, @Nullable String pair) {
    return encode(text, pair, EncodeOptions.DEFAULT);
  }

  /**
   * Encodes with options for truncation and padding.
   *
   * @throws TokenizerException if the text cannot be truncated like this, or padding is on and
   *     there is no padding token
   */
  public Encoding encode(String text, EncodeOptions options) {
    return encode(text, null, options);
  }

  /**
   * Encodes one text or two, with options for truncation and padding.
   *
   * @param pair the second text, null for none; as in Hugging Face's libraries, fast tokenizers
   *     ignore an empty one, and slow ones count it as a text
   * @throws TokenizerException if the texts cannot be truncated like this, or padding is on and
   *     there is no padding token
   */
  public Encoding encode(String text, @Nullable String pair, EncodeOptions options) {
    return encoder.one(new Input.Text(text), pairOf(pair), options);
  }

  /** As {@link #encodeWords(List, List, EncodeOptions)}, of one text. */
  public Encoding encodeWords(List<String> words, EncodeOptions options) {
    return encodeWords(words, null, options);
  }

  /**
   * Encodes a text that is already split into words ({@code is_split_into_words}): offsets are
   * within each word, word ids are the indexes of the words.
   *
   * @param pair the second text's words, null for none; an empty list is treated like an empty text
   * @throws TokenizerException as {@link #encode(String, String, EncodeOptions)}
   */
  public Encoding encodeWords(
      List<String> words, @Nullable List<String> pair, EncodeOptions options) {
    return encoder.one(new Input.Words(words), pairOf(pair), options);
  }

  /**
   * Encodes a batch, padded to one length (default: that of the longest text).
   *
   * @throws TokenizerException as {@link #encode(String, String, EncodeOptions)}
   */
  public List<Encoding> encodeAll(List<String> texts, EncodeOptions options) {
    return encoder.all(texts.stream().map(Input.Text::new).toList(), null, options);
  }

  /**
   * Encodes a batch of pairs, padded to one length. An empty second text counts as a text here, as
   * in Hugging Face's batches.
   *
   * @throws TokenizerException as {@link #encode(String, String, EncodeOptions)}, or if the numbers
   *     of first and second texts differ
   */
  public List<Encoding> encodeAll(List<String> texts, List<String> pairs, EncodeOptions options) {
    return encoder.all(
        texts.stream().map(Input.Text::new).toList(),
        pairs.stream().map(Input.Text::new).toList(),
        options);
  }

  /**
   * Encodes a batch of texts that are already split into words, padded to one length.
   *
   * @throws TokenizerException as {@link #encode(String, String, EncodeOptions)}
   */
  public List<Encoding> encodeAllWords(List<List<String>> texts, EncodeOptions options) {
    return encoder.all(texts.stream().map(Input.Words::new).toList(), null, options);
  }

  /** As {@link #encodeWindows(String, String, EncodeOptions)}, of one text. */
  public List<Encoding> encodeWindows(String text, EncodeOptions options) {
    return encodeWindows(text, null, options);
  }

  /**
   * Encodes the truncated text and the windows of the rest; consecutive windows share {@link
   * EncodeOptions#stride} tokens. Padded to one length.
   *
   * @param pair the second text, or null
   * @throws TokenizerException if the stride leaves no room, or as {@link #encode(String, String,
   *     EncodeOptions)}
   */
  public List<Encoding> encodeWindows(String text, @Nullable String pair, EncodeOptions options) {
    return encoder.windows(new Input.Text(text), pairOf(pair), options);
  }

  /** {@link #encodeWindows} for a text that is already split into words. */
  public List<Encoding> encodeWordWindows(
      List<String> words, @Nullable List<String> pair, EncodeOptions options) {
    return encoder.windows(new Input.Words(words), pairOf(pair), options);
  }

  /** As {@link #encodeTruncated(String, String, EncodeOptions)}, of one text. */
  public Encoding.Truncated encodeTruncated(String text, EncodeOptions options) {
    return encodeTruncated(text, null, options);
  }

  /**
   * Encodes with truncation and returns the removed tokens: {@code return_overflowing_tokens} of
   * the slow tokenizers ({@code PreTrainedTokenizerBase.prepare_for_model} in Hugging Face's
   * tokenization_utils_base.py). Truncates by their rules with every tokenizer.
   *
   * @param pair the second text, or null
   */
  public Encoding.Truncated encodeTruncated(
      String text, @Nullable String pair, EncodeOptions options) {
    return encoder.truncated(new Input.Text(text), pairOf(pair), options);
  }

  /** Hugging Face's fast tokenizers ignore an empty second text, the slow ones do not. */
  private Input pairOf(@Nullable String pair) {
    return pair == null || (pair.isEmpty() && !traits.slow()) ? null : new Input.Text(pair);
  }

  private Input pairOf(List<String> pair) {
    return pair == null || (pair.isEmpty() && !traits.slow()) ? null : new Input.Words(pair);
  }

  /** The normalized text. Special tokens are treated as text. */
  public String normalize(String text) {
    return pipeline.normalize(Input.wellFormed(text));
  }

  /** The words that the pre-tokenizer passes to the model. Special tokens are treated as text. */
  public List<Word> preTokenize(String text) {
    return pipeline.preTokenize(Input.wellFormed(text));
  }

  /**
   * The text of ids, with clean-up if the tokenizer's files enable it.
   *
   * @throws TokenizerException if an id is not in the vocabulary
   */
  public String decode(int[] ids, boolean skipSpecialTokens) {
    return decode(ids, skipSpecialTokens, traits.cleanUp());
  }

  /**
   * The text of ids.
   *
   * @param skipSpecialTokens omit [CLS] and other special tokens
   * @param cleanUpSpaces remove spaces before full stops, commas and English contractions
   * @throws TokenizerException if an id is not in the vocabulary
   */
  public String decode(int[] ids, boolean skipSpecialTokens, boolean cleanUpSpaces) {
    var tokens = new ArrayList<String>(ids.length);
    for (int id : ids) {
      String token = token(id);
      if (!skipSpecialTokens || !skipped.contains(token)) {
        tokens.add(token);
      }
    }
    String text = pipeline.decode(tokens);
    return cleanUpSpaces ? CleanUp.apply(text) : text;
  }

  /**
   * The text of tokens, which need not be in the vocabulary: {@code convert_tokens_to_string} of
   * Hugging Face's tokenizer classes.
   */
  public String join(List<String> tokens) {
    return pipeline.decode(tokens);
  }

  /** As {@link #prepare(int[], int[])}, of one text. */
  public Encoding prepare(int[] ids) {
    return prepare(ids, null);
  }

  /**
   * An encoding of the ids of one text or two, with special tokens added: {@code
   * PreTrainedTokenizerBase.prepare_for_model} in Hugging Face's tokenization_utils_base.py,
   * without truncation. There is no text: offsets are 0, and each token is a word.
   *
   * @param second the second text's ids, null for none
   */
  public Encoding prepare(int[] first, int @Nullable [] second) {
    return encoder.ids(first, second);
  }

  /** The texts of a batch, each decoded by {@link #decode(int[], boolean)}. */
  public List<String> decodeAll(List<int[]> batch, boolean skipSpecialTokens) {
    return batch.stream().map(ids -> decode(ids, skipSpecialTokens)).toList();
  }

  /** A decoder for ids that arrive one after another, without clean-up. */
  public TextStream stream(boolean skipSpecialTokens) {
    return stream(skipSpecialTokens, false);
  }

  /**
   * A decoder for ids that arrive one after another.
   *
   * @param cleanUpSpaces as in {@link #decode(int[], boolean, boolean)}
   */
  public TextStream stream(boolean skipSpecialTokens, boolean cleanUpSpaces) {
    return new TextStream(this, skipSpecialTokens, cleanUpSpaces);
  }

  /** The id of a token, special tokens included. */
  public OptionalInt id(String token) {
    int id = pipeline.vocabulary().id(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * The token of an id.
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

  /**
   * Number of ids of the model, without added tokens: {@code vocab_size} of Hugging Face's
   * tokenizer classes.
   */
  public int modelSize() {
    return pipeline.vocabulary().modelSize();
  }

  /** The special tokens and their places. */
  public SpecialTokens specials() {
    return specials;
  }

  /** The special tokens by role: "mask_token" → "[MASK]". */
  public Map<String, String> specialTokens() {
    return specials.byRole();
  }

  /** model_max_length of tokenizer_config.json, or Integer.MAX_VALUE. */
  public int maxLength() {
    return traits.maxLength();
  }

  /** Whether decoding cleans up by default. */
  public boolean cleansUp() {
    return traits.cleanUp();
  }

  /** Whether it has the results of Hugging Face's slow tokenizer, not of the fast one. */
  public boolean isSlow() {
    return traits.slow();
  }

  /**
   * Whether tokens inside a word begin with a mark, such as WordPiece's {@code ##} (a {@code
   * continuing_subword_prefix} that is not empty); always false for slow tokenizers.
   */
  public boolean marksPiecesInsideWords() {
    return pipeline.marksPiecesInsideWords();
  }

  /** The names of a model's inputs: {@code model_input_names}. */
  public List<String> inputNames() {
    return inputNames;
  }

  /** The token type id of padding. */
  public int padTypeId() {
    return traits.padTypeId();
  }

  /**
   * The default options: no truncation, and the sides that the files name ({@code padding_side},
   * {@code truncation_side}).
   */
  public EncodeOptions options() {
    return traits.options();
  }

  /**
   * The options of the truncation and padding sections of tokenizer.json. The {@code tokenizers}
   * library applies them by default; transformers and {@link #encode(String)} do not.
   */
  public EncodeOptions fileOptions() {
    return traits.fileOptions();
  }

  /**
   * Writes the vocabulary files: {@code save_vocabulary} of Hugging Face's tokenizer classes.
   *
   * @param folder to write to
   * @param prefix of the file names, followed by a hyphen; empty for none
   * @return the files written
   * @throws TokenizerException if the tokenizer was loaded without them, or writing fails
   */
  public List<Path> saveVocabulary(Path folder, String prefix) {
    return traits.writer().write(folder, prefix);
  }
}
