package io.lanewise.tokenizer.subword;

import io.lanewise.file.HeapRoom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;

/**
 * Builds the arrays of a {@link CharTrie}. It processes the sorted keys in ranges with a common
 * prefix, and gives the children of each range the first base at which all their places are free.
 */
final class CharTrieBuilder {
  /** The number of bases tried for a set of children before the end of the array is used. */
  private static final int TRIALS = 128;

  /** Bytes of a state. */
  private static final int STATE = 3 * Integer.BYTES;

  private final HeapRoom room = HeapRoom.of("the vocabulary");
  private final String[] keys;
  private final int[] ids;
  private final char[] codes = new char[1 << 16];
  private final int alphabet;
  private final BitSet used = new BitSet();
  private int firstFree = 1;
  private int[] base = new int[1024];
  private int[] check = new int[1024];
  private int[] values = new int[1024];
  private int size = 1;

  CharTrieBuilder(String[] keys, int[] ids) {
    var order = new Integer[keys.length];
    int count = 0;
    var frequency = new int[1 << 16];
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != null && !keys[i].isEmpty()) {
        order[count++] = i;
        for (int k = 0; k < keys[i].length(); k++) {
          frequency[keys[i].charAt(k)]++;
        }
      }
    }
    // A stable sort: equal keys keep their order, and the last one counts.
    Arrays.sort(order, 0, count, Comparator.comparing(i -> keys[i]));
    this.keys = new String[count];
    this.ids = new int[count];
    for (int i = 0; i < count; i++) {
      this.keys[i] = keys[order[i]];
      this.ids[i] = ids[order[i]];
    }
    this.alphabet = number(frequency);
    Arrays.fill(check, -1);
    Arrays.fill(values, CharTrie.NONE);
    used.set(0);
  }

  private int number(int[] frequency) {
    var units = new Integer[frequency.length];
    int count = 0;
    for (int unit = 0; unit < frequency.length; unit++) {
      if (frequency[unit] > 0) {
        units[count++] = unit;
      }
    }
    Arrays.sort(units, 0, count, Comparator.comparing(unit -> -frequency[unit]));
    for (int i = 0; i < count; i++) {
      codes[units[i]] = (char) (i + 1);
    }
    return count;
  }

  CharTrie build() {
    // Ranges of keys with a common prefix, and the state of the prefix.
    var states = new int[64];
    var lows = new int[64];
    var highs = new int[64];
    var depths = new int[64];
    int open = 0;
    int longest = 0;
    if (keys.length > 0) {
      highs[0] = keys.length;
      open = 1;
    }
    while (open > 0) {
      open--;
      int state = states[open];
      int low = lows[open];
      int high = highs[open];
      int depth = depths[open];
      while (low < high && keys[low].length() == depth) {
        values[state] = ids[low];
        longest = Math.max(longest, depth);
        low++;
      }
      int children = countChildren(low, high, depth);
      if (children == 0) {
        continue;
      }
      var firsts = new int[children + 1];
      children = 0;
      for (int i = low; i < high; i++) {
        if (i == low || keys[i].charAt(depth) != keys[i - 1].charAt(depth)) {
          firsts[children++] = i;
        }
      }
      firsts[children] = high;
      int place = place(firsts, children, depth);
      base[state] = place;
      if (open + children > states.length) {
        int capacity = Math.max(open + children, states.length * 2);
        states = Arrays.copyOf(states, capacity);
        lows = Arrays.copyOf(lows, capacity);
        highs = Arrays.copyOf(highs, capacity);
        depths = Arrays.copyOf(depths, capacity);
      }
      for (int k = 0; k < children; k++) {
        int child = place + codes[keys[firsts[k]].charAt(depth)];
        check[child] = state;
        used.set(child);
        size = Math.max(size, child + 1);
        states[open] = child;
        lows[open] = firsts[k];
        highs[open] = firsts[k + 1];
        depths[open] = depth + 1;
        open++;
      }
      firstFree = used.nextClearBit(firstFree);
    }
    // A step from any state stays inside the arrays.
    grow(size + alphabet + 1);
    int cells = size + alphabet + 1;
    return new CharTrie(
        codes,
        Arrays.copyOf(base, cells),
        Arrays.copyOf(check, cells),
        Arrays.copyOf(values, cells),
        longest);
  }

  private int countChildren(int low, int high, int depth) {
    int children = 0;
    for (int i = low; i < high; i++) {
      if (i == low || keys[i].charAt(depth) != keys[i - 1].charAt(depth)) {
        children++;
      }
    }
    return children;
  }

  /** Finds a base at which all children's places are free. */
  private int place(int[] firsts, int children, int depth) {
    int least = alphabet;
    int most = 0;
    for (int k = 0; k < children; k++) {
      int code = codes[keys[firsts[k]].charAt(depth)];
      least = Math.min(least, code);
      most = Math.max(most, code);
    }
    int free = Math.max(firstFree, least);
    for (int trial = 0; trial < TRIALS && free < size; trial++) {
      free = used.nextClearBit(free);
      int place = free - least;
      if (fits(place, firsts, children, depth)) {
        grow(place + most + 1);
        return place;
      }
      free++;
    }
    int place = Math.max(0, Math.max(size, used.length()) - least);
    grow(place + most + 1);
    return place;
  }

  private boolean fits(int place, int[] firsts, int children, int depth) {
    for (int k = 0; k < children; k++) {
      if (used.get(place + codes[keys[firsts[k]].charAt(depth)])) {
        return false;
      }
    }
    return true;
  }

  private void grow(int needed) {
    int old = base.length;
    if (needed > old) {
      int capacity = Math.max(needed, old * 2);
      room.take((long) (capacity - old) * STATE);
      base = Arrays.copyOf(base, capacity);
      check = Arrays.copyOf(check, capacity);
      values = Arrays.copyOf(values, capacity);
      Arrays.fill(check, old, capacity, -1);
      Arrays.fill(values, old, capacity, CharTrie.NONE);
    }
  }
}
