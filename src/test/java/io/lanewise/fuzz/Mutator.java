package io.lanewise.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes bad files of good ones. Most changes know what a file is made of: numbers, lists, lines,
 * lengths. The same seed makes the same files.
 */
final class Mutator {
  /** What a file is made of. */
  enum Kind {
    BINARY,
    JSON,
    LINES
  }

  /** Nothing grows beyond this: other tests are for what is large. */
  private static final int LARGEST = 1 << 20;

  private static final long[] INTEGERS = {
    0,
    1,
    -1,
    2,
    7,
    8,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    1 << 20,
    1 << 24,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xffffffffL,
    1L << 32,
    1L << 53,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private final SplittableRandom random;
  private final JsonMutator json;

  Mutator(long seed) {
    random = new SplittableRandom(seed);
    json = new JsonMutator(random);
  }

  /** A number from 0 to {@code bound}, exclusive. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /**
   * A changed file.
   *
   * @param others files that parts may be taken from
   */
  byte[] change(byte[] file, Kind kind, List<byte[]> others) {
    byte[] changed = file;
    for (int n = 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 2); n > 0; n--) {
      byte[] other = others.get(random.nextInt(others.size()));
      changed =
          switch (kind) {
            case JSON -> random.nextInt(6) > 0 ? json.change(changed) : bytes(changed, other);
            case LINES -> random.nextInt(3) > 0 ? lines(changed, other) : bytes(changed, other);
            case BINARY -> bytes(changed, other);
          };
    }
    return changed.length > LARGEST ? Arrays.copyOf(changed, LARGEST) : changed;
  }

  private byte[] bytes(byte[] file, byte[] other) {
    if (file.length == 0) {
      return other.clone();
    }
    byte[] copy = file.clone();
    int at = place(file);
    switch (random.nextInt(11)) {
      case 10 -> { // an address or a size that stands elsewhere
        int width = 4 << random.nextInt(2);
        int from = place(file) & -width;
        int to = at & -width;
        System.arraycopy(file, from, copy, to, Math.min(width, file.length - Math.max(from, to)));
      }
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) random.nextInt(256);
      case 2, 3 -> integer(copy, at);
      case 4 -> copy[at] += (byte) (random.nextInt(9) - 4);
      case 5 -> {
        return Arrays.copyOf(file, at);
      }
      case 6 -> {
        return joined(file, 0, at, file, Math.min(file.length, at + length()), file.length);
      }
      case 7 -> {
        int end = Math.min(file.length, at + length());
        return joined(file, 0, end, file, at, file.length);
      }
      case 8 -> {
        int from = random.nextInt(Math.max(1, other.length));
        int count = Math.min(length(), Math.min(other.length - from, copy.length - at));
        System.arraycopy(other, from, copy, at, Math.max(0, count));
      }
      default -> {
        return joined(file, 0, at, other, place(other), other.length);
      }
    }
    return copy;
  }

  /** Half of the time near one of the ends, where headers and directories are. */
  private int place(byte[] file) {
    int length = Math.max(1, file.length);
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(Math.min(length, 64));
      case 1 -> length - 1 - random.nextInt(Math.min(length, 64));
      default -> random.nextInt(length);
    };
  }

  private int length() {
    return 1 + random.nextInt(1 << random.nextInt(1, 10));
  }

  private void integer(byte[] file, int at) {
    long value = INTEGERS[random.nextInt(INTEGERS.length)];
    if (random.nextInt(4) == 0) {
      value = file.length + random.nextInt(17) - 8L;
    }
    int width = 1 << random.nextInt(4);
    boolean little = random.nextInt(4) > 0;
    for (int i = 0; i < width && at + i < file.length; i++) {
      file[at + i] = (byte) (value >>> (8 * (little ? i : width - 1 - i)));
    }
  }

  private byte[] lines(byte[] file, byte[] other) {
    var lines = new java.util.ArrayList<>(List.of(new String(file, ISO_8859_1).split("\n", -1)));
    var others = new String(other, ISO_8859_1).split("\n", -1);
    int at = random.nextInt(lines.size());
    var line = lines.get(at);
    switch (random.nextInt(8)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, line);
      case 2 -> lines.set(at, "");
      case 3 -> lines.set(at, lines.set(random.nextInt(lines.size()), line));
      case 4 -> lines.set(at, others[random.nextInt(others.length)]);
      case 5 -> lines.set(at, line.repeat(1 + random.nextInt(200)));
      case 6 -> lines.set(at, line + "\r");
      default ->
          lines.set(at, JsonMutator.TEXTS.get(random.nextInt(JsonMutator.TEXTS.size())) + line);
    }
    return String.join("\n", lines).getBytes(ISO_8859_1);
  }

  private static byte[] joined(byte[] one, int from, int to, byte[] other, int begin, int end) {
    var joined = new ByteArrayOutputStream();
    joined.write(one, from, to - from);
    joined.write(other, Math.min(begin, end), end - Math.min(begin, end));
    return joined.toByteArray();
  }
}
