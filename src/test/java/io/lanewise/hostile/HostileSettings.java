package io.lanewise.hostile;

import static io.lanewise.hostile.Folders.copy;
import static io.lanewise.hostile.HostileCase.harmless;
import static io.lanewise.hostile.HostileCase.refused;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lanewise.generate.Generator;
import io.lanewise.hostile.HostileCase.Step;
import io.lanewise.model.Inputs;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Settings that ask for more than the weights hold, or for what is no number. */
final class HostileSettings {
  private static final Path TASKS = Path.of("src", "test", "resources", "tasks");
  private static final Path SENTIMENT = Path.of("weights", "albert-tiny-sentiment");
  private static final String NEEDED = " is needed";
  private static final ObjectMapper JSON = new ObjectMapper();

  private HostileSettings() {}

  static List<HostileCase> all() {
    var cases = new ArrayList<HostileCase>();
    var albert = SENTIMENT;
    cases.add(config(albert, "inner_group_num", "16777216", "inner_group_num"));
    cases.add(config(albert, "inner_group_num", "4096", "inner_group_num"));
    cases.add(config(albert, "inner_group_num", "17", "missing tensor"));
    cases.add(config(albert, "num_hidden_groups", "4096", "num_hidden_groups"));
    cases.add(config(albert, "num_hidden_layers", "16777216", "num_hidden_layers"));
    cases.add(config(albert, "embedding_size", "16777216", "config.json asks for"));
    cases.add(labels(albert, 16_777_216, "num_labels"));
    cases.add(labels(albert, 1_000_000, "config.json asks for"));
    cases.add(namedLabels(albert, 100_000));
    cases.add(namedLabels(albert, 500_000));
    cases.add(config(albert, "x", "[[]" + ",[]".repeat(1_300_000) + "]", null));
    cases.add(config(albert, "x", "[[]" + ",[]".repeat(3_000_000) + "]", "of the Java heap"));
    cases.add(config(albert, "hidden_act", "[[]" + ",[]".repeat(1_000_000) + "]", "hidden_act"));
    var nezha = TASKS.resolve("classes-nezha-labels");
    cases.add(config(nezha, "max_relative_position", "16777216", "max_relative_position"));
    var longformer = TASKS.resolve("classes-longformer-labels");
    cases.add(config(longformer, "attention_window", "16777216", "attention_window"));
    cases.add(config(longformer, "attention_window", "65536", null));
    cases.add(config(longformer, "attention_window", "[4]", "attention_window"));
    cases.add(config(albert, "layer_norm_eps", "1e308", "layer_norm_eps"));
    cases.add(config(albert, "layer_norm_eps", "\"NaN\"", "layer_norm_eps"));
    cases.add(config(albert, "layer_norm_eps", "NaN", "not valid JSON"));
    cases.add(config(albert, "initializer_range", "1e308", "initializer_range"));
    var generation =
        List.of(
            List.of("max_length", "2000000000", NEEDED),
            List.of("max_length", "16777216", "max_position_embeddings"),
            List.of("max_new_tokens", "16777216", "max_position_embeddings"),
            List.of("num_beams", "1000000", NEEDED),
            List.of("num_return_sequences", "1000000", NEEDED),
            List.of("no_repeat_ngram_size", "-1", NEEDED),
            List.of("length_penalty", "1e308", NEEDED),
            List.of("temperature", "-1,\"do_sample\":true", "temperature"),
            List.of("top_k", "-5,\"do_sample\":true", NEEDED),
            List.of("eos_token_id", "[2,null]", "eos_token_id"),
            List.of("eos_token_id", "2000000000", NEEDED),
            List.of("bad_words_ids", "[[16777216]]", "bad_words_ids"));
    for (var each : generation) {
      cases.add(generation(each.get(0), each.get(1), each.get(2)));
    }
    cases.add(generation("bad_words_ids", many("[%d]", 100_000), "bad_words_ids"));
    cases.add(generation("eos_token_id", many("%d", 100_000), "eos_token_id"));
    cases.add(modules("100,000 modules", many("1_Pooling", 100_000), "at most 64"));
    cases.add(modules("modules that leave the folder", path("../../.."), "leaves the folder"));
    cases.add(modules("modules at the root", path("/dev/zero"), "leaves the folder"));
    cases.add(modules("modules that are the folder itself", path(""), "in_features"));
    return cases;
  }

