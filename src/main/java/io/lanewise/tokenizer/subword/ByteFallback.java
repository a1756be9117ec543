package io.lanewise.tokenizer.subword;

import io.lanewise.tokenizer.decode.Decoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The byte pieces {@code <0x00>} to {@code <0xFF>} for single bytes of UTF-8, and their decoder
 * (decoders/byte_fallback.rs in Hugging Face's tokenizers library).
 */
public record ByteFallback() implements Decoder {
  private static final String DIGITS = "0123456789ABCDEF";

  /** The piece of a byte. */
  static String piece(byte b) {
    return "<0x" + DIGITS.charAt(b >> 4 & 15) + DIGITS.charAt(b & 15) + ">";
  }

  @Override
  public List<String> apply(List<String> tokens) {
    var parts = new ArrayList<String>(tokens.size());
    var run = new byte[tokens.size()];
    int count = 0;
    for (String token : tokens) {
      int b = byteOf(token);
      if (b >= 0) {
        run[count++] = (byte) b;
      } else {
        flush(run, count, parts);
        count = 0;
        parts.add(token);
      }
    }
    flush(run, count, parts);
    return parts;
  }

  /** The byte of a piece; -1 for any other piece. */
  private static int byteOf(String token) {
    if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
      return -1;
    }
    int high = Character.digit(token.charAt(3), 16);
    int low = Character.digit(token.charAt(4), 16);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
  }

  /** A run of bytes that is not valid UTF-8 becomes one U+FFFD per byte. */
  private static void flush(byte[] run, int count, List<String> parts) {
    if (count == 0) {
      return;
    }
    try {
      var decoder = StandardCharsets.UTF_8.newDecoder();
      parts.add(decoder.decode(ByteBuffer.wrap(run, 0, count)).toString());
    } catch (CharacterCodingException _) {
      for (int i = 0; i < count; i++) {
        parts.add("\uFFFD");
      }
    }
  }
}
