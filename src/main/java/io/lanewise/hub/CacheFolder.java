package io.lanewise.hub;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * The folder of a model in the cache, in the layout of huggingface_hub's {@code file_download.py}:
 * {@code blobs/<digest>}, links to them in {@code snapshots/<commit>}, {@code refs/<revision>}, and
 * {@code .locks/<model>/<digest>.lock} beside.
 *
 * @param cache the cache
 * @param model its folder in there, such as {@code models--albert--albert-base-v2}
 */
public record CacheFolder(Path cache, String model) {
  private static final String TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # Files of this folder come from the Hub of Hugging Face and can be fetched again.
      """;

  /** The folder of a commit's files. */
  public Path snapshot(String commit) {
    return cache.resolve(model).resolve("snapshots").resolve(commit);
  }

  Path blob(String digest) {
    return cache.resolve(model).resolve("blobs").resolve(digest);
  }

  Path lock(String digest) throws IOException {
    var locks = Files.createDirectories(cache.resolve(".locks").resolve(model));
    return locks.resolve(digest + ".lock");
  }

  /** Creates the folders, and marks the cache with a CACHEDIR.TAG for backup programs. */
  public void create() throws IOException {
    Files.createDirectories(cache.resolve(model).resolve("blobs"));
    var tag = cache.resolve("CACHEDIR.TAG");
    if (!Files.exists(tag)) {
      place(tag, TAG);
    }
  }

  /** Whether a file of a commit exists with the right size, if that is known. */
  public boolean holds(String commit, RemoteFile file) {
    var path = snapshot(commit).resolve(file.name());
    try {
      return Files.isRegularFile(path) && (file.bytes() < 0 || Files.size(path) == file.bytes());
    } catch (IOException e) {
      return false;
    }
  }

  /** Number of bytes of a file that are missing; 0 if unknown. */
  public long missing(String commit, RemoteFile file) {
    return holds(commit, file) || Files.exists(blob(file.digest()))
        ? 0
        : Math.max(0, file.bytes() - BlobDownload.begun(this, file));
  }

  /**
   * Creates the file of a commit as a link to its blob. If links are impossible, a new blob is
   * moved there, and an older one is copied, as in {@code _create_symlink} of huggingface_hub's
   * file_download.py.
   */
  void link(String commit, RemoteFile file, boolean fresh, boolean refusesLinks)
      throws IOException {
    var blob = blob(file.digest());
    var place = snapshot(commit).resolve(file.name());
    Files.createDirectories(place.getParent());
    var beside = beside(place);
    try {
      if (refusesLinks || !isLinked(beside, place.getParent().relativize(blob))) {
        if (fresh) {
          replace(blob, place);
          return;
        }
        Files.copy(blob, beside);
      }
      replace(beside, place);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static boolean isLinked(Path link, Path target) {
    try {
      Files.createSymbolicLink(link, target);
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Writes the commit of a revision to its reference, unless the revision is the commit itself. */
  public void refer(String revision, String commit) throws IOException {
    if (revision.equals(commit)) {
      return;
    }
    if (!Revision.isSafe(revision)) {
      throw new CheckpointException(
          "\"" + HubFailure.shown(revision) + "\" is no name of a revision");
    }
    var reference = cache.resolve(model).resolve("refs").resolve(revision);
    Files.createDirectories(reference.getParent());
    if (!Files.isRegularFile(reference) || !Files.readString(reference).equals(commit)) {
      place(reference, commit);
    }
  }

  private static void place(Path file, String text) throws IOException {
    var beside = beside(file);
    try {
      Files.writeString(beside, text);
      replace(beside, file);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  private static Path beside(Path file) {
    return file.resolveSibling("." + UUID.randomUUID());
  }

  /** Replaces a file by another one, in one step if the system supports it. */
  static void replace(Path from, Path to) throws IOException {
    if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new CheckpointException(to + " is a folder where a file has to go: remove it");
    }
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
