package io.lanewise.task.sentence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lanewise.LanewiseException;
import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.folder.JsonConfig;
import io.lanewise.json.Json;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import io.lanewise.task.PoolingMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of sentence-transformers, whole and damaged. */
class SentenceFolderTest {
  private static final Path CASES = Path.of("src/test/resources/tasks");
  private static final Options OPTIONS = Options.DEFAULT.withThreads(1);
  private static final String TRANSFORMER = "{\"path\": \"\", \"type\": \"x.Transformer\"}";
  private static final String POOLING = "{\"path\": \"1_Pooling\", \"type\": \"x.Pooling\"}";

  private static final Config ENTRY =
      JsonConfig.of(Json.mapper().createObjectNode(), "modules.json: module 1");

  @TempDir private Path folder;

  private void copy(String name) throws IOException {
    var from = CASES.resolve(name);
    try (var files = Files.walk(from)) {
      for (var file : files.toList()) {
        var to = folder.resolve(from.relativize(file).toString());
        if (!Files.isDirectory(file)) {
          Files.createDirectories(to.getParent());
          Files.copy(file, to);
        }
      }
    }
  }

  private void refused(String... said) {
    assertThatThrownBy(() -> Embedder.load(folder, OPTIONS))
        .isInstanceOf(LanewiseException.class)
        .hasMessageContainingAll(said);
  }

  private void refusedWith(String file, String text, String... said) throws IOException {
    var path = folder.resolve(file);
    var before = Files.readString(path);
    Files.writeString(path, text);
    refused(said);
    Files.writeString(path, before);
  }

  /** However the folder is named: its parts lie in it. */
  @Test
  void theFolderMayBeNamedInAnyWay() throws IOException {
    copy("classes-bert-embed");
    float[] expected;
    try (var embedder = Embedder.load(folder, OPTIONS)) {
      expected = embedder.predict("a cat").values();
    }
    var here = Path.of("").toAbsolutePath().relativize(folder.toRealPath()).toString();
    var link = Files.createSymbolicLink(folder.resolve("link"), folder);
    var elsewhere = Files.createDirectories(folder.resolve("deep/er"));
    var jump = Files.createSymbolicLink(folder.resolve("jump"), elsewhere);
    var pooling = folder.resolve("1_Pooling");
    Files.move(pooling, elsewhere.resolve("1_Pooling"));
    Files.createSymbolicLink(pooling, elsewhere.resolve("1_Pooling"));
    for (var name :
        List.of(
            here,
            "./" + here,
            here + "/",
            here + "/.",
            here + "/deep/..",
            here + "/no/../.",
            link.toString(),
            link + "/deep/..",
            jump + "/../..")) { // above where the link leads to, not above the link
      if (name.contains("/no/")) {
        Files.createDirectories(folder.resolve("no"));
      }
      try (var embedder = Embedder.load(Path.of(name), OPTIONS)) {
        assertThat(embedder.predict("a cat").values()).as(name).isEqualTo(expected);
      }
    }
  }

  /** The current folder itself, which a test cannot change: its parts are named from there. */
  @Test
  void theCurrentFolderHoldsItsParts() {
    assertThat(FolderModule.inside(Path.of("."), ENTRY, "1_Pooling"))
        .isEqualTo(Path.of("./1_Pooling"));
    assertThat(FolderModule.inside(Path.of(""), ENTRY, "1_Pooling"))
        .isEqualTo(Path.of("1_Pooling"));
    var above = Path.of(".").resolve("..");
    assertThat(FolderModule.inside(above, ENTRY, "")).isEqualTo(above);
    assertThat(FolderModule.inside(Path.of("."), ENTRY, "a/../1_Pooling/."))
        .isEqualTo(Path.of("./1_Pooling"));
    for (var outside : new String[] {"..", "../x", "a/../../x", "/etc", "./../.."}) {
      for (var name : new String[] {".", "", "/", "a/b"}) {
        assertThatThrownBy(() -> FolderModule.inside(Path.of(name), ENTRY, outside))
            .isInstanceOf(LanewiseException.class)
            .hasMessageContaining("leaves the folder");
      }
    }
  }

  @Test
  void damagedModulesAreRefused() throws IOException {
    copy("classes-bert-embed");
    var file = "modules.json";
    refusedWith(file, "", "modules.json");
    refusedWith(file, "[{", "modules.json");
    refusedWith(file, "{}", "modules.json", "list");
    refusedWith(file, "[]", "modules.json", "list");
    refusedWith(file, "[" + TRANSFORMER + "]", "modules.json", "Pooling");
    refusedWith(file, "[1, 2]", "modules.json: module 0");
    refusedWith(
        file, "[" + POOLING + "," + TRANSFORMER + "]", "module 0", "Pooling", "Transformer");
    refusedWith(file, "[" + TRANSFORMER + "," + TRANSFORMER + "]", "module 1", "Pooling");
    refusedWith(file, "[" + TRANSFORMER + ", {\"type\": 3}]", "module 1", "type");
    var lstm = "{\"path\": \"2\", \"type\": \"sentence_transformers.models.LSTM\"}";
    refusedWith(
        file, "[" + TRANSFORMER + "," + POOLING + "," + lstm + "]", "module 2", "LSTM", "Dense");
  }

