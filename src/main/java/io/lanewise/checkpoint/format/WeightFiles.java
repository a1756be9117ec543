package io.lanewise.checkpoint.format;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.memory.Region;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** The opened weight files of one folder, and the tensors of all of them. */
public final class WeightFiles implements AutoCloseable {
  private final String where;
  private final List<WeightFile> files = new ArrayList<>();
  private final SequencedMap<String, StoredTensor> tensors = new LinkedHashMap<>();

  private WeightFiles(String where) {
    this.where = where;
  }

  /**
   * Finds and opens the weights: for each format in the order of {@link WeightFormat}, a single
   * file if it exists, otherwise several files with an index. A format whose library is missing is
   * skipped if there is another.
   *
   * @throws CheckpointException if there are none, or one of them is missing or broken
   */
  public static WeightFiles open(Path folder, Loading loading, Region region) {
    var lookedFor = new ArrayList<String>();
    String unreadable = null;
    for (var format : WeightFormat.values()) {
      for (var name : List.of(format.single(), format.index())) {
        lookedFor.add(name);
        if (Files.exists(folder.resolve(name))) {
          if (format.missingLibrary().isEmpty()) {
            log(folder, format);
            return open(folder, name, format, loading, region);
          }
          unreadable = unreadable == null ? name : unreadable;
        }
      }
    }
    if (unreadable != null) {
      return open(folder, unreadable, loading, region);
    }
    throw ModelFolder.noWeights(folder, lookedFor);
  }

  /** Whether the folder has a weight file for {@link #open}. */
  public static boolean exist(Path folder) {
    return Arrays.stream(WeightFormat.values())
        .flatMap(format -> Stream.of(format.single(), format.index()))
        .anyMatch(name -> Files.exists(folder.resolve(name)));
  }

  private static void log(Path folder, WeightFormat format) {
    if (format == WeightFormat.PYTORCH) {
      System.getLogger(Checkpoint.class.getName())
          .log(
              Level.INFO,
              () -> folder + " holds no weights but a pickle, which is read without being run");
    }
  }

  /**
   * Opens the weights in one file, or in the files of an index.
   *
   * @throws CheckpointException if the format is unknown, or a file is missing or broken
   */
  public static WeightFiles open(Path folder, String name, Loading loading, Region region) {
    var format =
        WeightFormat.of(name)
            .orElseThrow(
                () ->
                    new CheckpointException(
                        folder.resolve(name)
                            + ": its name ends like none of the formats of weights"));
    return open(folder, name, format, loading, region);
  }

  private static WeightFiles open(
      Path folder, String name, WeightFormat format, Loading loading, Region region) {
    var opened = new WeightFiles(name);
    boolean done = false;
    try {
      if (WeightFormat.isIndex(name)) {
        opened.addAll(folder, ShardIndex.read(folder.resolve(name)), format, loading, region);
      } else {
        opened.add(folder.resolve(name), name, format, loading, region);
      }
      done = true;
      return opened;
    } finally {
      if (!done) {
        opened.close();
      }
    }
  }

  private void addAll(
      Path folder, ShardIndex index, WeightFormat format, Loading loading, Region region) {
    for (var shard : index.files()) {
      var path = folder.resolve(shard);
      if (!Files.exists(path)) {
        throw new CheckpointException(
            path
                + " does not exist, but "
                + where
                + " names it: one of "
                + index.files().size()
                + " files has not been fetched");
      }
      add(path, shard, format, loading, region);
    }
    if (format.hasPyTorchNames()) {
      check(index);
    }
  }

  private void add(Path path, String name, WeightFormat format, Loading loading, Region region) {
    var file = WeightFile.open(path, name, loading, region);
    files.add(file);
    for (var tensor : format.tensors(file)) {
      var before = tensors.putIfAbsent(tensor.name(), tensor);
      if (before != null) {
        throw new CheckpointException(
            "tensor "
                + FileExcerpt.of(tensor.name())
                + " is in two files, "
                + before.info().file()
                + " and "
                + name);
      }
    }
  }

  private void check(ShardIndex index) {
    index
        .shards()
        .forEach(
            (name, shard) -> {
              var tensor = tensors.get(name);
              if (tensor == null || !tensor.info().file().equals(shard)) {
                throw new CheckpointException(
                    index.file()
                        + ": tensor "
                        + FileExcerpt.of(name)
                        + " is not in "
                        + shard
                        + (tensor == null ? "" : " but in " + tensor.info().file()));
              }
            });
  }

  /** The name of all files together in messages. */
  public String where() {
    return where;
  }

  /** The files' names, relative to the folder. */
  public List<String> names() {
    return files.stream().map(WeightFile::name).toList();
  }

  /** All tensors by name, in the order of the files. */
  public SequencedMap<String, StoredTensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public void close() {
    files.forEach(WeightFile::close);
  }
}
