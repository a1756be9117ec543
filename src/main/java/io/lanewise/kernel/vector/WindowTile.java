package io.lanewise.kernel.vector;

import static jdk.incubator.vector.FloatVector.SPECIES_PREFERRED;

import io.lanewise.kernel.TokenRoles.Role;
import io.lanewise.kernel.WindowedAttention.Arguments;
import io.lanewise.kernel.packing.GroupedRows;
import io.lanewise.kernel.packing.WindowPanels;
import io.lanewise.memory.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A few queries at a time of one head and the keys that they see. A row of scores holds first those
 * of the global keys, filled up to whole blocks, then those of the panels that the window touches:
 * each part begins with a block, as {@link GroupedRows} wants it.
 */
final class WindowTile {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final WindowPanels panels = new WindowPanels();
  private final MemorySegment zeros =
      Arena.ofAuto().allocate((long) Panels.width() * Float.BYTES, 64);
  private Arguments a;
  private int b;
  private int head;
  private int globals; // global keys
  private int front; // slots that they fill up
  private int begin; // of the window in a row of scores
  private int low; // position of the key in slot `front`
  private int slots;
  private boolean blind; // whether any key in the window is hidden or global
  private int[] rows = {}; // of each slot
  private float[] bias = {}; // of each slot: 0, or -∞ for a key that is not seen as a neighbour
  private float[] queries = {}; // a group of rows of the head's features
  private final float[] scales = new float[Panels.GROUP];
  private float[] scores = {}; // a group of rows
  private float[] fromGlobals = {};
  private float[] context = {}; // [GROUP, panels of a head * width]
  private final float[] lanes = new float[SPECIES_PREFERRED.length()];

  /** Lays out what the queries from {@code from} to {@code to} of a head may see. */
  void start(Arguments arguments, int sequence, int whichHead, int from, int to) {
    a = arguments;
    b = sequence;
    head = whichHead;
    var roles = a.roles();
    var positions = roles.globals()[b];
    int width = Panels.width();
    globals = positions.length;
    front = Panels.count(globals) * width;
    begin = Math.ceilDiv(front, Panels.BLOCK) * Panels.BLOCK;
    low = Math.max(0, from - a.reach());
    int high = Math.min(roles.tokens(), to + a.reach());
    slots = front + high - low;
    if (rows.length < slots) {
      rows = new int[slots];
      bias = new float[Panels.count(slots) * width];
    }
    int first = b * roles.tokens();
    for (int i = 0; i < front; i++) {
      rows[i] = i < globals ? first + positions[i] : -1;
    }
    blind = false;
    for (int key = low; key < high; key++) {
      boolean seen = roles.role(b, key) == Role.LOCAL;
      rows[front + key - low] = first + key;
      bias[front + key - low] = seen ? 0 : Float.NEGATIVE_INFINITY;
      blind |= !seen;
    }
    panels.pack(a.k(), a.v(), rows, slots, head * a.headSize(), a.headSize(), a.scale());
    int longest = begin + (Panels.count(a.window() + Panels.GROUP) + 1) * width;
    scores = atLeast(scores, GroupedRows.size(longest));
    queries = atLeast(queries, GroupedRows.size(a.headSize()));
    context = atLeast(context, Panels.GROUP * contextStride());
    fromGlobals = atLeast(fromGlobals, Panels.GROUP * contextStride());
  }

  private static float[] atLeast(float[] array, int length) {
    return array.length >= length ? array : new float[length];
  }

  private int contextStride() {
    return Panels.count(a.headSize()) * Panels.width();
  }

  /** Attends from {@code count} queries, the first at token t. */
  void attend(int t, int count, Matrix probabilities, Matrix out) {
    if (!anyLocal(t, count)) {
      clear(t, count, probabilities, out);
      return;
    }
    int width = Panels.width();
    loadQueries(t, count);
    int lowKey = Math.max(0, t - a.reach());
    int highKey = Math.min(a.roles().tokens(), t + count + a.reach());
    int firstPanel = (front + lowKey - low) / width;
    int lastPanel = Panels.count(front + highKey - low);
    for (int panel = 0; panel < front / width; panel++) {
      score(count, panel, panel * width);
    }
    for (int panel = firstPanel; panel < lastPanel; panel++) {
      score(count, panel, begin + (panel - firstPanel) * width);
    }
    // a key's column is its position plus this
    int shift = begin + front - low - firstPanel * width;
    int columns = shift + highKey;
    int padded = Math.ceilDiv(columns, SPECIES_PREFERRED.length()) * SPECIES_PREFERRED.length();
    for (int r = 0; r < count; r++) {
      int from = shift + Math.max(0, t + r - a.reach());
      int to = shift + Math.min(a.roles().tokens(), t + r + a.reach() + 1);
      if (blind) {
        addBias(r, from, from - shift - low + front, to - from);
      }
      hide(r, globals, from);
      hide(r, to, padded);
      int row = r * Panels.BLOCK;
      float max = SoftmaxRow.max(scores, row, padded, Panels.GROUP);
      scales[r] = 1 / SoftmaxRow.exponentials(scores, row, padded, Panels.GROUP, max, lanes, 0);
      if (a.headMask() != null) {
        scales[r] *= a.headMask()[head];
      }
    }
    mix(count, firstPanel * width, columns - begin);
    for (int r = 0; r < count; r++) {
      boolean local = a.roles().role(b, t + r).asksLocally();
      write(t + r, r, local ? scales[r] : 0, local, out);
      if (probabilities != null) {
        writeProbabilities(t + r, r, shift, scales[r], local, probabilities);
      }
    }
  }

