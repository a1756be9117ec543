package io.lanewise.checkpoint;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.format.FileExcerpt;
import io.lanewise.checkpoint.format.ModelFolder;
import io.lanewise.checkpoint.format.WeightFiles;
import io.lanewise.hub.HubEnvironment;
import io.lanewise.hub.Pauses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cache that Hugging Face's own tools download to: a name of the Hub, such as {@code
 * albert/albert-base-v2}, to the folder that holds its files. {@link #fetch} downloads, all else
 * reads only.
 *
 * <pre>{@code
 * var cache = HubCache.here();
 * var fetched = cache.fetch("albert/albert-base-v2", FetchOptions.DEFAULT);
 * try (var model = Model.load(fetched)) {
 *   System.out.println(model.config().positive("hidden_size", 768));
 * }
 * }</pre>
 *
 * <p>A repository lies in {@code models--albert--albert-base-v2}: {@code refs/main} holds the
 * commit that a revision stands for, {@code snapshots/<commit>} the files, as links to {@code
 * blobs}, and {@code .no_exist/<commit>} the names of files that the Hub does not have.
 *
 * @param folder the cache itself
 */
public record HubCache(Path folder) {
  static final String MAIN = "main";
  private static final int SHORTEST_COMMIT = 7;
  private static final int LONGEST_REFERENCE = 1024;

  /**
   * The cache of this process's environment: the first that is set of {@code TRANSFORMERS_CACHE},
   * {@code HF_HUB_CACHE}, {@code HUGGINGFACE_HUB_CACHE}, {@code HF_HOME/hub} and {@code
   * XDG_CACHE_HOME/huggingface/hub}, otherwise {@code ~/.cache/huggingface/hub}. {@code ~} and
   * {@code $VARIABLE} in them are expanded as huggingface_hub does.
   */
  public static HubCache here() {
    return new HubCache(HubEnvironment.here().cache());
  }

  /**
   * The cache of an environment, for a user whose folder is this where there is no {@code HOME}.
   */
  static HubCache of(Map<String, String> environment, Path home) {
    return new HubCache(HubEnvironment.of(environment, home.toString()).cache());
  }

  /** Whether this can be a name of the Hub: {@code name} or {@code owner/name}, no path. */
  public static boolean isName(String text) {
    var parts = text.split("/", -1);
    return parts.length <= 2 && List.of(parts).stream().allMatch(HubCache::isPart);
  }

  private static boolean isPart(String part) {
    return !part.isEmpty()
        && part.charAt(0) != '.'
        && !part.contains("--")
        && part.chars()
            .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "-_.".indexOf(c) >= 0));
  }

  /** The folder of a model's files at {@code main}; as {@link #find(String, String)}. */
  public Path find(String name) {
    return find(name, MAIN);
  }

  /**
   * The folder of a model's files.
   *
   * @param name such as {@code albert/albert-base-v2}
   * @param revision a branch, a tag, a reference such as {@code refs/pr/11}, or a commit (at least
   *     7 digits of it); null for {@code main}
   * @throws CheckpointException if the cache does not hold it
   */
  public Path find(String name, @Nullable String revision) {
    requireName(name);
    var repository = repository(name);
    var asked = revision == null ? MAIN : revision;
    if (!Files.isDirectory(repository)) {
      throw missing(name, asked, "there is no " + repository);
    }
    var snapshots = repository.resolve("snapshots");
    var commit = commit(repository, asked);
    if (commit != null && Files.isDirectory(snapshots.resolve(commit))) {
      return snapshots.resolve(commit);
    }
    if (asked.length() >= SHORTEST_COMMIT && asked.chars().allMatch(HubCache::isHexadecimal)) {
      var found = startingWith(snapshots, asked);
      if (found.size() == 1) {
        return found.getFirst();
      }
    }
    throw missing(name, asked, repository + " does not hold it");
  }

  /** As {@link #findModel(String, String)}, at {@code main}. */
  public Path findModel(String name) {
    return findModel(name, MAIN);
  }

  /**
   * The folder of a model's files that can be loaded, unlike one of which only the tokenizer was
   * fetched, or the download was cut off.
   *
   * @param revision as in {@link #find}
   * @throws CheckpointException if the cache does not hold it, or holds parts of it
   */
  public Path findModel(String name, @Nullable String revision) {
    var snapshot = find(name, revision);
    var asked = revision == null ? MAIN : revision;
    var files = HubRepository.snapshot(repository(name), snapshot);
    boolean configured =
        Stream.of(ModelFolder.CONFIG, "modules.json")
            .anyMatch(file -> Files.exists(snapshot.resolve(file)));
    if (!configured && !files.absent().contains(ModelFolder.CONFIG)) {
      throw missing(name, asked, "only a part of it is: there is no config.json in " + snapshot);
    }
    if (!files.gone().isEmpty()) {
      throw missing(name, asked, "links lead nowhere in " + snapshot);
    }
    if (!WeightFiles.exist(snapshot) && HubRepository.unfinished(repository(name)) > 0) {
      throw missing(name, asked, "only a part of it is: its download is not finished");
    }
    return snapshot;
  }

  /**
   * Brings a model from the Hub into the cache, as far as it is not there, and gives the folder of
   * its files: config, tokenizer and weights, those of safetensors where there are any, and the
   * modules of sentence-transformers. What was interrupted goes on where it was; every file has the
   * digest that the Hub names. Hugging Face's tools find it too.
   *
   * <p>The environment says where from and as whom: {@code HF_ENDPOINT}, {@code HF_TOKEN} or the
   * token of {@code hf auth login}, {@code https_proxy}. With {@code HF_HUB_OFFLINE} set nothing is
   * asked, and the model has to be there.
   *
   * @param name such as {@code albert/albert-base-v2}
   * @throws CheckpointException if there is no such model or revision, it may not be read, the Hub
   *     cannot be reached, a file is not what the Hub says, or the cache cannot be written
   */
  public Path fetch(String name, FetchOptions options) {
    return fetch(name, options, HubEnvironment.here(), Pauses.DEFAULT);
  }

  /** The same with {@link FetchOptions#DEFAULT}. */
  public Path fetch(String name) {
    return fetch(name, FetchOptions.DEFAULT);
  }

  /** The same in another environment. */
  Path fetch(String name, FetchOptions options, HubEnvironment environment, Pauses pauses) {
    requireName(name);
    var offline = environment.offline();
    if (offline.isEmpty()) {
      return HubFetch.run(folder, environment, pauses, name, options);
    }
    try {
      return findModel(name, options.revision());
    } catch (CheckpointException e) {
      throw new CheckpointException(
          name
              + " is not in the cache of the Hub, and "
              + offline.get()
              + " is set, which forbids to ask the Hub: unset it",
          e);
    }
  }

  private static void requireName(String name) {
    if (!isName(name)) {
      throw new CheckpointException(
          FileExcerpt.of(name) + " is no name of the Hub, such as albert/albert-base-v2");
    }
  }

  private Path repository(String name) {
    return folder.resolve(HubRepository.folder(name));
  }

  private static boolean isHexadecimal(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  /** What {@code refs/<revision>} says, or null. */
  private static String commit(Path repository, String revision) {
    var references = repository.resolve("refs").normalize();
    try {
      var file = references.resolve(revision).normalize();
      return file.startsWith(references) ? commit(file).orElse(null) : null;
    } catch (InvalidPathException e) {
      return null; // as good as none: the message names the folder
    }
  }

  /** The commit that a reference's file holds. */
  static Optional<String> commit(Path reference) {
    try {
      if (!Files.isRegularFile(reference) || Files.size(reference) > LONGEST_REFERENCE) {
        return Optional.empty();
      }
      var commit = Files.readString(reference).strip();
      boolean named = !commit.isEmpty() && commit.chars().allMatch(HubCache::isHexadecimal);
      return named ? Optional.of(commit) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** All models in the cache, by name; none if there is no cache. */
  public List<HubRepository> repositories() {
    return HubRepository.folders(folder).stream()
        .map(HubRepository::of)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(HubRepository::name))
        .toList();
  }

  private static List<Path> startingWith(Path snapshots, String start) {
    try (var entries = Files.list(snapshots)) {
      return entries.filter(path -> path.getFileName().toString().startsWith(start)).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static CheckpointException missing(String name, String revision, String why) {
    return new CheckpointException(
        name
            + " at revision "
            + FileExcerpt.of(revision)
            + " is not in the cache of the Hub ("
            + why
            + "): bring it with lanewise fetch "
            + name
            + (revision.equals(MAIN) ? "" : " --revision " + FileExcerpt.of(revision))
            + ", or give a folder");
  }
}
