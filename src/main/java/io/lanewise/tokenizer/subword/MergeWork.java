package io.lanewise.tokenizer.subword;

import java.util.Arrays;

/**
 * The merges of one word: its symbols and their ends (models/bpe/word.rs in Hugging Face's
 * tokenizers library). A growing buffer, used by one call.
 *
 * <p>The pair of the lowest rank, the leftmost of equals, is merged first. For short words it is
 * found by comparing all pairs; long words keep the pairs in a heap, in time n log n.
 */
final class MergeWork implements SubwordModel.Scratch {
  private static final int SHORT = 48;

  /** The symbols' ids; valid up to {@link #count}. */
  int[] ids = new int[SHORT];

  /** The end of each symbol in the word, exclusive; it begins at the end of the one before it. */
  int[] ends = new int[SHORT];

  int count;

  /** For each symbol, {@link Merges#get} of it and the next one. */
  private long[] pairs = new long[SHORT];

  void clear() {
    count = 0;
  }

  void add(int id, int end) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, count * 2);
      ends = Arrays.copyOf(ends, count * 2);
      pairs = new long[count * 2];
    }
    ids[count] = id;
    ends[count] = end;
    count++;
  }

  void merge(Merges merges) {
    if (count < 2) {
      return;
    }
    for (int i = 0; i + 1 < count; i++) {
      pairs[i] = merges.get(ids[i], ids[i + 1]);
    }
    if (count <= SHORT) {
      mergeShort(merges);
    } else {
      mergeLong(merges);
    }
  }

  private void mergeShort(Merges merges) {
    int n = count;
    while (n > 1) {
      int best = 0;
      for (int i = 1; i < n - 1; i++) {
        if (pairs[i] < pairs[best]) {
          best = i;
        }
      }
      if (pairs[best] == Merges.NONE) {
        break;
      }
      ids[best] = (int) pairs[best];
      ends[best] = ends[best + 1];
      n--;
      for (int i = best + 1; i < n; i++) {
        ids[i] = ids[i + 1];
        ends[i] = ends[i + 1];
        pairs[i] = pairs[i + 1];
      }
      pairs[best] = best + 1 < n ? merges.get(ids[best], ids[best + 1]) : Merges.NONE;
      if (best > 0) {
        pairs[best - 1] = merges.get(ids[best - 1], ids[best]);
      }
    }
    count = n;
  }

  private void mergeLong(Merges merges) {
    var next = new int[count];
    var previous = new int[count];
    for (int i = 0; i < count; i++) {
      next[i] = i + 1;
      previous[i] = i - 1;
    }
    pairs[count - 1] = Merges.NONE;
    var heap = new Heap(count);
    for (int i = 0; i < count; i++) {
      heap.push(pairs[i], i);
    }
    while (heap.size > 0) {
      long top = heap.pop();
      int at = (int) top;
      // The entry is outdated if there is another pair at this place now.
      if (pairs[at] == Merges.NONE || pairs[at] >>> 32 != top >>> 32) {
        continue;
      }
      int right = next[at];
      ids[at] = (int) pairs[at];
      ends[at] = ends[right];
      pairs[right] = Merges.NONE;
      next[at] = next[right];
      if (next[at] < count) {
        previous[next[at]] = at;
        pairs[at] = merges.get(ids[at], ids[next[at]]);
        heap.push(pairs[at], at);
      } else {
        pairs[at] = Merges.NONE;
      }
      int left = previous[at];
      if (left >= 0) {
        pairs[left] = merges.get(ids[left], ids[at]);
        heap.push(pairs[left], left);
      }
    }
    int n = 0;
    for (int i = 0; i < count; i = next[i]) {
      ids[n] = ids[i];
      ends[n] = ends[i];
      n++;
    }
    count = n;
  }

  /**
   * A binary heap of ranks and places in one long each: the rank in the upper half, the place in
   * the lower.
   */
  private static final class Heap {
    private long[] items;
    private int size;

    Heap(int capacity) {
      items = new long[capacity];
    }

    void push(long pair, int at) {
      if (pair == Merges.NONE) {
        return;
      }
      if (size == items.length) {
        items = Arrays.copyOf(items, size * 2);
      }
      long item = (pair & 0xFFFFFFFF00000000L) | at;
      int i = size++;
      while (i > 0 && items[(i - 1) >> 1] > item) {
        items[i] = items[(i - 1) >> 1];
        i = (i - 1) >> 1;
      }
      items[i] = item;
    }

    long pop() {
      long top = items[0];
      long last = items[--size];
      int i = 0;
      for (int child = 1; child < size; child = 2 * i + 1) {
        if (child + 1 < size && items[child + 1] < items[child]) {
          child++;
        }
        if (items[child] >= last) {
          break;
        }
        items[i] = items[child];
        i = child;
      }
      items[i] = last;
      return top;
    }
  }
}