  @Test
  void pathsStayInTheFolder() throws IOException {
    copy("classes-bert-embed");
    for (var path : List.of("../1_Pooling", "/etc", "1_Pooling/../../x")) {
      refusedWith(
          "modules.json",
          "[" + TRANSFORMER + "," + POOLING.replace("1_Pooling", path) + "]",
          "module 1",
          "leaves the folder");
    }
    refusedWith(
        "modules.json",
        "[" + TRANSFORMER + "," + POOLING.replace("1_Pooling", "a\\u0000b") + "]",
        "module 1",
        "no path");
    refusedWith(
        "modules.json", "[" + TRANSFORMER + "," + POOLING.replace("1_", "2_") + "]", "2_Pooling");
  }

  @Test
  void damagedSettingsAreRefused() throws IOException {
    copy("classes-roberta-embed");
    refusedWith("1_Pooling/config.json", "{\"pooling_mode\": \"median\"}", "pooling_mode", "mean");
    refusedWith(
        "1_Pooling/config.json",
        "{\"pooling_mode_mean_tokens\": \"yes\"}",
        "pooling_mode_mean_tokens",
        "yes");
    refusedWith("sentence_bert_config.json", "{\"max_seq_length\": -3}", "max_seq_length", "-3");
    refusedWith("sentence_bert_config.json", "[]", "sentence_bert_config.json");
    refusedWith("sentence_bert_config.json", "{\"max_seq_length\": 1}", "max_seq_length 1");
    var file = "config_sentence_transformers.json";
    refusedWith(file, "{\"prompts\": []}", "prompts");
    refusedWith(file, "{\"prompts\": {\"query\": 1}}", "prompts", "query");
    refusedWith(file, "{\"default_prompt_name\": \"query\"}", "default_prompt_name", "query");
    refusedWith(file, "{\"similarity_fn_name\": \"taxicab\"}", "similarity_fn_name", "cosine");
  }

  @Test
  void damagedLayersAreRefused() throws IOException {
    copy("classes-roberta-embed");
    var file = "2_Dense/config.json";
    refusedWith(file, "{}", "in_features");
    refusedWith(
        file, "{\"in_features\": 12, \"out_features\": 8}", "linear.weight", "[9, 12]", "[8, 12]");
    refusedWith(file, "{\"in_features\": 16777216, \"out_features\": 16777216}", "linear.weight");
    refusedWith(
        file,
        "{\"in_features\": 12, \"out_features\": 9, \"activation_function\": \"os.system\"}",
        "os.system");
    refusedWith(
        file,
        "{\"in_features\": 12, \"out_features\": 9, \"module_input_name\": \"token_embeddings\"}",
        "module_input_name",
        "token_embeddings");
    refusedWith(
        file,
        """
        {"in_features": 12, "out_features": 9,
         "activation_function": "torch.nn.modules.activation.PReLU"}
        """,
        "activation_function.weight");
    Files.copy(
        folder.resolve("2_Dense/model.safetensors"), folder.resolve("1_Pooling/model.safetensors"));
    Files.delete(folder.resolve("2_Dense/model.safetensors"));
    refused("2_Dense");
  }

  private static Pooling pooling(String json) {
    var tree = Json.parse(json.getBytes(StandardCharsets.UTF_8), "config.json");
    return Pooling.of(JsonConfig.of(tree, "config.json"));
  }

