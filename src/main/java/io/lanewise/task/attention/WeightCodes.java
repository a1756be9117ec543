package io.lanewise.task.attention;

/**
 * Attention weights as the numbers that stand in a page. The largest code is left for what is no
 * number; with {@code most} the one below it,
 *
 * <ul>
 *   <li>16 bits, little-endian: {@code weight = code / most}, off by at most 1 / 131,068;
 *   <li>8 bits: {@code weight = (code / most)²}, finer where weights are small, off by at most 1 /
 *       250.
 * </ul>
 *
 * @param bits 8 or 16
 */
record WeightCodes(int bits) {
  /** Pages of more weights have 8 bits. */
  private static final long MOST_WIDE = 4L << 20;

  /** What a page of so many weights uses. */
  static WeightCodes of(long weights) {
    return new WeightCodes(weights <= MOST_WIDE ? 16 : 8);
  }

  /** The codes of a layer, [heads][queries][keys]. */
  byte[] encode(AttentionLayer layer) {
    int width = bits / 8;
    var bytes = new byte[layer.heads() * layer.queries() * layer.keys() * width];
    int at = 0;
    for (int head = 0; head < layer.heads(); head++) {
      for (int query = 0; query < layer.queries(); query++) {
        for (float weight : layer.row(head, query)) {
          int code = code(weight);
          bytes[at] = (byte) code;
          if (width == 2) {
            bytes[at + 1] = (byte) (code >> 8);
          }
          at += width;
        }
      }
    }
    return bytes;
  }

  private int code(float weight) {
    int most = (1 << bits) - 2;
    if (Float.isNaN(weight)) {
      return most + 1;
    }
    double share = Math.clamp(weight, 0.0, 1.0);
    return (int) Math.round(most * (bits == 8 ? Math.sqrt(share) : share));
  }
}
