package io.lanewise.tokenizer.normalize;

import io.lanewise.TokenizerException;
import io.lanewise.file.HeapRoom;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * SentencePiece's precompiled map of character sequences to their normal form
 * (Normalizer::DecodePrecompiledCharsMap in SentencePiece's normalizer.cc; the spm_precompiled
 * crate).
 *
 * <p>The layout is a little-endian u32 with the size of a trie in bytes, the trie (a double array
 * as darts-clone writes it, over UTF-8 bytes), and a pool of NUL-terminated UTF-8 strings to which
 * the leaves point. Matching follows the trie with the bytes of each code point.
 */
public final class Charsmap {
  private static final int DEAD = -1;
  private static final int LONGEST_FORM = 1024;

  private final int[] units;

  /** The pool's strings by their offset, as code points; only those that a leaf points to. */
  private final Map<Integer, int[]> pool = new HashMap<>();

  /** The state after each ASCII character; DEAD if there is none. */
  private final int[] afterAscii = new int[128];

  private Charsmap(int[] units) {
    this.units = units;
  }

  /**
   * Reads the map from its bytes.
   *
   * @param bytes the map, empty for none
   * @param where name of the source, for error messages
   * @throws TokenizerException if the sizes or offsets do not fit
   */
  public static Charsmap of(byte[] bytes, String where) {
    if (bytes.length == 0) {
      var none = new Charsmap(new int[] {0});
      java.util.Arrays.fill(none.afterAscii, DEAD);
      return none;
    }
    if (bytes.length < 8) {
      throw new TokenizerException(where + ": the character map has " + bytes.length + " bytes");
    }
    var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long size = Integer.toUnsignedLong(buffer.getInt());
    if (size == 0 || size % 4 != 0 || size > buffer.remaining()) {
      throw new TokenizerException(
          where + ": the character map's trie claims " + size + " of " + bytes.length + " bytes");
    }
    var units = new int[(int) (size / 4)];
    buffer.asIntBuffer().get(units);
    var map = new Charsmap(units);
    map.readPool(bytes, 4 + (int) size, where);
    for (int c = 0; c < 128; c++) {
      map.afterAscii[c] = c == 0 ? DEAD : map.step(map.root(), c);
    }
    return map;
  }

  /**
   * Reads the string of every leaf, so that a bad offset is an error at load time and not while a
   * text is encoded.
   */
  private void readPool(byte[] bytes, int poolStart, String where) {
    var room = HeapRoom.of(where + ": the character map");
    for (int state = 0; state < units.length; state++) {
      // The value of a leaf is at the offset of its parent; such a unit has the sign bit set.
      if (units[state] < 0) {
        int offset = units[state] & 0x7FFFFFFF;
        if (!pool.containsKey(offset)) {
          int[] form = string(bytes, poolStart, offset, where);
          room.take(HeapRoom.ENTRY + HeapRoom.CONTAINER + (long) form.length * Integer.BYTES);
          pool.put(offset, form);
        }
      }
    }
  }

  private static int[] string(byte[] bytes, int poolStart, int offset, String where) {
    long from = (long) poolStart + offset;
    if (from > bytes.length) {
      throw new TokenizerException(
          where + ": the character map points to byte " + from + " of " + bytes.length);
    }
    int end = (int) from;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
      if (end - (int) from > LONGEST_FORM) {
        throw new TokenizerException(
            where + ": the character map holds a form of over " + LONGEST_FORM + " bytes");
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, (int) from, end - (int) from))
          .toString()
          .codePoints()
          .toArray();
    } catch (CharacterCodingException e) {
      throw new TokenizerException(
          where + ": the character map holds text that is not UTF-8 at byte " + from, e);
    }
  }

  private int root() {
    return offset(units[0]);
  }

  private static int offset(int unit) {
    return (unit >>> 10) << ((unit & 0x200) >>> 6);
  }

  /** The state after a byte, or DEAD. */
  private int step(int state, int b) {
    int next = state ^ b;
    if (next < 0 || next >= units.length) {
      return DEAD;
    }
    int unit = units[next];
    if ((unit & 0x800000FF) != b) {
      return DEAD;
    }
    int after = next ^ offset(unit);
    return after >= 0 && after < units.length ? after | (unit & 0x100) << 22 : DEAD;
  }

  // Bit 30 of a state is set if a key ends there.
  private static final int LEAF = 1 << 30;

  private int stepCodePoint(int state, int c) {
    if (c < 0x80) {
      return c == 0 ? DEAD : step(state & ~LEAF, c);
    }
    int next;
    if (c < 0x800) {
      next = step(state & ~LEAF, 0xC0 | c >> 6);
    } else if (c < 0x10000) {
      next = step(state & ~LEAF, 0xE0 | c >> 12);
      next = next == DEAD ? DEAD : step(next & ~LEAF, 0x80 | (c >> 6 & 0x3F));
    } else {
      next = step(state & ~LEAF, 0xF0 | c >> 18);
      next = next == DEAD ? DEAD : step(next & ~LEAF, 0x80 | (c >> 12 & 0x3F));
      next = next == DEAD ? DEAD : step(next & ~LEAF, 0x80 | (c >> 6 & 0x3F));
    }
    return next == DEAD ? DEAD : step(next & ~LEAF, 0x80 | (c & 0x3F));
  }

  private int[] leaf(int state) {
    int[] form = pool.get(units[state & ~LEAF] & 0x7FFFFFFF);
    if (form == null) {
      throw new TokenizerException(
          "the character map of this tokenizer is damaged: no form at a leaf");
    }
    return form;
  }

  /** The normal form of the shortest key at the start of [from, to), or null. */
  int[] shortest(char[] chars, int from, int to) {
    int state = root();
    for (int i = from; i < to; ) {
      int c = Character.codePointAt(chars, i, to);
      state = i == from && c < 128 ? afterAscii[c] : stepCodePoint(state, c);
      if (state == DEAD) {
        return null;
      }
      if ((state & LEAF) != 0) {
        return leaf(state);
      }
      i += Character.charCount(c);
    }
    return null;
  }

  /** The longest key found: its number of UTF-16 units, and its normal form. */
  public record Match(int units, int[] form) {}

  /** The longest key at the start of [from, to), or null. */
  public Match longest(char[] chars, int from, int to) {
    int state = root();
    int[] form = null;
    int end = from;
    for (int i = from; i < to; ) {
      int c = Character.codePointAt(chars, i, to);
      state = i == from && c < 128 ? afterAscii[c] : stepCodePoint(state, c);
      if (state == DEAD) {
        break;
      }
      i += Character.charCount(c);
      if ((state & LEAF) != 0) {
        form = leaf(state);
        end = i;
      }
    }
    return form == null ? null : new Match(end - from, form);
  }

  /** Whether some key starts with this ASCII character. */
  boolean startsKey(int ascii) {
    return afterAscii[ascii] != DEAD;
  }
}
