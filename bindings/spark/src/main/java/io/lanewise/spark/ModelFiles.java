package io.lanewise.spark;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the files of a model folder are.
 *
 * @param digest SHA-256 over the names and the contents of all files
 * @param bytes of all files
 */
record ModelFiles(String digest, long bytes) {
  /**
   * Reads all files below a folder, but for those whose name or folder begins with a dot.
   *
   * @throws CheckpointException if one cannot be read
   */
  static ModelFiles of(Path folder) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      long bytes = 0;
      for (var file : files(folder)) {
        long size = Files.size(file);
        var name = folder.relativize(file).toString().replace('\\', '/');
        digest.update((name + "\n" + size + "\n").getBytes(UTF_8));
        try (var in = new DigestInputStream(Files.newInputStream(file), digest)) {
          in.transferTo(OutputStream.nullOutputStream());
        }
        bytes += size;
      }
      return new ModelFiles(HexFormat.of().formatHex(digest.digest()), bytes);
    } catch (IOException e) {
      throw new CheckpointException(folder + " cannot be read: " + e.getMessage(), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> shown(folder.relativize(file)))
          .sorted()
          .toList();
    }
  }

  private static boolean shown(Path path) {
    for (var part : path) {
      if (part.toString().startsWith(".")) {
        return false;
      }
    }
    return true;
  }
}
