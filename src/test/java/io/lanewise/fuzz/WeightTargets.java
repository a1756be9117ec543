package io.lanewise.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lanewise.checkpoint.Safetensors;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.fuzz.Mutator.Kind;
import io.lanewise.memory.Region;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

/** The files of weights. */
final class WeightTargets {
  private static final Path FILES = Targets.RESOURCES.resolve("weight-files");

  private final Targets targets;

  WeightTargets(Targets targets) {
    this.targets = targets;
  }

  List<Target> all() throws IOException {
    var bert = Targets.TASKS.resolve("classes-bert-fill");
    var small = FILES.resolve("keras.safetensors");
    return List.of(
        Targets.of(
            "safetensors",
            Kind.BINARY,
            WeightTargets::use,
            file("model.safetensors", small),
            targets.seed(bert, "model.safetensors")),
        Targets.of("safetensors-header", Kind.JSON, WeightTargets::header, headerOf(small)),
        Targets.of("index", Kind.JSON, WeightTargets::use, index()),
        Targets.of(
            "pytorch-zip",
            Kind.BINARY,
            WeightTargets::pickle,
            file("pytorch_model.bin", FILES.resolve("torch_zip.bin")),
            file("pytorch_model.bin", FILES.resolve("torch_protocol4.bin"))),
        Targets.of(
            "pytorch-legacy",
            Kind.BINARY,
            WeightTargets::pickle,
            file("pytorch_model.bin", FILES.resolve("torch_legacy.bin"))),
        Targets.of(
            "hdf5",
            Kind.BINARY,
            WeightTargets::use,
            file("tf_model.h5", FILES.resolve("keras.h5")),
            file("tf_model.h5", FILES.resolve("keras_shard.h5"))),
        Targets.of(
            "msgpack",
            Kind.BINARY,
            WeightTargets::use,
            file("flax_model.msgpack", FILES.resolve("flax.msgpack"))));
  }

  private Target.Seed file(String name, Path file) throws IOException {
    var seed = targets.seed(null, name, Files.readAllBytes(file));
    Files.writeString(seed.folder().resolve("config.json"), "{}");
    return seed;
  }

  private Target.Seed index() throws IOException {
    var folder = file("a", FILES.resolve("keras.safetensors")).folder();
    Files.copy(FILES.resolve("keras.safetensors"), folder.resolve("a"));
    var map = new StringBuilder();
    Safetensors.read(folder.resolve("a"))
        .keySet()
        .forEach(
            name ->
                map.append(map.isEmpty() ? "" : ",").append('"').append(name).append("\":\"a\""));
    var json = "{\"metadata\":{\"total_size\":8},\"weight_map\":{" + map + "}}";
    return new Target.Seed(folder, "model.safetensors.index.json", json.getBytes(UTF_8));
  }

  /** The header alone, with its data in a file beside it. */
  private Target.Seed headerOf(Path file) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int length = (whole[0] & 255) | ((whole[1] & 255) << 8);
    var header = java.util.Arrays.copyOfRange(whole, 8, 8 + length);
    var seed = targets.seed(null, "header", header);
    Files.writeString(seed.folder().resolve("config.json"), "{}");
    Files.write(
        seed.folder().resolve("data"),
        java.util.Arrays.copyOfRange(whole, 8 + length, whole.length));
    return seed;
  }

  private static void header(Path folder) throws IOException {
    byte[] header = Files.readAllBytes(folder.resolve("header"));
    try (var out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      for (int i = 0; i < 8; i++) {
        out.write(header.length >>> (8 * i));
        if (i == 3) {
          out.write(new byte[4]);
          break;
        }
      }
      out.write(header);
      out.write(Files.readAllBytes(folder.resolve("data")));
    }
    use(folder);
  }

  /** Where weights are found by themselves. */
  private static void use(Path folder) {
    use((loading, region) -> OpenedFolder.open(folder, loading, region));
  }

  /** Named, so that nothing is logged of how they were found. */
  private static void pickle(Path folder) {
    use((loading, region) -> OpenedFolder.open(folder, "pytorch_model.bin", loading, region));
  }

  /** Opens the folder mapped and copied, and reads all matrices. */
  private static void use(BiFunction<Loading, Region, OpenedFolder> open) {
    for (var loading : Loading.values()) {
      try (var region = Region.scratch();
          var checkpoint = open.apply(loading, region)) {
        var weights = checkpoint.weights();
        for (var tensor : checkpoint.tensors()) {
          if (tensor.shape().rank() == 2 && tensor.dtype().isFloat()) {
            weights.matrix(tensor.name(), tensor.shape().size(0), tensor.shape().size(1)).toArray();
          }
        }
        weights.report();
      }
    }
  }
}
