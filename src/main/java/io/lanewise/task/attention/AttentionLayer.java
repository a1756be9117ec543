package io.lanewise.task.attention;

import io.lanewise.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;

/**
 * The attention of one layer: for each head and each query token how much it takes from each key
 * token, after the softmax. A row sums to 1.
 *
 * <pre>{@code
 * try (var attention = AttentionTask.load(Path.of("my-model"))) {
 *   var layer = attention.predict("The cat sat.").parts().getFirst().layers().getFirst();
 *   float[] weights = layer.row(0, 1); // of head 0 and token 1, to all tokens
 *   System.out.println(Arrays.toString(weights));
 * }
 * }</pre>
 */
public sealed interface AttentionLayer {
  int heads();

  int queries();

  int keys();

  /**
   * What one query token takes from all key tokens, [keys], each from 0 to 1.
   *
   * @throws IndexOutOfBoundsException if there is no such head or query
   */
  float[] row(int head, int query);

  /** One weight of a {@link #row}. */
  float weight(int head, int query, int key);

  /** Whether a query token may look at a key token at all: windows do not reach everywhere. */
  boolean sees(int query, int key);

  /** The rows of one head, [queries][keys]. */
  default float[][] map(int head) {
    var map = new float[queries()][];
    Arrays.setAll(map, query -> row(head, query));
    return map;
  }

  /**
   * Attention of all tokens to all.
   *
   * @param weights [heads, queries, keys]
   */
  record Dense(Tensor weights) implements AttentionLayer {
    /** One sequence of {@code attentions}, [batch, heads, queries, keys]. */
    static Dense of(Tensor attentions, int sequence) {
      return new Dense(sequence(attentions, sequence));
    }

    @Override
    public int heads() {
      return weights.shape().size(0);
    }

    @Override
    public int queries() {
      return weights.shape().size(1);
    }

    @Override
    public int keys() {
      return weights.shape().size(2);
    }

    @Override
    public float[] row(int head, int query) {
      return weights.row(Objects.checkIndex(head, heads()), Objects.checkIndex(query, queries()));
    }

    @Override
    public float weight(int head, int query, int key) {
      return weights.at(head, query, key);
    }

    @Override
    public boolean sees(int query, int key) {
      return true;
    }
  }

  /**
   * Attention in which a token sees its neighbours and the global tokens, and a global token all
   * (Beltagy et al. 2020, section 3.1). Kept as narrow as the model gives it; {@link #row} puts
   * every weight where its key stands.
   *
   * @param near [heads, tokens, slots + window + 1]: what a token takes from the global tokens,
   *     then from its neighbours, {@code window / 2} before it first; zero in the rows of global
   *     tokens
   * @param far [heads, keys, slots]: what the global tokens take from each key; there may be more
   *     keys than tokens, and the rest is zero
   * @param globals positions of the global tokens, ascending; at most as many as slots
   */
  record Windowed(Tensor near, Tensor far, int[] globals) implements AttentionLayer {
    /**
     * One sequence of a batch.
     *
     * @param attentions [batch, heads, tokens, slots + window + 1]
     * @param globalAttentions [batch, heads, keys, slots]; null if no sequence has a global token
     */
    static Windowed of(Tensor attentions, Tensor globalAttentions, int sequence, int[] globals) {
      var near = sequence(attentions, sequence);
      var far =
          globalAttentions == null
              ? Tensor.of(new float[0], near.shape().size(0), near.shape().size(1), 0)
              : sequence(globalAttentions, sequence);
      return new Windowed(near, far, globals);
    }

    /** Neighbours that a token sees, half of them on each side. */
    public int window() {
      return near.shape().size(2) - slots() - 1;
    }

    private int slots() {
      return far.shape().size(2);
    }

    @Override
    public int heads() {
      return near.shape().size(0);
    }

    @Override
    public int queries() {
      return near.shape().size(1);
    }

    @Override
    public int keys() {
      return queries();
    }

    @Override
    public float[] row(int head, int query) {
      var row = new float[keys()];
      for (int key = 0; key < row.length; key++) {
        row[key] = weight(head, query, key);
      }
      return row;
    }

    @Override
    public float weight(int head, int query, int key) {
      Objects.checkIndex(key, keys());
      int asking = Arrays.binarySearch(globals, Objects.checkIndex(query, queries()));
      if (asking >= 0) {
        return far.at(head, key, asking);
      }
      int asked = Arrays.binarySearch(globals, key);
      if (asked >= 0) {
        return near.at(head, query, asked);
      }
      return sees(query, key) ? near.at(head, query, slots() + key - query + window() / 2) : 0;
    }

    @Override
    public boolean sees(int query, int key) {
      return Math.abs(key - query) <= window() / 2
          || Arrays.binarySearch(globals, query) >= 0
          || Arrays.binarySearch(globals, key) >= 0;
    }
  }

  /** One sequence of a batch without its first dimension. */
  private static Tensor sequence(Tensor batch, int sequence) {
    var shape = batch.shape();
    int size = Math.toIntExact(shape.count() / shape.dim(0));
    int from = Objects.checkIndex(sequence, shape.size(0)) * size;
    var values = Arrays.copyOfRange(batch.floats(), from, from + size);
    return Tensor.of(values, Arrays.copyOfRange(shape.dims(), 1, shape.rank()));
  }
}
