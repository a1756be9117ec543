package io.lanewise.checkpoint.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lanewise.CheckpointException;
import io.lanewise.Remedy;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.format.ModelFolder;
import io.lanewise.checkpoint.format.Replacement;
import io.lanewise.checkpoint.format.SafetensorsWriter;
import io.lanewise.checkpoint.format.WeightFormat;
import io.lanewise.checkpoint.weights.Int8Weights;
import io.lanewise.checkpoint.weights.SavedTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes a model folder as Hugging Face's {@code save_pretrained} does: {@code config.json}, and
 * {@code model.safetensors} or several files with their index.
 *
 * <p>Everything is written beside the folder, or hidden in one that is there, and moved when it is
 * whole. A failure on the way leaves nothing behind and the folder as it was.
 */
public final class SavedFolder {
  /**
   * Where a file of weights ends unless told otherwise, 5 GB: the {@code max_shard_size} of
   * transformers 4.
   */
  public static final long SHARD_BYTES = 5_000_000_000L;

  private static final String NAME = WeightFormat.SAFETENSORS.single();
  private static final String STEM = NAME.substring(0, NAME.lastIndexOf('.'));

  private SavedFolder() {}

  /**
   * Writes the folder.
   *
   * @param config to be its config.json
   * @param shardBytes where a file of weights ends; a larger tensor has a file for itself
   * @param overwrite whether there may be files already: those of the same names, and weights of
   *     safetensors under other names, make room, all others stay
   * @param copied more files, that are copied as they are
   * @throws CheckpointException if the folder holds something and may not, or cannot be written
   */
  public static void write(
      Path folder,
      Config config,
      SavedTensors contents,
      long shardBytes,
      boolean overwrite,
      List<Path> copied) {
    var files = Companions.flat(copied);
    write(folder, Path.of(""), config, contents, shardBytes, overwrite, files);
  }

  /**
   * The same with config and weights in a folder in it, and files in folders of their own.
   *
   * @param model the place of config and weights in the folder; empty for itself
   * @param copied files by their places in the folder, such as {@link Companions#of} gives
   * @throws CheckpointException as {@link #write(Path, Config, SavedTensors, long, boolean, List)}
   */
  public static void write(
      Path folder,
      Path model,
      Config config,
      SavedTensors contents,
      long shardBytes,
      boolean overwrite,
      SortedMap<Path, Path> copied) {
    check(folder, overwrite);
    boolean exists = Files.isDirectory(folder);
    var target = exists ? folder : folder.toAbsolutePath().normalize();
    // A folder that is there stays itself: it may be the current one, a link, or another disk.
    var fresh =
        exists
            ? target.resolve("." + UUID.randomUUID())
            : target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      var own = Files.createDirectories(fresh.resolve(model));
      for (var file : copied.entrySet()) {
        var place = fresh.resolve(file.getKey());
        Files.createDirectories(place.getParent());
        Files.copy(file.getValue(), place);
      }
      writeJson(own.resolve(ModelFolder.CONFIG), JsonConfig.tree(config));
      writeWeights(own, contents.shards(shardBytes));
      move(fresh, target, model);
    } catch (IOException e) {
      throw new CheckpointException(
          folder + " cannot be written: " + e.getClass().getSimpleName() + ": " + e.getMessage(),
          e);
    } finally {
      drop(fresh);
    }
  }

  /** Settings that say of which type the weights are, under the key that they say it with. */
  public static Config withDtype(Config config, String dtype) {
    var key = config.has("dtype") ? "dtype" : "torch_dtype";
    return config.with("dtype", null).with("torch_dtype", null).with(key, dtype);
  }

  /** Settings that say whether weights are in 8 bits, {@link SavedTensors#inInt8}. */
  public static Config withInt8(Config config, boolean int8) {
    return Int8Weights.noted(config, int8);
  }

  private static void check(Path folder, boolean overwrite) {
    boolean named = folder.toAbsolutePath().normalize().getFileName() != null;
    if (folder.toString().isEmpty() || (!named && !Files.exists(folder))) {
      throw new CheckpointException("\"" + folder + "\" is no name of a folder to write");
    }
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(folder + " is a file: name a folder to write to");
    }
    try (Stream<Path> entries = Files.list(folder)) {
      if (!overwrite && entries.findAny().isPresent()) {
        throw new CheckpointException(
            folder + " is not empty: name another folder, or say that it may be overwritten",
            Remedy.OVERWRITE);
      }
    } catch (IOException e) {
      throw new CheckpointException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void writeWeights(Path folder, List<SavedTensors.Shard> shards) {
    if (shards.size() == 1) {
      SafetensorsWriter.write(folder.resolve(NAME), shards.getFirst().items());
      return;
    }
    long total = 0;
    var map = new TreeMap<String, String>();
    for (int i = 0; i < shards.size(); i++) {
      var shard = shards.get(i);
      var name =
          String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", STEM, i + 1, shards.size());
      SafetensorsWriter.write(folder.resolve(name), shard.items());
      shard.items().forEach(item -> map.put(item.name(), name));
      total += shard.bytes();
    }
    var index = JsonNodeFactory.instance.objectNode();
    index.putObject("metadata").put("total_size", total);
    var files = index.putObject("weight_map");
    map.forEach(files::put);
    writeJson(folder.resolve(WeightFormat.SAFETENSORS.index()), index);
  }

  private static void writeJson(Path file, JsonNode tree) {
    var sorted = JsonNodeFactory.instance.objectNode();
    tree.properties().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> sorted.set(entry.getKey(), entry.getValue()));
    var text = sorted.toPrettyString() + "\n";
    Replacement.of(
        file, channel -> SafetensorsWriter.fully(channel, ByteBuffer.wrap(text.getBytes(UTF_8))));
  }

  /** Moves the whole folder where there is none, and file by file otherwise. */
  private static void move(Path fresh, Path target, Path model) throws IOException {
    if (!Files.exists(target)) {
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    for (var stale : stale(target.resolve(model))) {
      if (!Files.exists(fresh.resolve(model).resolve(stale.getFileName()))) {
        Files.delete(stale);
      }
    }
    for (var file : files(fresh)) {
      var place = target.resolve(fresh.relativize(file));
      Files.createDirectories(place.getParent());
      Files.move(file, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> entries = Files.walk(folder)) {
      return entries.filter(Files::isRegularFile).toList();
    }
  }

  /** Weights that would be read beside or before the new ones. */
  private static List<Path> stale(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(
              entry -> {
                var name = String.valueOf(entry.getFileName());
                return name.equals(NAME)
                    || name.equals(WeightFormat.SAFETENSORS.index())
                    || (name.startsWith(STEM + "-") && name.endsWith(".safetensors"));
              })
          .toList();
    }
  }

  private static void drop(Path fresh) {
    if (!Files.exists(fresh)) {
      return;
    }
    try (Stream<Path> files = Files.walk(fresh)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // The failure that left it there is already on its way to the caller.
    }
  }
}