  /** A list gives the order and may name a mode twice; switches have an order of their own. */
  @Test
  void poolingsAreNamedOrSwitched() {
    assertThat(pooling("{\"pooling_mode\": [\"mean\", \"cls\", \"mean\"]}").modes())
        .containsExactly(PoolingMode.MEAN, PoolingMode.CLS, PoolingMode.MEAN);
    assertThat(pooling("{\"pooling_mode\": [\"lasttoken\"]}").modes())
        .containsExactly(PoolingMode.LAST);
    for (var mode : PoolingMode.values()) {
      var name = "\"" + mode.title() + "\"";
      assertThat(pooling("{\"pooling_mode\": " + name + "}").modes()).containsExactly(mode);
      assertThat(pooling("{\"pooling_mode\": [" + name + "]}").modes()).containsExactly(mode);
    }
    var all =
        List.of(
            "lasttoken",
            "weightedmean_tokens",
            "mean_sqrt_len_tokens",
            "mean_tokens",
            "max_tokens",
            "cls_token");
    var switches = all.stream().map(key -> "\"pooling_mode_" + key + "\": true").toList();
    assertThat(pooling("{" + String.join(",", switches) + "}").modes())
        .containsExactly(PoolingMode.values());
    assertThat(pooling("{\"pooling_mode\": [\"max\"], \"pooling_mode_cls_token\": true}").modes())
        .containsExactly(PoolingMode.MAX);
    // The switches that a file leaves out are off, and the mean is taken where all are.
    assertThat(pooling("{\"pooling_mode_cls_token\": true}").modes())
        .containsExactly(PoolingMode.CLS);
    for (var none : List.of("{}", "{\"pooling_mode_mean_tokens\": false}")) {
      assertThat(pooling(none).modes()).containsExactly(PoolingMode.MEAN);
    }
    float[] states = {1, 2, 3, 4}; // two tokens
    assertThat(pooling("{\"pooling_mode\": [\"max\", \"cls\", \"mean\"]}").apply(states, 2, 2, 0))
        .containsExactly(3, 4, 1, 2, 2, 3);
    // Without the prompt, the first token is the first behind it, where there is one.
    var rest = pooling("{\"pooling_mode\": [\"cls\"], \"include_prompt\": false}");
    assertThat(rest.apply(states, 2, 2, 1)).containsExactly(3, 4);
    assertThat(rest.onlyToken(2, 1)).isEqualTo(1);
    assertThat(rest.apply(states, 2, 2, 2)).containsExactly(1, 2);
    assertThat(rest.onlyToken(2, 2)).isZero();
    assertThatThrownBy(() -> pooling("{\"pooling_mode\": [\"mean\", \"median\"]}"))
        .hasMessageContainingAll("pooling_mode", "median");
    assertThatThrownBy(() -> pooling("{\"pooling_mode\": []}")).hasMessageContaining("mean");
    assertThatThrownBy(() -> pooling("{\"pooling_mode\": [1]}")).hasMessageContaining("list");
    assertThatThrownBy(() -> pooling("{\"pooling_mode\": 1}")).hasMessageContaining("text");
  }

  @Test
  void layersThatDoNotFitAreRefused() throws IOException {
    copy("classes-roberta-embed");
    refusedWith(
        "1_Pooling/config.json",
        "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true}",
        "2_Dense",
        "in_features is 12",
        "24 numbers");
    try (var embedder = Embedder.load(folder, OPTIONS)) {
      assertThatThrownBy(() -> embedder.withPooling(PoolingMode.MAX, PoolingMode.MEAN))
          .isInstanceOf(LanewiseException.class)
          .hasMessageContaining("24 numbers");
      assertThatThrownBy(embedder::withPooling).isInstanceOf(LanewiseException.class);
    }
  }

  @Test
  void promptsAreTold() throws IOException {
    copy("classes-roberta-embed");
    try (var embedder = Embedder.load(folder, OPTIONS)) {
      assertThat(embedder.prompts()).containsOnlyKeys("query", "passage", "none");
      assertThat(embedder.prompt()).isEqualTo("query: ");
      assertThat(embedder.withPromptNamed("passage").prompt()).isEqualTo("passage: ");
      assertThat(embedder.withPrompt("").predict("rome"))
          .isEqualTo(embedder.withPromptNamed("none").predict("rome"))
          .isNotEqualTo(embedder.predict("rome"));
      assertThatThrownBy(() -> embedder.withPromptNamed("question"))
          .isInstanceOf(LanewiseException.class)
          .hasMessageContainingAll("question", "[none, passage, query]");
      var one = embedder.predict("rome");
      assertThat(embedder.size()).isEqualTo(one.size()).isEqualTo(9);
      assertThat(embedder.similarity(one, one))
          .as("similarity_fn_name is dot")
          .isCloseTo((float) one.dot(one), within(1e-6f));
      assertThat(embedder.withDimensions(4).size()).isEqualTo(4);
      assertThatThrownBy(() -> embedder.withDimensions(0)).isInstanceOf(LanewiseException.class);
    }
  }

  @Test
  void aFolderThatIsNoneIsRefused() {
    folder = folder.resolve("none");
    refused("none");
  }

  @Test
  void spacesAreThoseOfPython() {
    assertThat(SentenceText.strip(" \t\u00a0\u2003\u001f\u0085x y\u3000\n")).isEqualTo("x y");
    assertThat(SentenceText.strip("\u200b")).isEqualTo("\u200b");
    assertThat(SentenceText.strip(" \u2028")).isEmpty();
    assertThat(SentenceText.lower("ΑΣ İI")).isEqualTo("ας i̇i");
  }
}
