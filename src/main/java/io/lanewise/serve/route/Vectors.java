package io.lanewise.serve.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lanewise.task.Embedding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;

/** Vectors as JSON, without a tree: there are many numbers in them. */
final class Vectors {
  private static final int CHARACTERS_OF_A_NUMBER = 13;

  private Vectors() {}

  /** A list of vectors. */
  static byte[] json(List<Embedding> vectors) {
    var text = new StringBuilder(16 + vectors.size() * room(vectors));
    text.append('[');
    for (int i = 0; i < vectors.size(); i++) {
      if (i > 0) {
        text.append(',');
      }
      var values = vectors.get(i).values();
      append(text, values, 0, values.length);
    }
    return text.append(']').toString().getBytes(US_ASCII);
  }

  private static int room(List<Embedding> vectors) {
    return vectors.isEmpty() ? 0 : vectors.getFirst().size() * CHARACTERS_OF_A_NUMBER;
  }

  /** Adds a vector; each number in the fewest digits that say which float it is. */
  static void append(StringBuilder text, float[] values, int from, int to) {
    text.append('[');
    for (int i = from; i < to; i++) {
      if (i > from) {
        text.append(',');
      }
      text.append(values[i]);
    }
    text.append(']');
  }

  /** A vector as base64 of its floats, little-endian. */
  static String base64(float[] values) {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
