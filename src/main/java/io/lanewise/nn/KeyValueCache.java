package io.lanewise.nn;

import io.lanewise.InputException;
import io.lanewise.tensor.Matrix;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The keys and values of the tokens that a decoder has seen, so that each call looks at the new
 * tokens only; and those of the encoder, which never change.
 *
 * <p>It belongs to the caller, who gives it to one call after the other and closes it in the end.
 * It does not depend on the model's life. One thread at a time. A call that fails leaves it as it
 * was: nothing counts before it is committed.
 *
 * <p>A growing cache doubles its room when it is full, so that a token costs the same on average
 * however many went before it. One with slots, as Flax makes them, has all its room from the start;
 * attention then runs over all slots, and the mask hides those that are not filled.
 */
public final class KeyValueCache implements AutoCloseable {
  private static final int FIRST_ROOM = 32; // tokens

  private final int layers;
  private final int heads;
  private final int headSize;
  private final boolean slotted;
  private CacheRows own; // keys and values of a token side by side, [batch * rows, 2 * width]
  private CacheRows source; // the same of the encoder's tokens; null without cross attention
  private float[] sourceSeen;
  private int tokens;
  private int reserved;
  private boolean sourceKnown;
  private boolean closed;

  private KeyValueCache(int layers, int heads, int headSize, boolean slotted) {
    this.layers = layers;
    this.heads = heads;
    this.headSize = headSize;
    this.slotted = slotted;
  }

  /** An empty cache that grows. */
  public static KeyValueCache growing(int layers, int heads, int headSize) {
    return new KeyValueCache(layers, heads, headSize, false);
  }

  /** An empty cache of {@code slots} tokens for each of {@code batch} sequences, all zero. */
  public static KeyValueCache slots(int layers, int heads, int headSize, int batch, int slots) {
    var cache = new KeyValueCache(layers, heads, headSize, true);
    cache.own = CacheRows.of(layers, batch, slots, cache.columns());
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
    return own == null ? 0 : own.batch();
  }

  /** Tokens of each sequence so far; Flax calls it {@code cache_index}. */
  public int tokens() {
    return tokens;
  }

  /** Slots of each sequence, 0 for a cache that grows. */
  public int slots() {
    return slotted ? own.rows() : 0;
  }

  /**
   * Keys that a call of {@code count} more tokens looks at: all so far and its own, or all slots.
   */
  public int visible(int count) {
    return slotted ? own.rows() : tokens + count;
  }

  /** Whether the encoder's keys and values are known, so that its states are not needed again. */
  public boolean hasSource() {
    return sourceKnown;
  }

  /** Sequences of the encoder; 0 if nothing of it is kept. */
  public int sourceBatch() {
    return source == null ? 0 : source.batch();
  }

  /** Tokens of each sequence of the encoder; 0 if nothing of it is kept. */
  public int sourceTokens() {
    return source == null ? 0 : source.rows();
  }

  /** Which tokens of the encoder count, [sourceBatch * sourceTokens]; null for all. */
  public float[] sourceSeen() {
    return sourceSeen == null ? null : sourceSeen.clone();
  }

  /** Bytes held outside the heap. */
  public long bytes() {
    return (own == null ? 0 : own.region().allocatedBytes())
        + (source == null ? 0 : source.region().allocatedBytes());
  }

  /**
   * Makes room for the tokens of one call, which count from {@link #commit} on.
   *
   * @param count tokens of each sequence
   * @throws InputException if the cache holds another number of sequences, or its slots are full
   */
  public void reserve(int batch, int count) {
    checkOpen();
    if (own != null && own.batch() != batch && (slotted || tokens > 0)) {
      throw new InputException(
          "past_key_values: they are of "
              + own.batch()
              + " sequences, the call has "
              + batch
              + ": give the same number");
    }
    int needed = Math.addExact(tokens, count);
    if (slotted) {
      if (needed > own.rows()) {
        throw new InputException(
            "past_key_values: "
                + tokens
                + " of "
                + own.rows()
                + " slots are filled, "
                + count
                + " more tokens do not fit: make the cache longer");
      }
    } else if (own == null || own.batch() != batch || own.rows() < needed) {
      int rows = (int) Math.max(Math.max(FIRST_ROOM, needed), Math.min(2L * rows(), 1 << 24));
      var larger =
          tokens == 0
              ? CacheRows.of(layers, batch, rows, columns())
              : own.select(identity(batch), tokens, rows);
      free(own);
      own = larger;
    }
    reserved = count;
  }