  private static String many(String each, int count) {
    var list = new StringBuilder("[");
    for (int i = 0; i < count; i++) {
      list.append(i == 0 ? "" : ",");
      list.append(
          each.contains("%")
              ? each.formatted(i)
              : "{\"path\":\"%s\",\"type\":\"x.%s\"}"
                  .formatted(each, i == 0 ? "Transformer" : i == 1 ? "Pooling" : "Normalize"));
    }
    return list.append(']').toString();
  }

  private static String path(String path) {
    return "[{\"path\":\"\",\"type\":\"x.Transformer\"},{\"path\":\"%s\",\"type\":\"x.Pooling\"},{\"path\":\"%s\",\"type\":\"x.Dense\"}]"
        .formatted(path, path);
  }

  private static Step changed(Path model, String file, String key, String value) {
    return folder -> {
      copy(model, folder);
      var path = folder.resolve(file);
      var tree = (ObjectNode) JSON.readTree(Files.readAllBytes(path));
      if (key.equals("num_labels")) {
        tree.remove(List.of("id2label", "label2id"));
      }
      tree.put(key, "HERE");
      Files.writeString(path, tree.toString().replace("\"HERE\"", value));
    };
  }

  static HostileCase config(Path model, String key, String value, String wanted) {
    var shown = value.length() > 40 ? "of " + value.length() + " characters" : value;
    var name = model.getFileName() + ": " + key + " " + shown;
    var make = changed(model, "config.json", key, value);
    return wanted == null
        ? harmless(name, make, HostileSettings::forward)
        : refused(name, wanted, make, HostileSettings::forward);
  }

  private static HostileCase labels(Path model, int count, String wanted) {
    return config(model, "num_labels", String.valueOf(count), wanted);
  }

  private static HostileCase namedLabels(Path model, int count) {
    return refused(
        count + " named labels",
        "config.json asks for",
        folder -> {
          copy(model, folder);
          var path = folder.resolve("config.json");
          var tree = (ObjectNode) JSON.readTree(Files.readAllBytes(path));
          var names = tree.putObject("id2label");
          for (int i = 0; i < count; i++) {
            names.put(String.valueOf(i), "label " + i);
          }
          Files.writeString(path, tree.toString());
        },
        HostileSettings::forward);
  }

  private static void forward(Path folder) {
    try (var model = Model.load(folder, Options.DEFAULT)) {
      int[][] ids = {{2, 3, 4, 2}};
      model.forward(Inputs.ids(ids));
    }
  }

  private static HostileCase generation(String key, String value, String wanted) {
    var shown = value.length() > 20 ? "of " + value.length() + " characters" : value;
    return refused(
        "generation: " + key + " " + shown,
        wanted,
        changed(TASKS.resolve("generation/bart"), "generation_config.json", key, value),
        folder -> {
          try (var model = Model.load(folder, Options.DEFAULT)) {
            int[][] ids = {{0, 5, 6, 2}};
            Generator.of(model).generate(Inputs.ids(ids));
          }
        });
  }

  private static HostileCase modules(String name, String json, String wanted) {
    return refused(
        name,
        wanted,
        folder -> {
          copy(TASKS.resolve("classes-bert-embed"), folder);
          Files.writeString(folder.resolve("modules.json"), json);
        },
        folder -> {
          try (var embedder = Embedder.load(folder, Options.DEFAULT)) {
            embedder.predict("a text");
          }
        });
  }
}
