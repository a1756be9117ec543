package io.lanewise.hub;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Downloads one file to the cache: resumes an earlier download, verifies the digest, and renames
 * the complete file in one step.
 *
 * <p>The partial file is {@code blobs/<digest>.lanewise.incomplete}. Hugging Face's own {@code
 * <digest>.incomplete} (file_download.py of huggingface_hub), to which another process may be
 * appending, is read but never written.
 *
 * @param client for requests
 * @param folder of the model
 * @param listener receives the number of bytes so far
 * @param waits run when another process is downloading the file
 */
public record BlobDownload(
    HubClient client, CacheFolder folder, LongConsumer listener, Runnable waits) {
  private static final String UNFINISHED = ".incomplete";
  private static final String OURS = ".lanewise" + UNFINISHED;
  private static final int BUFFER = 1 << 17;
  private static final int OK = 200;
  private static final int PARTIAL = 206;

  /**
   * Downloads a file of a commit, unless the cache has it.
   *
   * @throws CheckpointException if it cannot be downloaded, or has another digest
   * @throws IOException if the cache cannot be written
   */
  public void fetch(String commit, RemoteFile file, boolean refusesLinks) throws IOException {
    if (folder.holds(commit, file)) {
      return;
    }
    try (var lock = BlobLock.take(folder.lock(file.digest()), client.pauses(), waits)) {
      if (folder.holds(commit, file)) {
        return;
      }
      boolean fresh = !isWhole(folder.blob(file.digest()), file);
      if (fresh) {
        download(file, lock.isAlone());
      }
      folder.link(commit, file, fresh, refusesLinks);
    }
  }

  private static boolean isWhole(Path blob, RemoteFile file) throws IOException {
    return Files.isRegularFile(blob) && (file.bytes() < 0 || Files.size(blob) == file.bytes());
  }

  /** The size of the partial file of an earlier download. */
  static long begun(CacheFolder folder, RemoteFile file) {
    long most = 0;
    for (var ending : new String[] {OURS, UNFINISHED}) {
      try {
        most = Math.max(most, Files.size(folder.blob(file.digest() + ending)));
      } catch (IOException e) {
        // there is none
      }
    }
    return most <= file.bytes() ? most : 0;
  }

  private void download(RemoteFile file, boolean alone) throws IOException {
    var ending = alone ? OURS : "." + UUID.randomUUID().toString().substring(0, 8) + UNFINISHED;
    var part = folder.blob(file.digest() + ending);
    try {
      adopt(file, part);
      boolean resumed = Files.exists(part) && Files.size(part) > 0;
      receive(file, part);
      var found = Digest.of(part, file.digest());
      if (resumed && !found.equals(file.digest())) {
        // The partial file may have been damaged: download again from the beginning.
        Files.delete(part);
        receive(file, part);
        found = Digest.of(part, file.digest());
      }
      if (!found.equals(file.digest())) {
        Files.delete(part);
        throw new CheckpointException(
            file.what()
                + " came with the digest "
                + found
                + ", where "
                + file.what().endpoint()
                + " names "
                + file.digest()
                + ": something on the way changes it; it is not kept");
      }
      CacheFolder.replace(part, folder.blob(file.digest()));
    } finally {
      if (!alone) {
        Files.deleteIfExists(part); // under a name that no later download would use
      }
    }
  }

  /** Copies the partial file of Hugging Face's tools, if it is longer than ours. */
  private void adopt(RemoteFile file, Path part) throws IOException {
    var left = folder.blob(file.digest() + UNFINISHED);
    long size = Files.isRegularFile(left) ? Files.size(left) : 0;
    long ours = Files.isRegularFile(part) ? Files.size(part) : 0;
    if (size > ours && size <= file.bytes()) {
      Files.copy(left, part, StandardCopyOption.REPLACE_EXISTING);
    } else if (file.bytes() >= 0 && ours > file.bytes()) {
      Files.delete(part);
    }
  }

  /** Requests the rest repeatedly, until the file is complete or no more data arrives. */
  private void receive(RemoteFile file, Path part) throws IOException {
    try (var out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      int failed = 0;
      long farthest = 0; // if the server starts again, the download makes no progress
      while (true) {
        long before = out.size();
        farthest = Math.max(farthest, before);
        listener.accept(before);
        if (before == file.bytes()) {
          return;
        }
        try {
          if (receive(file, out, before)) {
            return;
          }
          failed = out.size() > farthest ? 1 : failed + 1;
          if (failed >= client.pauses().attempts()) {
            throw wrongLength(file, out.size());
          }
          client.pauses().before(failed, Optional.empty());
        } catch (Disk e) {
          throw e;
        } catch (HubClient.Passing e) {
          if (++failed >= client.pauses().attempts()) {
            throw e.failure();
          }
          client.pauses().before(failed, e.retryAfter());
        } catch (IOException e) {
          failed = out.size() > farthest ? 1 : failed + 1;
          if (client.isFinal(e, failed)) {
            throw HubFailure.of(e, file.uri(), file.what());
          }
          client.pauses().before(failed, Optional.empty());
        }
      }
    }
  }

  /** Sends one request; returns whether the file is complete. */
  private boolean receive(RemoteFile file, FileChannel out, long from) throws IOException {
    var response = client.get(file.uri(), file.what(), from);
    try (var body = new WatchedBody(response.body(), client.bodyPatience())) {
      boolean continued = response.statusCode() == PARTIAL && begins(response, from);
      if (!continued) {
        truncate(out); // a server that ignores ranges, or rejects this one
        if (response.statusCode() != OK) {
          return false;
        }
      }
      if (!response
          .headers()
          .firstValue("Content-Encoding")
          .orElse("identity")
          .equals("identity")) {
        throw new CheckpointException(
            file.what() + " comes compressed, which was not asked for: a proxy changes it");
      }
      long at = out.size();
      var buffer = ByteBuffer.allocate(BUFFER);
      for (int read = body.read(buffer.array()); read >= 0; read = body.read(buffer.array())) {
        if (file.bytes() >= 0 && at + read > file.bytes()) {
          truncate(out);
          throw wrongLength(file, at + read);
        }
        write(out, buffer.clear().limit(read), at);
        at += read;
        listener.accept(at);
      }
      return file.bytes() < 0 || at == file.bytes();
    }
  }

  private static boolean begins(HttpResponse<InputStream> response, long from) {
    return response
        .headers()
        .firstValue("Content-Range")
        .map(range -> range.matches("bytes\\s+" + from + "-.*"))
        .orElse(false);
  }

  /** A failure of the disk, for which another request is useless. */
  private static final class Disk extends IOException {
    private static final long serialVersionUID = 1L;

    Disk(IOException e) {
      super(e.getMessage(), e);
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes, long at) throws Disk {
    try {
      for (long place = at; bytes.hasRemaining(); ) {
        place += out.write(bytes, place);
      }
    } catch (IOException e) {
      throw new Disk(e);
    }
  }

  private static void truncate(FileChannel out) throws Disk {
    try {
      out.truncate(0);
    } catch (IOException e) {
      throw new Disk(e);
    }
  }

  private static CheckpointException wrongLength(RemoteFile file, long bytes) {
    return new CheckpointException(
        file.what()
            + " came with "
            + bytes
            + " bytes, where "
            + file.what().endpoint()
            + " names "
            + file.bytes()
            + ": try again later");
  }
}
