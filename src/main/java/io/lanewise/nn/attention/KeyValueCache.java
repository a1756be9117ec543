package io.lanewise.nn.attention;

import io.lanewise.InputException;
import io.lanewise.kernel.KeyRows;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.MemoryBudget;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of a decoder's earlier tokens, so that each call computes only the new
 * tokens; and those of the encoder, which never change.
 *
 * <p>The cache belongs to the caller, who passes it to one call after the other and closes it at
 * the end. It stays valid when the model is closed. Only one thread may use it at a time. A call
 * that fails does not change it: new tokens count only after {@link #commit}.
 *
 * <p>A growing cache allocates another block when it is full; rows never move. The tokens of a
 * sequence are a list of row numbers, so a beam search selects beams without copying, and beams
 * share the rows of their common tokens. Rows that no sequence uses any more are freed when the
 * cache is closed. A cache with slots, as in Flax, allocates all its memory at the start; attention
 * then runs over all slots, and the mask hides the empty ones.
 */
public final class KeyValueCache implements AutoCloseable {
  private static final int BLOCK = 32; // rows

  private static final int FIRST_ROOM = 32; // row numbers of a sequence

  private final int layers;
  private final int heads;
  private final int headSize;
  private final int slots; // 0 for a cache that grows
  private final MemoryBudget budget;
  private final CacheBlocks own;
  private int[][] places; // for each sequence the rows of its tokens; null before the first call
  private int rows; // that count
  private int[] visible; // rows of the visible tokens of all sequences; null until computed
  private SourceRows source; // null without cross attention
  private int tokens;
  private int reserved;
  private boolean sourceKnown;
  private boolean closed;

  private KeyValueCache(
      int layers, int heads, int headSize, int slots, int blockRows, MemoryBudget budget) {
    this.layers = layers;
    this.heads = heads;
    this.headSize = headSize;
    this.slots = slots;
    this.budget = budget;
    this.own = new CacheBlocks(layers, blockRows, columns(), budget);
  }

  /** An empty cache that grows. */
  public static KeyValueCache growing(int layers, int heads, int headSize) {
    return growing(layers, heads, headSize, MemoryBudget.unlimited());
  }

  /** The same out of a budget. */
  public static KeyValueCache growing(int layers, int heads, int headSize, MemoryBudget budget) {
    return new KeyValueCache(layers, heads, headSize, 0, BLOCK, budget);
  }

  /** An empty cache of {@code slots} tokens for each of {@code batch} sequences, all zero. */
  public static KeyValueCache slots(int layers, int heads, int headSize, int batch, int slots) {
    return slots(layers, heads, headSize, batch, slots, MemoryBudget.unlimited());
  }

  /** The same out of a budget. */
  public static KeyValueCache slots(
      int layers, int heads, int headSize, int batch, int slots, MemoryBudget budget) {
    int rows = Math.multiplyExact(batch, slots);
    var cache = new KeyValueCache(layers, heads, headSize, slots, rows, budget);
    try {
      cache.own.grow(rows);
    } catch (RuntimeException e) {
      cache.close();
      throw e;
    }
    cache.places = new int[batch][slots];
    for (int b = 0; b < batch; b++) {
      int first = b * slots;
      Arrays.setAll(cache.places[b], slot -> first + slot);
    }
    return cache;
  }

  private int columns() {
    return Math.multiplyExact(2, Math.multiplyExact(heads, headSize));
  }

  public int layers() {
    return layers;
  }

  public int heads() {
    return heads;
  }

  /** Features of a head. */
  public int headSize() {
    return headSize;
  }

  /** Sequences; 0 before the first call. */
  public int batch() {
    return places == null ? 0 : places.length;
  }

  /** Tokens of each sequence so far; {@code cache_index} in Flax. */
  public int tokens() {
    return tokens;
  }

  /** Slots of each sequence; 0 for a growing cache. */
  public int slots() {
    return slots;
  }

  /** Keys of a call of {@code count} more tokens: all so far and its own, or all slots. */
  public int visible(int count) {
    return slots > 0 ? slots : tokens + count;
  }

  /**
   * Whether the cache has the encoder's keys and values, so that its states are not needed again.
   */
  public boolean hasSource() {
    return sourceKnown;
  }

  /**
   * Sequences of the encoder. Each is the source of equally many consecutive sequences of the
   * decoder. 0 if the cache has no source.
   */
  public int sourceBatch() {
    return source == null ? 0 : source.sourceOf().length;
  }

  /** Tokens of each sequence of the encoder; 0 if the cache has no source. */
  public int sourceTokens() {
    return source == null ? 0 : source.tokens();
  }

  /** Which tokens of the encoder count, [sourceBatch * sourceTokens]; null for all. */
  public float[] sourceSeen() {
    return source == null ? null : source.seenByGroup();
  }

  /** Bytes of off-heap memory. */
  public long bytes() {
    return own.bytes() + (source == null ? 0 : source.blocks().bytes());
  }

  /**
   * Reserves rows for the tokens of one call, which count after {@link #commit}.
   *
   * @param count tokens of each sequence
   * @throws InputException if the cache holds another number of sequences, or its slots are full
   */
  public void reserve(int batch, int count) {
    checkOpen();
    if (places != null && places.length != batch && (slots > 0 || tokens > 0)) {
      throw new InputException(
          "past_key_values: they are of "
              + places.length
              + " sequences, the call has "
              + batch
              + ": give the same number");
    }
    int needed = Math.addExact(tokens, count);
    if (slots == 0) {
      takeRows(batch, count, needed);
    } else if (needed > slots) {
      throw new InputException(
          "past_key_values: "
              + tokens
              + " of "
              + slots
              + " slots are filled, "
              + count
              + " more tokens do not fit: make the cache longer");
    }
    reserved = count;
    visible = null;
  }

  /** Takes the next free rows, sequence after sequence. */
  private void takeRows(int batch, int count, int needed) {
    own.grow(Math.addExact(rows, Math.multiplyExact(batch, count)));
    if (places == null || places.length != batch) {
      places = new int[batch][0];
    }
    for (int b = 0; b < batch; b++) {
      if (places[b].length < needed) {
        int room = Math.max(Math.max(FIRST_ROOM, needed), tokens + tokens / 2);
        places[b] = Arrays.copyOf(places[b], room);
      }
      for (int i = 0; i < count; i++) {
        places[b][tokens + i] = rows + b * count + i;
      }
    }
  }

  /**
   * Reserves rows for the keys and values of the encoder; does nothing if the cache has them.
   *
   * @param count tokens of each sequence
   * @param seen which of them count, [batch * count] as in {@link Mask#padding}; null for all
   */
  public void reserveSource(int batch, int count, float @Nullable [] seen) {
    checkOpen();
    if (sourceKnown) {
      return;
    }
    freeSource();
    source =
        SourceRows.of(layers, batch, count, columns(), seen == null ? null : seen.clone(), budget);
  }

  /**
   * Writes the keys and values of this call's tokens.
   *
   * @param k [batch * count, heads * headSize]
   * @param v the same
   */
  public void append(int layer, Matrix k, Matrix v) {
    int count = k.rows() / places.length;
    for (int b = 0; b < places.length; b++) {
      for (int i = 0; i < count; i++) {
        own.put(layer, places[b][tokens + i], k, v, b * count + i);
      }
    }
  }

  /** Keys of a layer: those of the {@link #visible} tokens of each sequence. */
  public KeyRows keys(int layer) {
    return new KeyRows(own.keys(layer), visible());
  }

  /** Values of a layer, as the keys. */
  public KeyRows values(int layer) {
    return new KeyRows(own.values(layer), visible());
  }

  private int[] visible() {
    if (visible == null) {
      int count = visible(reserved);
      visible = new int[Math.multiplyExact(places.length, count)];
      for (int b = 0; b < places.length; b++) {
        System.arraycopy(places[b], 0, visible, b * count, count);
      }
    }
    return visible;
  }

  /**
   * Keys and values of the encoder side by side: {@link #sourceTokens} rows for each of {@link
   * #sourceBatch} sequences, 2 * heads * headSize wide.
   */
  public KeyRows source(int layer) {
    return source.rows(layer);
  }

  /** The rows to write the encoder's keys and values to, [batch * tokens, 2 * heads * headSize]. */
  public Matrix sourceRows(int layer) {
    return source.written(layer);
  }

  /** Ends a successful call: its tokens, and the encoder's keys and values, count from now on. */
  public void commit() {
    rows += slots > 0 || places == null ? 0 : places.length * reserved;
    tokens += reserved;
    reserved = 0;
    sourceKnown = source != null;
  }

  /**
   * Selects sequences: sequence i becomes a copy of sequence {@code from[i]}. A beam search
   * continues with its best beams this way, and a batch drops its finished sequences.
   *
   * <p>Only row numbers are copied: sequences share the rows of their common tokens, and unused
   * sequences of the encoder stay in memory.
   *
   * @param from each in [0, batch)
   */
  public void select(int[] from) {
    checkOpen();
    for (int row : from) {
      Objects.checkIndex(row, batch());
    }
    if (from.length == 0 || (slots > 0 && from.length != places.length)) {
      throw new IllegalArgumentException(from.length + " sequences of " + batch());
    }
    if (sourceKnown) {
      source = source.select(from, places.length);
    }
    var chosen = new int[from.length][];
    for (int i = 0; i < from.length; i++) {
      chosen[i] = places[from[i]].clone();
      if (slots > 0) { // empty slots are not shared
        System.arraycopy(places[i], tokens, chosen[i], tokens, slots - tokens);
      }
    }
    places = chosen;
    visible = null;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this cache has been closed");
    }
  }

  private void freeSource() {
    if (source != null) {
      source.blocks().close();
    }
  }

  /** Frees the memory; a second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      own.close();
      freeSource();
    }
  }
}