  private boolean anyLocal(int t, int count) {
    for (int r = 0; r < count; r++) {
      if (a.roles().role(b, t + r).asksLocally()) {
        return true;
      }
    }
    return false;
  }

  private void loadQueries(int t, int count) {
    int size = a.headSize();
    for (int r = 0; r < count; r++) {
      int row = b * a.roles().tokens() + t + r;
      GroupedRows.copyRow(a.q(), row, head * size, size, queries, r * Panels.BLOCK);
    }
  }

  private void score(int count, int panel, int column) {
    Panels.multiply(
        count,
        queries,
        0,
        a.headSize(),
        panels.keys(),
        panels.keysAt(panel),
        zeros,
        0,
        scores,
        GroupedRows.place(column),
        Panels.BLOCK);
  }

  private void addBias(int r, int column, int biasAt, int count) {
    for (int i = 0; i < count; i++) {
      scores[place(r, column + i)] += bias[biasAt + i];
    }
  }

  /** Columns that a row does not see, or that hold nothing. */
  private void hide(int r, int from, int to) {
    for (int column = from; column < to; column++) {
      scores[place(r, column)] = Float.NEGATIVE_INFINITY;
    }
  }

  private static int place(int r, int column) {
    return r * Panels.BLOCK + GroupedRows.place(column);
  }

  /** Weighs the values of the window, which begins at a slot, and those of global keys. */
  private void mix(int count, int slot, int keys) {
    for (int panel = 0; panel < Panels.count(a.headSize()); panel++) {
      int to = panel * Panels.width();
      weigh(count, GroupedRows.place(begin), keys, panels.valuesAt(panel, slot), context, to);
      if (globals > 0) {
        weigh(count, 0, globals, panels.valuesAt(panel, 0), fromGlobals, to);
      }
    }
    for (int i = 0; globals > 0 && i < count * contextStride(); i++) {
      context[i] += fromGlobals[i];
    }
  }

  private void weigh(int count, int from, int keys, long valuesAt, float[] sums, int to) {
    var values = panels.values();
    int stride = contextStride();
    Panels.multiply(count, scores, from, keys, values, valuesAt, zeros, 0, sums, to, stride);
  }

  private void write(int t, int r, float scale, boolean local, Matrix out) {
    int at = r * contextStride();
    for (int d = at; d < at + a.headSize(); d++) {
      context[d] = local ? context[d] * scale : 0;
    }
    long to = out.offset(b * a.roles().tokens() + t) + (long) head * a.headSize() * Float.BYTES;
    MemorySegment.copy(context, at, out.data(), FLOAT, to, a.headSize());
  }

  private void writeProbabilities(
      int t, int r, int shift, float scale, boolean local, Matrix probabilities) {
    var row = new float[a.columns()];
    if (local) {
      Arrays.fill(row, Float.isNaN(scale) ? scale : 0);
      for (int i = 0; i < globals; i++) {
        row[i] = scores[place(r, i)] * scale;
      }
      int first = a.roles().mostGlobals() - t + a.reach();
      int to = Math.min(a.roles().tokens(), t + a.reach() + 1);
      for (int key = Math.max(0, t - a.reach()); key < to; key++) {
        row[first + key] = scores[place(r, shift + key)] * scale;
      }
    }
    int sequence = b * a.heads() + head;
    probabilities.rows(sequence * a.roles().tokens() + t, 1).copyFrom(row, 0);
  }

  private void clear(int t, int count, Matrix probabilities, Matrix out) {
    for (int r = 0; r < count; r++) {
      write(t + r, r, 0, false, out);
      if (probabilities != null) {
        writeProbabilities(t + r, r, 0, 0, false, probabilities);
      }
    }
  }
}
