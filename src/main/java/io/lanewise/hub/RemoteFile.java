package io.lanewise.hub;

import io.lanewise.CheckpointException;
import io.lanewise.hub.HubFailure.What;
import java.net.URI;

/**
 * A file as the Hub describes it.
 *
 * @param name its path in the model
 * @param digest what its bytes must have: a SHA-256 where the file lies in LFS, otherwise the SHA-1
 *     of a git blob; the name of its blob in the cache
 * @param bytes how many; -1 if the server does not say
 * @param uri where it is asked for
 */
public record RemoteFile(String name, String digest, long bytes, URI uri, What what) {

  /**
   * Asks the Hub.
   *
   * @throws CheckpointException if there is no such file, or the server does not say its digest
   */
  public static RemoteFile ask(HubClient client, Revision revision, String file) {
    var uri =
        client.at(
            "/",
            revision.name(),
            "/resolve/",
            revision.commit(),
            "/",
            HubClient.quoted(file, true));
    var what = client.what(revision.name(), revision.commit(), file);
    var response = client.head(uri, what);
    var headers = response.headers();
    var commit = headers.firstValue("X-Repo-Commit").orElse(revision.commit());
    if (!commit.equals(revision.commit())) {
      throw new CheckpointException(
          what + " is of commit " + HubFailure.shown(commit) + ", not " + revision.commit());
    }
    var digest =
        headers
            .firstValue("X-Linked-Etag")
            .or(() -> headers.firstValue("ETag"))
            .map(tag -> tag.replaceFirst("^W/", "").replaceAll("^\"|\"$", ""))
            .orElse("");
    if (!Digest.isKnown(digest)) {
      throw new CheckpointException(
          what
              + " cannot be verified: "
              + what.endpoint()
              + " names no SHA-256 and no SHA-1 of a git blob in its ETag, but \""
              + HubFailure.shown(digest)
              + "\"");
    }
    // A redirect's own length is not that of the file.
    var length = response.statusCode() == 200 ? "Content-Length" : "X-Linked-Size";
    var bytes = headers.firstValue("X-Linked-Size").or(() -> headers.firstValue(length)).orElse("");
    return new RemoteFile(file, digest, size(bytes), uri, what);
  }

  private static long size(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }
}
