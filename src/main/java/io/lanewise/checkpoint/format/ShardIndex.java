package io.lanewise.checkpoint.format;

import io.lanewise.CheckpointException;
import io.lanewise.json.Json;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * The index of a sharded checkpoint: the file of each tensor, from the {@code weight_map} of an
 * {@code .index.json}.
 *
 * @param shards file names by tensor name
 */
public record ShardIndex(Path file, SequencedMap<String, String> shards) {
  /**
   * Reads an index.
   *
   * @throws CheckpointException if it is not an index, or names a file outside of the folder
   */
  public static ShardIndex read(Path file) {
    var map = Json.read(file).path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw new CheckpointException(file + " has no weight_map from tensors to files");
    }
    var shards = new LinkedHashMap<String, String>();
    for (var entry : map.properties()) {
      var shard = entry.getValue();
      if (!shard.isTextual() || !staysInside(shard.textValue())) {
        throw new CheckpointException(
            file
                + ": tensor "
                + FileExcerpt.of(entry.getKey())
                + " would be in "
                + FileExcerpt.of(shard)
                + ": the name of a file inside the folder is needed");
      }
      shards.put(entry.getKey(), shard.textValue());
    }
    return new ShardIndex(file, shards);
  }

  /** The files, in the order in which they are first named. */
  public SequencedSet<String> files() {
    return new LinkedHashSet<>(shards.values());
  }

  /**
   * Whether the name stays inside of the folder. Only the name is checked, not the target of a
   * link: in the cache of the Hugging Face Hub every file of a snapshot is a link to a blob
   * elsewhere.
   */
  private static boolean staysInside(String name) {
    if (name.isEmpty() || name.indexOf('\\') >= 0 || name.indexOf(':') >= 0) {
      return false;
    }
    for (var part : name.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    try {
      return !Path.of(name).isAbsolute();
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
