package io.lanewise.tokenizer.split;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.tokenizer.normalize.AlignedText;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/**
 * GPT-2's byte alphabet: a visible character for each byte ({@code bytes_to_unicode} in Hugging
 * Face's tokenization_gpt2.py; {@code bytes_char} in pre_tokenizers/byte_level.rs). Printable ASCII
 * and Latin-1 characters represent themselves, the other 68 bytes are U+0100 and following; the
 * space is {@code Ġ}.
 */
public final class ByteAlphabet {
  /** The character of the space. */
  public static final char SPACE = '\u0120';

  private static final char[] CHARACTERS = new char[256];
  private static final short[] BYTES = new short[0x180];

  static {
    Arrays.fill(BYTES, (short) -1);
    char next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b != 0xAD);
      CHARACTERS[b] = visible ? (char) b : next++;
      BYTES[CHARACTERS[b]] = (short) b;
    }
  }

  private ByteAlphabet() {}

  /** The character of a byte, 0 to 255. */
  public static char character(int b) {
    return CHARACTERS[b];
  }

  /** The byte of a character, -1 if it is not in the alphabet. */
  static int byteOf(char c) {
    return c < BYTES.length ? BYTES[c] : -1;
  }

  /** Appends the bytes of [from, to) of a text, each with the range of its character. */
  public static void append(AlignedText source, int from, int to, AlignedText target) {
    target.reserve(to - from);
    int ascii = appendAscii(source, from, to, target);
    for (int i = ascii; i < to; i++) {
      char c = source.chars[i];
      int start = source.starts[i];
      int end = source.ends[i];
      if (c < 0x80) {
        target.append(CHARACTERS[c], start, end);
      } else if (c < 0x800) {
        target.append(CHARACTERS[0xC0 | (c >> 6)], start, end);
        target.append(CHARACTERS[0x80 | (c & 0x3F)], start, end);
      } else if (Character.isHighSurrogate(c)) {
        int cp = source.codePointAt(i++);
        target.append(CHARACTERS[0xF0 | (cp >> 18)], start, end);
        target.append(CHARACTERS[0x80 | ((cp >> 12) & 0x3F)], start, end);
        target.append(CHARACTERS[0x80 | ((cp >> 6) & 0x3F)], start, end);
        target.append(CHARACTERS[0x80 | (cp & 0x3F)], start, end);
      } else {
        target.append(CHARACTERS[0xE0 | (c >> 12)], start, end);
        target.append(CHARACTERS[0x80 | ((c >> 6) & 0x3F)], start, end);
        target.append(CHARACTERS[0x80 | (c & 0x3F)], start, end);
      }
    }
  }

  /** Appends the ASCII characters at the start of [from, to), and returns their end. */
  private static int appendAscii(AlignedText source, int from, int to, AlignedText target) {
    char[] chars = source.chars;
    char[] bytes = target.chars;
    int shift = target.length - from;
    int i = from;
    while (i < to && chars[i] < 0x80) {
      bytes[i + shift] = CHARACTERS[chars[i]];
      i++;
    }
    System.arraycopy(source.starts, from, target.starts, target.length, i - from);
    System.arraycopy(source.ends, from, target.ends, target.length, i - from);
    target.length += i - from;
    return i;
  }

  /**
   * The text of tokens in this alphabet; a token with any other character is copied. Invalid UTF-8
   * becomes U+FFFD, one for each maximal invalid part.
   */
  public static String decode(List<String> tokens) {
    var bytes = new ByteArrayOutputStream();
    for (String token : tokens) {
      byte[] own = bytesOf(token);
      bytes.writeBytes(own == null ? token.getBytes(UTF_8) : own);
    }
    return bytes.toString(UTF_8);
  }

  private static byte[] bytesOf(String token) {
    var bytes = new byte[token.length()];
    for (int i = 0; i < bytes.length; i++) {
      int b = byteOf(token.charAt(i));
      if (b < 0) {
        return null;
      }
      bytes[i] = (byte) b;
    }
    return bytes;
  }
}
