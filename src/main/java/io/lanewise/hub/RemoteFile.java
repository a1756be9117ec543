package io.lanewise.hub;

import io.lanewise.CheckpointException;
import io.lanewise.hub.HubFailure.What;
import java.net.URI;

/**
 * A file on the Hub.
 *
 * @param name its path in the model
 * @param digest of its content: SHA-256 for a file in LFS, otherwise SHA-1 of the git blob; also
 *     the name of its blob in the cache
 * @param bytes its size; -1 if unknown
 * @param uri its address
 */
public record RemoteFile(String name, String digest, long bytes, URI uri, What what) {

  /**
   * Requests the properties of a file.
   *
   * @throws CheckpointException if there is no such file, or the response has no digest
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
    // The length of a redirect is not that of the file.
    var length = response.statusCode() == 200 ? "Content-Length" : "X-Linked-Size";
    var bytes = headers.firstValue("X-Linked-Size").or(() -> headers.firstValue(length)).orElse("");
    return new RemoteFile(file, digest, size(bytes), uri, what);
  }

  private static long size(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }
}
