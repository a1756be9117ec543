package io.lanewise.checkpoint;

import io.lanewise.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The cache that Hugging Face's own tools download to, read only: a name of the Hub, such as {@code
 * albert/albert-base-v2}, to the folder that holds its files. Nothing is downloaded.
 *
 * <p>A repository lies in {@code models--albert--albert-base-v2}: {@code refs/main} holds the
 * commit that a revision stands for, {@code snapshots/<commit>} the files.
 *
 * @param folder the cache itself
 */
public record HubCache(Path folder) {
  private static final String MAIN = "main";
  private static final int SHORTEST_COMMIT = 7;

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
  public Path find(String name, String revision) {
    if (!isName(name)) {
      throw new CheckpointException(name + " is no name of the Hub, such as albert/albert-base-v2");
    }
    var repository = folder.resolve("models--" + name.replace("/", "--"));
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

  private static boolean isHexadecimal(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }

  /** What {@code refs/<revision>} says, or null. */
  private static String commit(Path repository, String revision) {
    var references = repository.resolve("refs").normalize();
    try {
      var file = references.resolve(revision).normalize();
      if (!file.startsWith(references) || !Files.isRegularFile(file)) {
        return null;
      }
      var commit = Files.readString(file).strip();
      return !commit.isEmpty() && commit.chars().allMatch(HubCache::isHexadecimal) ? commit : null;
    } catch (IOException | InvalidPathException e) {
      return null; // as good as none: the message names the folder
    }
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
