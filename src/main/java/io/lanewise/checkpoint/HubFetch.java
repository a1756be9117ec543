package io.lanewise.checkpoint;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.format.FileExcerpt;
import io.lanewise.checkpoint.format.ShardIndex;
import io.lanewise.checkpoint.format.WeightFormat;
import io.lanewise.hub.BlobDownload;
import io.lanewise.hub.CacheFolder;
import io.lanewise.hub.HubClient;
import io.lanewise.hub.HubEnvironment;
import io.lanewise.hub.Pauses;
import io.lanewise.hub.RemoteFile;
import io.lanewise.hub.Revision;
import io.lanewise.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Brings a model of the Hub into the cache: the commit of a revision, the files that run here, one
 * after another.
 */
final class HubFetch implements AutoCloseable {
  private final HubEnvironment environment;
  private final FetchOptions options;
  private final HubClient client;
  private final CacheFolder folder;
  private final Revision revision;
  private final Set<String> wanted = new LinkedHashSet<>();

  private HubFetch(
      Path cache, HubEnvironment environment, Pauses pauses, String name, FetchOptions options) {
    this.environment = environment;
    this.options = options;
    client = new HubClient(environment, pauses);
    boolean done = false;
    try {
      folder = new CacheFolder(cache, HubRepository.folder(name));
      revision = Revision.ask(client, name, options.revision());
      done = true;
    } finally {
      if (!done) {
        client.close();
      }
    }
  }

  /**
   * Fetches what is not there.
   *
   * @return the folder of the commit's files
   */
  static Path run(
      Path cache, HubEnvironment environment, Pauses pauses, String name, FetchOptions options) {
    try (var fetch = new HubFetch(cache, environment, pauses, name, options)) {
      return fetch.run();
    } catch (IOException e) {
      throw new CheckpointException(
          cache + " cannot be written: " + e.getClass().getSimpleName() + ": " + e.getMessage(), e);
    }
  }

  private Path run() throws IOException {
    folder.create();
    choose();
    var files = asked(wanted);
    long bytes = files.stream().mapToLong(file -> folder.missing(revision.commit(), file)).sum();
    requireSpace(bytes);
    options.listener().begins(files.size(), bytes);
    for (var file : files) {
      fetch(file);
    }
    // Last, so that a revision always stands for files that are there.
    folder.refer(options.revision(), revision.commit());
    return folder.snapshot(revision.commit());
  }

  private void choose() throws IOException {
    var files = new WantedFiles(Set.copyOf(revision.files()));
    if (!options.include().isEmpty()) {
      wanted.addAll(files.matching(options.include()));
      wanted.removeIf(file -> WantedFiles.matches(options.exclude(), file));
      if (wanted.isEmpty()) {
        throw new CheckpointException(
            revision.name() + " has no file " + String.join(" or ", options.include()));
      }
      return;
    }
    boolean weighs = false;
    for (var inside : folders(files)) {
      want(files.settings(inside));
      var weights = files.weights(inside);
      if (weights.isPresent()) {
        weighs = true;
        want(List.of(weights.get()));
        if (WeightFormat.isIndex(weights.get())) {
          want(shards(files, inside, weights.get()));
        }
      }
    }
    if (!weighs) {
      var others = files.otherWeights().stream().map(FileExcerpt::of).toList();
      throw new CheckpointException(
          revision.name()
              + " has no weights that run here"
              + (others.isEmpty() ? "" : ", but " + String.join(", ", others))
              + ": name another model, or the files that are wanted (--include)");
    }
  }

  private void want(List<String> files) {
    files.stream()
        .filter(file -> !WantedFiles.matches(options.exclude(), file))
        .forEach(wanted::add);
  }

  /** The model's own folder, and those of the modules of sentence-transformers and its Routers. */
  private List<String> folders(WantedFiles files) throws IOException {
    var folders = new LinkedHashSet<String>();
    folders.add("");
    if (files.all().contains(WantedFiles.MODULES)) {
      for (var module : Json.read(early(WantedFiles.MODULES))) {
        var path = module.path("path").asText();
        if (!path.isEmpty() && Revision.isSafe(path)) {
          folders.add(path + "/");
        }
      }
    }
    for (var inside : List.copyOf(folders)) {
      var router = inside + WantedFiles.ROUTER;
      if (files.all().contains(router)) {
        Json.read(early(router))
            .path("types")
            .fieldNames()
            .forEachRemaining(
                name -> {
                  if (Revision.isSafe(name)) {
                    folders.add(inside + name + "/");
                  }
                });
      }
    }
    return List.copyOf(folders);
  }

  private List<String> shards(WantedFiles files, String inside, String index) throws IOException {
    var shards = new ArrayList<String>();
    for (var shard : ShardIndex.read(early(index)).files()) {
      if (!files.all().contains(inside + shard)) {
        throw new CheckpointException(
            revision.name()
                + " lacks "
                + FileExcerpt.of(inside + shard)
                + ", which "
                + index
                + " names");
      }
      shards.add(inside + shard);
    }
    return shards;
  }

  /** A file that says which others are wanted. */
  private Path early(String file) throws IOException {
    fetch(RemoteFile.ask(client, revision, file));
    return folder.snapshot(revision.commit()).resolve(file);
  }

  private List<RemoteFile> asked(Set<String> names) {
    return names.stream().map(file -> RemoteFile.ask(client, revision, file)).toList();
  }

  private void fetch(RemoteFile file) throws IOException {
    var listener = options.listener();
    new BlobDownload(
            client,
            folder,
            bytes -> listener.received(file.name(), bytes),
            () -> listener.waits(file.name()))
        .fetch(revision.commit(), file, environment.refusesLinks());
  }

  private void requireSpace(long bytes) throws IOException {
    long free = Files.getFileStore(folder.cache()).getUsableSpace();
    if (bytes > free) {
      throw new CheckpointException(
          revision.name()
              + " needs "
              + bytes
              + " bytes more, and "
              + folder.cache()
              + " has "
              + free
              + " left: make room, or set HF_HOME to a folder on another disk");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
