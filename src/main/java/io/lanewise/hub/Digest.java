package io.lanewise.hub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The digests in the Hub's ETags: SHA-256 of a file in LFS, or the git hash of a blob, which is
 * SHA-1 of {@code blob}, the length and the bytes.
 */
final class Digest {
  private static final int BUFFER = 1 << 17;

  private Digest() {}

  /** Whether it has the form of one of the two. */
  static boolean isKnown(String digest) {
    return digest.matches("[0-9a-f]{64}|[0-9a-f]{40}");
  }

  /** The digest of a file, of the same kind as the given one. */
  static String of(Path file, String like) throws IOException {
    boolean sha256 = like.length() == 64;
    var digest = algorithm(sha256 ? "SHA-256" : "SHA-1");
    if (!sha256) {
      digest.update(("blob " + Files.size(file) + "\0").getBytes(US_ASCII));
    }
    try (var in = Files.newInputStream(file)) {
      var buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has both algorithms
    }
  }
}
