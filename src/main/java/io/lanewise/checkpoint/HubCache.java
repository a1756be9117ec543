package io.lanewise.checkpoint;

import io.lanewise.CheckpointException;
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
 * The cache that Hugging Face's own tools download to, read only: a name of the Hub, such as {@code
 * albert/albert-base-v2}, to the folder that holds its files. Nothing is downloaded.
 *
 * <p>A repository lies in {@code models--albert--albert-base-v2}: {@code refs/main} holds the
 * commit that a revision stands for, {@code snapshots/<commit>} the files, as links to {@code
 * blobs}, and {@code .no_exist/<commit>} the names of files that the Hub does not have. Nothing is
 * ever written.
 *
 * @param folder the cache itself
 */
public record HubCache(Path folder) {
  private static final String MAIN = "main";
  private static final int SHORTEST_COMMIT = 7;
  private static final int LONGEST_REFERENCE = 1024;

  /** The cache of this process's environment. */
  public static HubCache here() {
    return of(System.getenv(), Path.of(System.getProperty("user.home", "")));
  }

  /**
   * The cache of an environment: {@code HF_HUB_CACHE}, {@code HUGGINGFACE_HUB_CACHE}, {@code
   * HF_HOME/hub}, {@code XDG_CACHE_HOME/huggingface/hub}, {@code ~/.cache/huggingface/hub}, the
   * first that is set.
   */
  static HubCache of(Map<String, String> environment, Path home) {
    for (var variable : List.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")) {
      if (isSet(environment, variable)) {
        return new HubCache(Path.of(environment.get(variable)));
      }
    }
    if (isSet(environment, "HF_HOME")) {
      return new HubCache(Path.of(environment.get("HF_HOME"), "hub"));
    }
    var cache =
        isSet(environment, "XDG_CACHE_HOME")
            ? Path.of(environment.get("XDG_CACHE_HOME"))
            : home.resolve(".cache");
    return new HubCache(cache.resolve("huggingface").resolve("hub"));
  }

  private static boolean isSet(Map<String, String> environment, String variable) {
    return !environment.getOrDefault(variable, "").isBlank();
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

  /**
   * The folder of a model's files.
   *
   * @param name such as {@code albert/albert-base-v2}
   * @param revision a branch, a tag, a reference such as {@code refs/pr/11}, or a commit (at least
   *     7 digits of it); null for {@code main}
   * @throws CheckpointException if the cache does not hold it
   */
  public Path find(String name, @Nullable String revision) {
    if (!isName(name)) {
      throw new CheckpointException(name + " is no name of the Hub, such as albert/albert-base-v2");
    }
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

  /** Whether there is a folder for a name, whatever it holds. */
  public boolean holds(String name) {
    return isName(name) && Files.isDirectory(repository(name));
  }

  private Path repository(String name) {
    return folder.resolve(HubRepository.PREFIX + name.replace("/", "--"));
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
            + Excerpt.of(revision)
            + " is not in the cache of the Hub ("
            + why
            + "): download it with hf download "
            + name
            + (revision.equals(MAIN) ? "" : " --revision " + Excerpt.of(revision))
            + ", or give a folder");
  }
}