  private int rows() {
    return own == null ? 0 : own.rows();
  }

  /**
   * Makes room for the keys and values of the encoder; nothing to do if they are known.
   *
   * @param count tokens of each sequence
   * @param seen which of them count, [batch * count] as in {@link Mask#padding}; null for all
   */
  public void reserveSource(int batch, int count, float[] seen) {
    checkOpen();
    if (sourceKnown) {
      return;
    }
    if (source == null || source.batch() != batch || source.rows() != count) {
      free(source);
      source = null;
      source = CacheRows.of(layers, batch, count, columns());
    }
    sourceSeen = seen == null ? null : seen.clone();
  }

  /**
   * Puts the tokens of this call behind the others.
   *
   * @param k [batch * count, heads * headSize]
   * @param v the same
   */
  public void append(int layer, Matrix k, Matrix v) {
    int count = k.rows() / own.batch();
    for (int b = 0; b < own.batch(); b++) {
      int to = b * own.rows() + tokens;
      keys(layer).rows(to, count).copyFrom(k.rows(b * count, count));
      values(layer).rows(to, count).copyFrom(v.rows(b * count, count));
    }
  }

  /** Keys of a layer, [batch * rows, heads * headSize], of each sequence the first ones filled. */
  public Matrix keys(int layer) {
    return own.layers().get(layer).columns(0, heads * headSize);
  }

  /** Values of a layer, as the keys. */
  public Matrix values(int layer) {
    return own.layers().get(layer).columns(heads * headSize, heads * headSize);
  }

  /** Keys and values of the encoder side by side, [batch * tokens, 2 * heads * headSize]. */
  public Matrix source(int layer) {
    return source.layers().get(layer);
  }

  /**
   * The end of a call that went well: its tokens, and the encoder's keys and values, count from now
   * on.
   */
  public void commit() {
    tokens += reserved;
    reserved = 0;
    sourceKnown = source != null;
  }

  /**
   * Chooses among the sequences: i becomes what {@code from[i]} was. A beam search goes on with its
   * best beams so, and a batch loses its finished sequences.
   *
   * <p>What is known of the encoder stays where it is as long as each group of sequences keeps to
   * its source. Sources that nobody asks any more leave; where the groups become uneven, every
   * sequence gets a source of its own.
   *
   * @param from each in [0, batch)
   */
  public void select(int[] from) {
    checkOpen();
    for (int row : from) {
      java.util.Objects.checkIndex(row, batch());
    }
    if (from.length == 0 || (slotted && from.length != own.batch())) {
      throw new IllegalArgumentException(from.length + " sequences of " + own.batch());
    }
    if (sourceKnown) {
      selectSource(from);
    }
    if (from.length == own.batch()) {
      own.reorder(from, tokens);
    } else {
      var chosen = own.select(from, tokens, own.rows());
      free(own);
      own = chosen;
    }
  }

  private void selectSource(int[] from) {
    int group = own.batch() / source.batch();
    int[] sources = grouped(Arrays.stream(from).map(row -> row / group).toArray());
    if (Arrays.equals(sources, identity(source.batch()))) {
      return;
    }
    var chosen = source.select(sources, source.rows(), source.rows());
    free(source);
    source = chosen;
    if (sourceSeen != null) {
      var seen = new float[Math.multiplyExact(sources.length, source.rows())];
      for (int i = 0; i < sources.length; i++) {
        System.arraycopy(
            sourceSeen, sources[i] * source.rows(), seen, i * source.rows(), source.rows());
      }
      sourceSeen = seen;
    }
  }

  /**
   * Each source once, if equally many sequences that follow each other have it; as it is otherwise.
   */
  private static int[] grouped(int[] sources) {
    int[] starts =
        IntStream.range(0, sources.length)
            .filter(i -> i == 0 || sources[i] != sources[i - 1])
            .toArray();
    int group = sources.length / starts.length;
    boolean even = sources.length % starts.length == 0;
    for (int i = 0; even && i < starts.length; i++) {
      even = starts[i] == i * group;
    }
    return even ? Arrays.stream(starts).map(start -> sources[start]).toArray() : sources;
  }

  private static int[] identity(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this cache has been closed");
    }
  }

  private static void free(CacheRows rows) {
    if (rows != null) {
      rows.region().close();
    }
  }

  /** Frees the memory; a second call does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      free(own);
      free(source);
    }
  }
}
