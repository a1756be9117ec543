package io.lanewise.kernel.natives;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * The folder of extracted native libraries: in the user's cache, or if that is not writable, a
 * private folder in the system's temporary folder.
 *
 * <p>At every start the whole content of a file is compared with the checksum in the jar's
 * directory; a file that differs is written again. It is written under another name and then
 * renamed, so no process sees an incomplete file, and a process that has loaded the old file keeps
 * it. Safe for any number of concurrent processes.
 *
 * <p>The checksum is CRC-32, as in the jar: it detects damage by a disk or a killed process, and
 * takes a few milliseconds. It is no protection from attacks: a program that can write to the
 * user's folders can run code anyway.
 *
 * @param user the user's cache
 * @param temporary the system's folder for temporary files
 */
record NativeCache(Path user, Path temporary) {
  /** The age of an unfinished file from which on it must be that of a killed process. */
  private static final Duration LEFT = Duration.ofHours(1);

  private static final String PART = ".part";
  private static final String LOADER = "loader-";

  /** A file in a jar, with the size and checksum of its content. */
  record Native(String name, URL url, long size, long checksum) {}

  /** The cache of the user who runs this process. */
  static NativeCache ofUser() {
    var xdg = System.getenv("XDG_CACHE_HOME");
    var local = System.getenv("LOCALAPPDATA");
    Path root;
    if (xdg != null && !xdg.isBlank()) {
      root = Path.of(xdg);
    } else if (local != null && !local.isBlank()) {
      root = Path.of(local);
    } else {
      root = Path.of(System.getProperty("user.home"), ".cache");
    }
    return new NativeCache(root.resolve("lanewise"), Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * The files, extracted and checked, in the order in which they are given.
   *
   * @param folder name of the folder for these files
   * @throws IOException if they are neither there nor can be written anywhere
   */
  List<Path> files(String folder, List<Native> natives) throws IOException {
    try {
      return filesIn(user.resolve(folder), natives);
    } catch (IOException e) {
      try {
        return filesIn(privateFolder().resolve(folder), natives);
      } catch (IOException other) {
        other.addSuppressed(e);
        throw new IOException(e + "; and beside that " + other, other);
      }
    }
  }

  private static List<Path> filesIn(Path folder, List<Native> natives) throws IOException {
    var paths = new ArrayList<Path>();
    for (var file : natives) {
      var path = folder.resolve(file.name);
      if (!isIntact(path, file)) {
        Files.createDirectories(folder);
        sweep(folder);
        write(file, path);
      }
      paths.add(path);
    }
    return paths;
  }

  private static boolean isIntact(Path path, Native file) throws IOException {
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.size(path) != file.size) {
      return false;
    }
    try (var in = Files.newInputStream(path)) {
      return checksum(in) == file.checksum;
    }
  }

  /** The checksum of a stream, read in large pieces because each read has an overhead. */
  static long checksum(InputStream in) throws IOException {
    var sum = new CRC32();
    var piece = new byte[1 << 17];
    for (int count; (count = in.read(piece)) >= 0; ) {
      sum.update(piece, 0, count);
    }
    return sum.getValue();
  }

  private static void write(Native file, Path path) throws IOException {
    var part = Files.createTempFile(path.getParent(), file.name + "-", PART);
    try {
      try (var in = file.url.openStream()) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      if (!isIntact(part, file)) {
        throw new IOException(file.url + " is damaged: its content is not what its digest says");
      }
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Deletes what killed processes left: unfinished files, and files under a second name. */
  private static void sweep(Path folder) throws IOException {
    var last = FileTime.from(Instant.now().minus(LEFT));
    try (var left = Files.newDirectoryStream(folder, "{*" + PART + "," + LOADER + "*}")) {
      for (var path : left) {
        if (Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).compareTo(last) < 0) {
          deleteNowOrAtExit(path);
        }
      }
    }
  }

  /**
   * A private folder in the temporary folder. All users may write there, so a folder of this name
   * may belong to another user; it is used only if it belongs to this one.
   */
  Path privateFolder() throws IOException {
    var name = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._-]", "_");
    var folder = temporary.resolve("lanewise-" + name);
    boolean posix = Files.getFileStore(temporary).supportsFileAttributeView("posix");
    var onlyOwner = PosixFilePermissions.fromString("rwx------");
    try {
      if (posix) {
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(onlyOwner));
      } else {
        Files.createDirectory(folder);
      }
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new IOException(folder + " is no folder, or a link: delete it", e);
      }
      if (posix && !isOwn(folder)) {
        throw new IOException(folder + " belongs to another user", e);
      }
      if (posix) {
        Files.setPosixFilePermissions(folder, onlyOwner);
      }
    }
    return folder;
  }

  /** Whether files that this process makes have the same owner. */
  boolean isOwn(Path folder) throws IOException {
    var probe = Files.createTempFile(temporary, "lanewise-", PART);
    try {
      return Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(probe));
    } finally {
      Files.delete(probe);
    }
  }

  /** Gives a file a second name while an action runs: a link, or a copy if links are impossible. */
  void underAnotherName(Path file, Consumer<Path> use) throws IOException {
    Path root = user;
    try {
      Files.createDirectories(root);
      sweep(root);
    } catch (IOException e) {
      root = privateFolder();
    }
    var folder = Files.createTempDirectory(root, LOADER);
    var other = folder.resolve(file.getFileName());
    try {
      try {
        Files.createLink(other, file.toRealPath());
      } catch (IOException | UnsupportedOperationException e) {
        Files.copy(file, other);
      }
      use.accept(other);
    } finally {
      deleteNowOrAtExit(folder);
    }
  }

  /** Deletes a file; if that fails because it is loaded, it is deleted when the process ends. */
  private static void deleteNowOrAtExit(Path path) {
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        try (var inside = Files.list(path)) {
          inside.forEach(NativeCache::deleteNowOrAtExit);
        }
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      path.toFile().deleteOnExit();
    }
  }
}
