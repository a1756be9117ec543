package io.lanewise.tokenizer.subword;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.TokenizerException;
import io.lanewise.tokenizer.normalize.AlignedText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code BPE}: byte pair encoding (Sennrich, Haddow and Birch, "Neural Machine Translation of Rare
 * Words with Subword Units", 2016; models/bpe/model.rs in Hugging Face's tokenizers library). A
 * word starts as its characters; then the pair of the lowest rank, the leftmost of equals, is
 * merged until there is none.
 *
 * <p>For RoBERTa the characters are bytes in the alphabet of {@link
 * io.lanewise.tokenizer.split.ByteAlphabet}.
 */
public final class Bpe implements SubwordModel {
  private final String[] pieces;
  private final Map<String, Integer> ids;
  private final List<Merges.Pair> pairs;
  private final Merges merges;
  private final Options options;
  private final int unknown;
  private final WordCache cache = new WordCache();

  /** The id of each one-character piece below U+0180; -1 for none. */
  private final int[] characters = new int[0x180];

  /**
   * Whether the piece of a character is the same at every place in a word: no prefix and no suffix.
   */
  private final boolean plain;

  /**
   * The options of a BPE model.
   *
   * @param unknown {@code unk_token}, null for none: then unknown characters are removed
   * @param prefix {@code continuing_subword_prefix}, put before all characters but the first
   * @param suffix {@code end_of_word_suffix}, put after the last
   * @param fuseUnknown consecutive unknown characters are one token
   * @param byteFallback unknown characters become pieces {@code <0x00>} to {@code <0xFF>}
   * @param ignoreMerges a word in the vocabulary is one piece, without merges
   */
  public record Options(
      String unknown,
      String prefix,
      String suffix,
      boolean fuseUnknown,
      boolean byteFallback,
      boolean ignoreMerges) {
    /** RoBERTa's. */
    public static final Options PLAIN = new Options(null, "", "", false, false, false);
  }

  /**
   * @param pieces the pieces by id, null for ids without a piece
   * @param pairs the merges by rank
   * @param where the file, for errors
   * @throws TokenizerException if a merge needs a piece that is not in the vocabulary
   */
  public Bpe(String[] pieces, List<Merges.Pair> pairs, Options options, String where) {
    this.pieces = pieces;
    this.pairs = List.copyOf(pairs);
    this.options = options;
    this.ids = new HashMap<>(pieces.length * 2);
    for (int id = 0; id < pieces.length; id++) {
      if (pieces[id] != null) {
        ids.put(pieces[id], id);
      }
    }
    this.merges = Merges.of(pairs, ids, options.prefix(), where);
    this.unknown = options.unknown() == null ? -1 : id(options.unknown());
    this.plain = options.prefix().isEmpty() && options.suffix().isEmpty();
    for (int c = 0; c < characters.length; c++) {
      characters[c] = id(Character.toString(c));
    }
  }

  /** Whether pieces inside a word begin with a mark. */
  public boolean marksPiecesInsideWords() {
    return !options.prefix().isEmpty();
  }

  /** The same model with an unknown token. */
  public Bpe withUnknown(String piece) {
    var changed =
        new Options(
            piece,
            options.prefix(),
            options.suffix(),
            options.fuseUnknown(),
            options.byteFallback(),
            options.ignoreMerges());
    return new Bpe(pieces, pairs, changed, "merges.txt");
  }

  private int id(String piece) {
    Integer id = ids.get(piece);
    return id == null ? -1 : id;
  }

  @Override
  public Scratch scratch() {
    return new MergeWork();
  }

  @Override
  public String[] pieces() {
    return pieces;
  }

  /** The merges by rank. */
  public List<Merges.Pair> pairs() {
    return pairs;
  }

  @Override
  public void encode(
      AlignedText text, int from, int to, int word, TokenBuffer tokens, Scratch scratch) {
    char[] chars = text.chars;
    if (to - from <= WordCache.LONGEST) {
      int hash = WordCache.hash(chars, from, to);
      var entry = cache.get(chars, from, to, hash);
      if (entry == null) {
        entry = entry(chars, from, to, (MergeWork) scratch);
        cache.put(entry, hash);
      }
      add(text, from, word, entry, tokens);
    } else {
      add(text, from, word, entry(chars, from, to, (MergeWork) scratch), tokens);
    }
  }

  private static void add(
      AlignedText text, int from, int word, WordCache.Entry entry, TokenBuffer tokens) {
    int[] ids = entry.ids();
    int[] begins = entry.begins();
    int[] ends = entry.ends();
    for (int i = 0; i < ids.length; i++) {
      int start = text.starts[from + begins[i]];
      tokens.add(ids[i], start, text.ends[from + ends[i] - 1], word);
    }
  }

  private WordCache.Entry entry(char[] chars, int from, int to, MergeWork work) {
    char[] word = Arrays.copyOfRange(chars, from, to);
    if (options.ignoreMerges()) {
      int whole = id(new String(word));
      if (whole >= 0) {
        return new WordCache.Entry(word, new int[] {whole}, new int[1], new int[] {word.length});
      }
    }
    if (plain && onlyKnown(word, work)) {
      work.merge(merges);
      int[] ends = Arrays.copyOf(work.ends, work.count);
      var begins = new int[ends.length];
      System.arraycopy(ends, 0, begins, 1, ends.length - 1);
      return new WordCache.Entry(word, Arrays.copyOf(work.ids, work.count), begins, ends);
    }
    collect(word, work);
    work.merge(merges);
    return inUnits(word, work);
  }

  /** Makes one symbol of each unit, if all of them are in the small table of pieces. */
  private boolean onlyKnown(char[] word, MergeWork work) {
    work.clear();
    for (int i = 0; i < word.length; i++) {
      int id = word[i] < characters.length ? characters[word[i]] : -1;
      if (id < 0) {
        return false;
      }
      work.add(id, i + 1);
    }
    return word.length > 0;
  }

  /**
   * Makes the symbols of any word; their ends count UTF-8 bytes, because some symbols are parts of
   * characters.
   */
  private void collect(char[] word, MergeWork work) {
    work.clear();
    int end = 0;
    int unknownBytes = 0;
    for (int i = 0; i < word.length; ) {
      int c = Character.codePointAt(word, i);
      int next = i + Character.charCount(c);
      String symbol = i == 0 ? Character.toString(c) : options.prefix() + Character.toString(c);
      if (next == word.length) {
        symbol += options.suffix();
      }
      i = next;
      int id = id(symbol);
      if (id >= 0) {
        if (unknownBytes > 0) {
          end += unknownBytes;
          work.add(unknown, end);
          unknownBytes = 0;
        }
        end += utf8Length(c);
        work.add(id, end);
      } else if (options.byteFallback() && hasBytes(symbol)) {
        // As in BPE::merge_word (models/bpe/model.rs), an unknown character before it stays
        // pending, and is added after it.
        for (byte b : symbol.getBytes(UTF_8)) {
          end++;
          work.add(id(ByteFallback.piece(b)), end);
        }
      } else if (options.unknown() != null) {
        if (unknown < 0) {
          throw new TokenizerException(
              "the vocabulary has neither "
                  + Character.toString(c)
                  + " nor the unknown token "
                  + options.unknown());
        }
        if (unknownBytes > 0 && !options.fuseUnknown()) {
          end += unknownBytes;
          work.add(unknown, end);
          unknownBytes = 0;
        }
        unknownBytes += utf8Length(c);
      }
    }
    if (unknownBytes > 0) {
      work.add(unknown, end + unknownBytes);
    }
  }

  private boolean hasBytes(String symbol) {
    for (byte b : symbol.getBytes(UTF_8)) {
      if (id(ByteFallback.piece(b)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static int utf8Length(int c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }

  /**
   * Converts ends from bytes to UTF-16 units: a piece covers every character of which it has a
   * byte.
   */
  private static WordCache.Entry inUnits(char[] word, MergeWork work) {
    var unitOf = new int[word.length * 3 + 1];
    var lastUnitOf = new int[word.length * 3 + 1];
    int bytes = 0;
    for (int i = 0; i < word.length; ) {
      int c = Character.codePointAt(word, i);
      int next = i + Character.charCount(c);
      for (int n = utf8Length(c); n > 0; n--) {
        unitOf[bytes] = i;
        lastUnitOf[bytes] = next;
        bytes++;
      }
      i = next;
    }
    var begins = new int[work.count];
    var ends = new int[work.count];
    for (int k = 0; k < work.count; k++) {
      int first = k == 0 ? 0 : work.ends[k - 1];
      begins[k] = unitOf[Math.min(first, bytes - 1)];
      ends[k] = lastUnitOf[Math.min(work.ends[k], bytes) - 1];
    }
    return new WordCache.Entry(word, Arrays.copyOf(work.ids, work.count), begins, ends);
  }
}
