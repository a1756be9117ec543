package io.lanewise.hostile;

import static io.lanewise.hostile.Folders.copy;
import static io.lanewise.hostile.HostileCase.harmless;
import static io.lanewise.hostile.HostileCase.refused;

import io.lanewise.hostile.HostileCase.Step;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import io.lanewise.tokenizer.Tokenizer;
import io.lanewise.tokenizer.TokenizerOptions;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What stands where a file should be: a link to a device, a pipe, a socket, a folder. */
final class HostilePlaces {
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");
  private static final String NO_FILE = "is a device, a pipe or a socket, where a file is expected";
  private static final String FOLDER = "is a folder, where a file is expected";

  private HostilePlaces() {}

  static List<HostileCase> all() {
    var cases = new ArrayList<HostileCase>();
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return cases;
    }
    var embedder = TASKS.resolve("classes-bert-embed");
    for (var file :
        List.of(
            "config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json",
            "modules.json",
            "sentence_bert_config.json",
            "config_sentence_transformers.json",
            "1_Pooling/config.json")) {
      addAll(cases, embedder, file, HostilePlaces::embed);
    }
    for (var file : List.of("generation_config.json", "pytorch_model.bin")) {
      boolean weights = file.endsWith(".bin");
      addAll(
          cases,
          TASKS.resolve("generation/bart"),
          file,
          folder -> {
            if (weights) {
              Files.delete(folder.resolve("model.safetensors"));
            }
            Model.load(folder, Options.DEFAULT).close();
          });
    }
    for (var file : List.of("vocab.json", "merges.txt")) {
      addAll(
          cases,
          TASKS.resolve("generation/bart"),
          file,
          folder ->
              Tokenizer.load(
                  folder, TokenizerOptions.DEFAULT.withFlavor(TokenizerOptions.Flavor.SLOW)));
    }
    // It is read only where the settings do not say what the special tokens are.
    addAll(cases, embedder, "special_tokens_map.json", folder -> loadAs("BertTokenizer", folder));
    for (var file : List.of("vocab.txt", "spiece.model")) {
      addAll(
          cases,
          embedder,
          file,
          folder -> {
            Files.delete(folder.resolve("tokenizer.json"));
            loadAs(file.equals("vocab.txt") ? "BertTokenizer" : "AlbertTokenizer", folder);
          });
    }
    cases.add(
        harmless(
            "links as the cache of the Hub has them",
            folder -> {
              var blobs = folder.resolve("blobs");
              copy(embedder, blobs);
              Files.createDirectories(folder.resolve("snapshot"));
              try (var files = Files.list(blobs)) {
                for (var file : files.toList()) {
                  Files.createSymbolicLink(
                      folder.resolve("snapshot").resolve(file.getFileName()),
                      Path.of("..", "blobs").resolve(file.getFileName()));
                }
              }
            },
            folder -> embed(folder.resolve("snapshot"))));
    cases.add(
        refused(
            "links in a circle",
            "no tokenizer to load",
            folder -> {
              Files.createSymbolicLink(folder.resolve("config.json"), Path.of("other.json"));
              Files.createSymbolicLink(folder.resolve("other.json"), Path.of("config.json"));
            },
            HostilePlaces::embed));
    cases.addAll(HostileInputs.ofPlaces());
    return cases;
  }

  private static void loadAs(String tokenizerClass, Path folder) throws IOException {
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\":\"" + tokenizerClass + "\"}");
    Tokenizer.load(folder);
  }

  private static void addAll(List<HostileCase> cases, Path model, String file, Step use) {
    cases.add(
        refused(file + " is a folder", FOLDER, placed(model, file, Files::createDirectory), use));
    cases.add(
        refused(
            file + " is a link to /dev/zero",
            NO_FILE,
            placed(model, file, place -> Files.createSymbolicLink(place, Path.of("/dev/zero"))),
            use));
    cases.add(refused(file + " is a pipe", NO_FILE, placed(model, file, HostilePlaces::pipe), use));
    cases.add(
        refused(
            file + " is a link to a pipe",
            NO_FILE,
            placed(
                model,
                file,
                place -> {
                  pipe(place.resolveSibling("pipe"));
                  return Files.createSymbolicLink(place, Path.of("pipe"));
                }),
            use));
    cases.add(
        refused(file + " is a socket", NO_FILE, placed(model, file, HostilePlaces::socket), use));
  }

  /** Makes something of a path. */
  @FunctionalInterface
  private interface Maker {
    Object make(Path place) throws Exception;
  }

  private static Step placed(Path model, String file, Maker maker) {
    return folder -> {
      copy(model, folder);
      var place = folder.resolve(file);
      Files.deleteIfExists(place);
      maker.make(place);
    };
  }

  static Path pipe(Path place) throws IOException, InterruptedException {
    int code = new ProcessBuilder("mkfifo", place.toString()).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException("mkfifo " + place + " ended with " + code);
    }
    return place;
  }

  private static Path socket(Path place) throws IOException {
    // The address of a socket may have no more than about 100 characters.
    try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(place));
    }
    return place;
  }

  private static void embed(Path folder) {
    try (var embedder = Embedder.load(folder, Options.DEFAULT)) {
      embedder.predict("a text");
    }
  }
}
