package io.lanewise.fuzz;

import io.lanewise.fuzz.Mutator.Kind;
import io.lanewise.fuzz.Target.Seed;
import io.lanewise.fuzz.Target.Use;
import io.lanewise.generate.Generator;
import io.lanewise.hostile.Folders;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everything that reads what somebody else wrote. */
final class Targets {
  static final Path RESOURCES = Path.of("src", "test", "resources");
  static final Path TASKS = RESOURCES.resolve("tasks");
  static final Path HUB = RESOURCES.resolve("hub-folders");

  private final Path root;
  private int folders;

  private Targets(Path root) {
    this.root = root;
  }

  /**
   * All of them.
   *
   * @param root a folder that they may use
   */
  static List<Target> all(Path root) throws IOException {
    var targets = new Targets(root);
    var all = new ArrayList<Target>();
    all.addAll(targets.settings());
    all.addAll(new TokenizerTargets(targets).all());
    all.addAll(new WeightTargets(targets).all());
    all.addAll(new InputTargets(targets).all());
    return List.copyOf(all);
  }

  private List<Target> settings() throws IOException {
    var families = new ArrayList<Seed>();
    for (var model :
        List.of(
            "classes-albert-multilabel",
            "classes-bert-labels",
            "classes-roberta-rerank",
            "classes-nezha-labels",
            "classes-longformer-labels",
            "classes-bart-labels",
            "span-albert-answers",
            "classes-bert-next",
            "generation/bert-lm")) {
      families.add(seed(TASKS.resolve(model), "config.json"));
    }
    try (var folders = Files.list(HUB)) {
      for (var model : folders.filter(Files::isDirectory).sorted().toList()) {
        if (!model.endsWith("all-mpnet-base-v2")) { // its config names a head that it lacks
          families.add(seed(model, "config.json"));
        }
      }
    }
    var generation = new ArrayList<Seed>();
    for (var model : List.of("generation/bart", "generation/bert-lm", "generation/roberta-lm")) {
      generation.add(seed(TASKS.resolve(model), "generation_config.json"));
    }
    var embed = TASKS.resolve("classes-albert-embed");
    return List.of(
        new Target("config.json", Kind.JSON, families, Targets::forward),
        new Target("generation_config.json", Kind.JSON, generation, Targets::generate),
        embedder("modules.json", seed(embed, "modules.json")),
        embedder(
            "pooling",
            seed(embed, "1_Pooling/config.json"),
            seed(TASKS.resolve("classes-bert-embed"), "1_Pooling/config.json")),
        embedder(
            "dense",
            seed(embed, "2_Dense/config.json"),
            seed(embed, "3_LayerNorm/config.json"),
            seed(embed, "4_Dense/config.json")),
        embedder(
            "sentence-transformers",
            seed(embed, "0_Transformer/sentence_bert_config.json"),
            seed(TASKS.resolve("classes-bert-embed"), "config_sentence_transformers.json"),
            seed(TASKS.resolve("classes-roberta-embed"), "config_sentence_transformers.json")));
  }

  private static Target embedder(String name, Seed... seeds) {
    return new Target(
        name,
        Kind.JSON,
        List.of(seeds),
        folder -> {
          try (var embedder = Embedder.load(folder, Options.DEFAULT)) {
            embedder.predict("a text");
          }
        });
  }

  private static void forward(Path folder) {
    try (var model = Model.load(folder, Options.DEFAULT)) {
      int[][] ids = {{2, 3, 4, 2}};
      model.forward(Inputs.ids(ids));
      model.labels();
    }
  }

  private static void generate(Path folder) {
    try (var model = Model.load(folder, Options.DEFAULT)) {
      int[][] ids = {{2, 5, 6, 3}};
      Generator.of(model).generate(Inputs.ids(ids));
    }
  }

  /** A file of a model folder, in a copy of the folder. */
  Seed seed(Path model, String file) throws IOException {
    var folder = folder();
    Folders.copy(model, folder);
    return new Seed(folder, file, Files.readAllBytes(folder.resolve(file)));
  }

  /** A file that is not in its folder yet. */
  Seed seed(Path model, String file, byte[] content) throws IOException {
    var folder = folder();
    if (model != null) {
      Folders.copy(model, folder);
    }
    return new Seed(folder, file, content);
  }

  Path folder() throws IOException {
    return Files.createDirectories(root.resolve("folder" + folders++));
  }

  static Target of(String name, Kind kind, Use use, Seed... seeds) {
    return new Target(name, kind, List.of(seeds), use);
  }
}
