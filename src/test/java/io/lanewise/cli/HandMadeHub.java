package io.lanewise.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A cache of the Hub as Hugging Face's tools lay it out: blobs, snapshots of links to them,
 * references, and the names of files that the Hub does not have.
 */
public record HandMadeHub(Path folder) {
  /** The folder of a model. */
  public Path repository(String name) {
    return folder.resolve("models--" + name.replace("/", "--"));
  }

  /** Puts the files of a model folder in, and gives the snapshot. */
  public Path snapshot(String name, String commit, String revision, Path model) throws IOException {
    var root = repository(name);
    var snapshot = Files.createDirectories(root.resolve("snapshots").resolve(commit));
    var blobs = Files.createDirectories(root.resolve("blobs"));
    try (Stream<Path> files = Files.list(model)) {
      for (var file : (Iterable<Path>) files::iterator) {
        var blob = blob(commit, file.getFileName().toString());
        Files.copy(file, blobs.resolve(blob));
        Files.createSymbolicLink(
            snapshot.resolve(file.getFileName()), Path.of("..", "..", "blobs", blob));
      }
    }
    var reference = root.resolve("refs").resolve(revision);
    Files.createDirectories(reference.getParent());
    Files.writeString(reference, commit);
    absent(name, commit, "added_tokens.json");
    return snapshot;
  }

  /** The name of the blob that a file of a snapshot is a link to. */
  public static String blob(String commit, String file) {
    return commit.substring(0, 4) + file;
  }

  /** Says that the Hub has no such file. */
  public void absent(String name, String commit, String file) throws IOException {
    var absent = repository(name).resolve(".no_exist").resolve(commit);
    Files.createDirectories(absent);
    Files.createFile(absent.resolve(file));
  }
}
