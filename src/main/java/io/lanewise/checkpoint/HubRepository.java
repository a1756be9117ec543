package io.lanewise.checkpoint;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A model of the Hub as its cache holds it.
 *
 * @param name such as {@code albert/albert-base-v2}
 * @param snapshots its commits, that of {@code main} first; none if nothing is downloaded
 * @param unfinished downloads that have begun and not ended
 */
public record HubRepository(String name, List<Snapshot> snapshots, int unfinished) {
  private static final String PREFIX = "models--";
  private static final String MAIN = "main";
  private static final String UNFINISHED = ".incomplete";

  /**
   * The files of one commit.
   *
   * @param commit its hash
   * @param revisions branches, tags and references that stand for it, such as {@code main} and
   *     {@code refs/pr/11}; {@code main} first
   * @param folder holds the files, as links to blobs or, where a system has no links, as they are
   * @param bytes of all files that are there, each blob once
   * @param gone links whose blobs are not there, in alphabetical order
   * @param absent files that the Hub is known not to have, by {@code .no_exist}
   */
  public record Snapshot(
      String commit,
      List<String> revisions,
      Path folder,
      long bytes,
      List<String> gone,
      Set<String> absent) {

    private Snapshot called(List<String> names) {
      return new Snapshot(commit, names, folder, bytes, gone, absent);
    }
  }

  /** The name of a model's folder in the cache. */
  static String folder(String name) {
    return PREFIX + name.replace("/", "--");
  }

  /** That of a folder of the cache; empty for a folder of something else, such as a data set. */
  static Optional<HubRepository> of(Path folder) {
    var file = String.valueOf(folder.getFileName());
    if (!file.startsWith(PREFIX)) {
      return Optional.empty();
    }
    var revisions = revisions(folder.resolve("refs"));
    var snapshots = new ArrayList<Snapshot>();
    for (var snapshot : folders(folder.resolve("snapshots"))) {
      var files = snapshot(folder, snapshot);
      snapshots.add(files.called(revisions.getOrDefault(files.commit, List.of())));
    }
    snapshots.sort(
        Comparator.comparing((Snapshot each) -> !each.revisions.contains(MAIN))
            .thenComparing(Snapshot::commit));
    return Optional.of(
        new HubRepository(
            file.substring(PREFIX.length()).replace("--", "/"),
            List.copyOf(snapshots),
            unfinished(folder)));
  }

  /** How many downloads have begun and not ended, here or by another tool. */
  static int unfinished(Path repository) {
    var blobs = files(repository.resolve("blobs")).keySet();
    return (int)
        blobs.stream()
            .filter(name -> name.endsWith(UNFINISHED))
            .map(name -> name.substring(0, name.indexOf('.')))
            .distinct()
            .filter(blob -> !blobs.contains(blob))
            .count();
  }

  /** What a folder of snapshots holds, without the names of its revision. */
  static Snapshot snapshot(Path repository, Path folder) {
    var commit = String.valueOf(folder.getFileName());
    var absent = files(repository.resolve(".no_exist").resolve(commit)).keySet();
    var gone = new ArrayList<String>();
    var blobs = new TreeSet<Path>();
    long bytes = 0;
    for (var file : files(folder).entrySet()) {
      try {
        if (blobs.add(file.getValue().toRealPath())) {
          bytes += Files.size(file.getValue());
        }
      } catch (IOException e) {
        gone.add(file.getKey());
      }
    }
    return new Snapshot(commit, List.of(), folder, bytes, List.copyOf(gone), Set.copyOf(absent));
  }

  /** The names for each commit. */
  private static Map<String, List<String>> revisions(Path references) {
    var revisions = new TreeMap<String, List<String>>();
    files(references)
        .forEach(
            (name, file) ->
                HubCache.commit(file)
                    .ifPresent(
                        commit ->
                            revisions.computeIfAbsent(commit, _ -> new ArrayList<>()).add(name)));
    var order =
        Comparator.comparing((String name) -> !name.equals(MAIN)).thenComparing(name -> name);
    revisions.values().forEach(names -> names.sort(order));
    return revisions;
  }

  /**
   * All files below a folder, and links, by their names there, with slashes; none if there is no
   * folder. A link to a folder is not followed: the cache has none, and one could lead anywhere.
   */
  private static TreeMap<String, Path> files(Path folder) {
    var files = new TreeMap<String, Path>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (!Files.isDirectory(file)) {
                files.put(folder.relativize(file).toString().replace('\\', '/'), file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      return files; // what could be listed
    }
    return files;
  }

  /** The folders in a folder, by name; none if there is none. */
  static List<Path> folders(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
