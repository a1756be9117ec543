package io.lanewise.hub;

import io.lanewise.CheckpointException;
import io.lanewise.hub.HubFailure.What;
import io.lanewise.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A branch, tag or reference of a model, resolved to a commit.
 *
 * @param name of the model
 * @param commit its hash
 * @param files the paths of all files in that commit, with slashes
 */
public record Revision(String name, String commit, List<String> files) {
  private static final int MOST_BYTES = 32 << 20;
  private static final int LONGEST_PATH = 1024;

  /**
   * Requests a revision from the Hub.
   *
   * @param revision a branch, a tag, a reference such as {@code refs/pr/11}, or a commit
   * @throws CheckpointException if there is no such model or revision, access is denied, or the Hub
   *     cannot be reached
   */
  public static Revision ask(HubClient client, String name, String revision) {
    var what = client.what(name, revision, null);
    var uri = client.at("/api/models/", name, "/revision/", HubClient.quoted(revision, false));
    var bytes = bytes(client, uri, what);
    var answer = Json.parse(bytes, uri.toString());
    var commit = answer.path("sha").asText();
    if (!commit.matches("[0-9a-f]{40}") || !answer.path("siblings").isArray()) {
      throw new CheckpointException(
          uri
              + " is not answered as the Hub does, with a commit and a list of files: check"
              + " HF_ENDPOINT");
    }
    var files = new ArrayList<String>();
    for (var file : answer.path("siblings")) {
      files.add(checked(file.path("rfilename").asText(), name));
    }
    return new Revision(name, commit, List.copyOf(files));
  }

  private static byte[] bytes(HubClient client, java.net.URI uri, What what) {
    for (int failed = 1; ; failed++) {
      try (var body = new WatchedBody(client.get(uri, what).body(), client.bodyPatience())) {
        var bytes = new ByteArrayOutputStream();
        var buffer = new byte[1 << 16];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
          bytes.write(buffer, 0, read);
          if (bytes.size() > MOST_BYTES) {
            throw new CheckpointException(
                uri + " answers with more than " + MOST_BYTES + " bytes: no list of files");
          }
        }
        return bytes.toByteArray();
      } catch (IOException e) {
        if (client.isFinal(e, failed)) {
          throw HubFailure.of(e, uri, what);
        }
        client.pauses().before(failed, Optional.empty());
      }
    }
  }

  /** Checks that a path stays below the folder it is resolved against. */
  private static String checked(String path, String name) {
    if (!isSafe(path)) {
      throw new CheckpointException(
          name
              + " lists the file \""
              + HubFailure.shown(path)
              + "\", which could be written outside of the cache: nothing is fetched");
    }
    return path;
  }

  /** Whether a path with slashes stays below a folder, on any system. */
  public static boolean isSafe(String path) {
    if (path.length() > LONGEST_PATH
        || path.chars().anyMatch(c -> c < ' ' || "\\:".indexOf(c) >= 0)) {
      return false;
    }
    for (var part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }
}
