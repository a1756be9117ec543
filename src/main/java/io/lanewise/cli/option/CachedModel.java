package io.lanewise.cli.option;

import io.lanewise.LanewiseException;
import io.lanewise.checkpoint.Checkpoint;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.HubRepository;
import io.lanewise.checkpoint.HubRepository.Snapshot;
import io.lanewise.checkpoint.TensorInfo;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.memory.Region;
import io.lanewise.model.Head;
import io.lanewise.model.Model;
import io.lanewise.tensor.DType;
import io.lanewise.text.Excerpt;
import java.io.File;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What can be said of a model in the Hub's cache without loading it: its config is read, and the
 * lists of tensors in its weight files. What is not known is null.
 *
 * @param name of the model
 * @param snapshot null if nothing is downloaded
 * @param family {@code model_type}, also one that does not run here
 * @param head what the class name ends with, such as {@code ForMaskedLM}
 * @param format of the weights
 * @param dtype that most of the weights have
 * @param problem what keeps it from running; null if it runs
 */
public record CachedModel(
    String name,
    Snapshot snapshot,
    String family,
    String head,
    String format,
    DType dtype,
    String problem) {
  private static final String CONFIG = "config.json";
  private static final int SHOWN = 3;

  /** All snapshots of a repository; one line that says so if there are none. */
  public static List<CachedModel> of(HubRepository repository) {
    boolean unfinished = repository.unfinished() > 0;
    if (repository.snapshots().isEmpty()) {
      return List.of(
          nothingOf(repository, null)
              .failing(unfinished ? "the download is not finished" : "nothing is downloaded"));
    }
    return repository.snapshots().stream()
        .map(snapshot -> nothingOf(repository, snapshot).looked(unfinished))
        .toList();
  }

  /** Whatever is the matter with one, the others are listed. */
  private CachedModel looked(boolean unfinished) {
    try {
      return look(unfinished);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      return failing("it cannot be looked at: " + Excerpt.of(e.toString()));
    }
  }

  private static CachedModel nothingOf(HubRepository repository, Snapshot snapshot) {
    return new CachedModel(repository.name(), snapshot, null, null, null, null, null);
  }

  private CachedModel failing(String why) {
    return new CachedModel(name, snapshot, family, head, format, dtype, why);
  }

  private CachedModel look(boolean unfinished) {
    if (!snapshot.gone().isEmpty()) {
      return failing("the cache has lost " + named(snapshot.gone()));
    }
    if (!Files.isReadable(snapshot.folder())) {
      return failing("its folder cannot be read");
    }
    if (!Files.exists(snapshot.folder().resolve(CONFIG))) {
      return failing(lacks(CONFIG, unfinished));
    }
    CachedModel seen = this;
    try {
      var config = Checkpoint.config(snapshot.folder());
      seen = withNames(config);
      if (seen.family != null && !Model.families().contains(seen.family)) {
        return seen.failing("no family that runs here");
      }
      Model.family(config);
      return OpenedFolder.hasWeights(snapshot.folder())
          ? seen.withWeights(config)
          : seen.failing(lacks("model.safetensors", unfinished));
    } catch (LanewiseException e) {
      // The line says which snapshot it is about: its folder need not stand in the reason, too.
      return seen.failing(e.statement().replace(snapshot.folder() + File.separator, ""));
    }
  }

  private static String named(List<String> files) {
    var first = files.stream().limit(SHOWN).collect(Collectors.joining(", "));
    return files.size() <= SHOWN ? first : first + " and " + (files.size() - SHOWN) + " more files";
  }

  private String lacks(String file, boolean unfinished) {
    if (snapshot.absent().contains(file)) {
      return "the Hub has no " + file + " for it";
    }
    return file + (unfinished ? ": the download is not finished" : " is not downloaded");
  }

  private CachedModel withNames(Config config) {
    var architecture = config.texts("architectures").stream().findFirst().orElse("Model");
    var type = config.text("model_type").orElse(null);
    return new CachedModel(
        name,
        snapshot,
        type,
        Head.named(architecture).map(Head::suffix).orElse(architecture),
        null,
        null,
        null);
  }

  private CachedModel withWeights(Config config) {
    try (var region = Region.open();
        var checkpoint = OpenedFolder.open(snapshot.folder(), config, Loading.MAP, region)) {
      var dtype = commonest(checkpoint.tensors());
      var format = checkpoint.format();
      var why = dtype.isFloat() ? null : "its weights are " + dtype + ", no floats";
      return new CachedModel(name, snapshot, family, head, format, dtype, why);
    }
  }

  private static DType commonest(List<TensorInfo> tensors) {
    var bytes = new EnumMap<DType, Long>(DType.class);
    tensors.forEach(tensor -> bytes.merge(tensor.dtype(), tensor.bytes(), Long::sum));
    return bytes.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse(DType.F32);
  }
}
