package io.lanewise.checkpoint.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Identifies a file and its content: size, time, file key, and a checksum of sampled bytes.
 *
 * <p>Two changes are not detected: a file that is overwritten in place with the same size and time
 * and different bytes only between the samples, and a second change of this kind within one tick of
 * the file system's clock (some milliseconds on Linux).
 *
 * @param key the file's key in the file system; null if it has none
 * @param samples checksum of the first and the last bytes, and of some between
 */
record FileStamp(long size, FileTime modified, Object key, long samples) {
  private static final int SAMPLE = 4096;
  private static final int COUNT = 16;

  /** Reads bytes of the file. */
  @FunctionalInterface
  interface Bytes {
    byte[] at(long offset, int length);
  }

  static FileStamp of(Path path, long size, Bytes bytes) throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileStamp(
        size, attributes.lastModifiedTime(), attributes.fileKey(), samples(size, bytes));
  }

  /**
   * Whether the file at this path has been changed in place. False if the path is another file now,
   * or does not exist.
   */
  boolean isChangedInPlace(Path path) {
    try {
      var now = Files.readAttributes(path, BasicFileAttributes.class);
      return Objects.equals(now.fileKey(), key)
          && (now.size() != size || !now.lastModifiedTime().equals(modified));
    } catch (IOException e) {
      return false; // it is gone
    }
  }

  /** Whether these bytes have the same samples. */
  boolean hasSamplesOf(Bytes bytes) {
    return samples(size, bytes) == samples;
  }

  private static long samples(long size, Bytes bytes) {
    var sum = new CRC32C();
    if (size <= (long) SAMPLE * COUNT) {
      sum.update(bytes.at(0, (int) size));
      return sum.getValue();
    }
    long last = size - SAMPLE;
    for (int i = 0; i < COUNT; i++) {
      sum.update(bytes.at(last / (COUNT - 1) * i, SAMPLE));
    }
    sum.update(bytes.at(last, SAMPLE));
    return sum.getValue();
  }
}
