package io.lanewise.task.sentence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.LanewiseException;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.golden.ChangedFolder;
import io.lanewise.json.Json;
import io.lanewise.model.Options;
import io.lanewise.task.Embedder;
import io.lanewise.task.LateReranker;
import io.lanewise.task.Reranker;
import io.lanewise.task.SparseEmbedder;
import io.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Folders of sparse and late embedders and of cross-encoders that are damaged: one clear error. */
class DamagedEmbeddersTest {
  private static final Path FOLDERS = Path.of("src/test/resources/families");
  private static final Options OPTIONS = Options.DEFAULT.withThreads(1);

  private static void useSparse(Path folder) {
    try (var embedder = SparseEmbedder.load(folder, OPTIONS)) {
      embedder.predict("paris");
    }
  }

  private static void useLate(Path folder) {
    try (var reranker = LateReranker.load(folder, OPTIONS)) {
      reranker.predict("paris", List.of("rome"));
    }
  }

  private static void useDense(Path folder) {
    try (var embedder = Embedder.load(folder, OPTIONS)) {
      embedder.predict("paris");
    }
  }

  private static void useCross(Path folder) {
    try (var reranker = Reranker.load(folder, OPTIONS)) {
      reranker.predict("paris", List.of("rome"));
    }
  }

  @FunctionalInterface
  private interface Damage {
    void to(ChangedFolder folder) throws IOException;
  }

  private static void refused(String name, Consumer<Path> use, Damage damage, String... said)
      throws IOException {
    try (var folder = new ChangedFolder(FOLDERS.resolve("embedder_" + name))) {
      damage.to(folder);
      assertThatThrownBy(() -> use.accept(folder.path()))
          .isInstanceOf(LanewiseException.class)
          .hasMessageContainingAll(said);
    }
  }

  /** A file with these settings in the place of its own of the same names. */
  private static Damage with(String file, String json) {
    return folder ->
        folder.set(file, Json.parse(json.getBytes(StandardCharsets.UTF_8), "settings"));
  }

  private static Damage without(String file) {
    return folder -> Files.delete(folder.path().resolve(file));
  }

  private static Damage text(String file, String text) {
    return folder -> Files.writeString(folder.path().resolve(file), text);
  }

  /** All numbers of a file of weights are NaN. */
  private static Damage unusable(String file) {
    return folder -> {
      var path = folder.path().resolve(file);
      var tensors = Safetensors.read(path);
      tensors.replaceAll(
          (_, tensor) -> {
            var values = new float[tensor.floats().length];
            Arrays.fill(values, Float.NaN);
            var dims = new long[tensor.shape().rank()];
            Arrays.setAll(dims, tensor.shape()::dim);
            return Tensor.of(values, dims);
          });
      Files.delete(path);
      Safetensors.write(path, tensors);
    };
  }

  @Test
  void splade() throws IOException {
    var pooling = "1_SpladePooling/config.json";
    refused(
        "splade_max",
        DamagedEmbeddersTest::useSparse,
        with(pooling, "{\"pooling_strategy\": \"mean\"}"),
        "max, sum");
    refused(
        "splade_max",
        DamagedEmbeddersTest::useSparse,
        with(pooling, "{\"activation_function\": \"gelu\"}"),
        "relu");
    refused(
        "splade_max",
        DamagedEmbeddersTest::useSparse,
        without(pooling),
        "config.json",
        "1_SpladePooling");
    refused(
        "splade_max", DamagedEmbeddersTest::useSparse, without("model.safetensors"), "no weights");
    refused(
        "splade_max",
        DamagedEmbeddersTest::useSparse,
        unusable("model.safetensors"),
        "NaN",
        "not usable");
    refused(
        "splade_sum",
        DamagedEmbeddersTest::useSparse,
        unusable("model.safetensors"),
        "NaN",
        "not usable");
    refused(
        "splade_max",
        DamagedEmbeddersTest::useDense,
        _ -> {},
        "module 0",
        "MLMTransformer",
        "sparse");
    refused(
        "splade_max",
        DamagedEmbeddersTest::useLate,
        _ -> {},
        "SpladePooling",
        "a vector of each token");
    var settings = "sentence_bert_config.json";
    refused(
        "splade_sum",
        DamagedEmbeddersTest::useSparse,
        with(settings, "{\"transformer_task\": \"feature-extraction\"}"),
        "transformer_task",
        "fill-mask");
    refused(
        "splade_sum",
        DamagedEmbeddersTest::useSparse,
        with(settings, "{\"modality_config\": {\"text\": {\"method_output_name\": \"x\"}}}"),
        "method_output_name",
        "logits");
    refused(
        "splade_sum",
        DamagedEmbeddersTest::useSparse,
        with(settings, "{\"processing_kwargs\": {\"text\": {\"max_length\": 3}}}"),
        "processing_kwargs");
    refused(
        "splade_plain",
        DamagedEmbeddersTest::useSparse,
        with("config.json", "{\"architectures\": [\"BertModel\"]}"),
        "masked language model");
    refused(
        "dense_activations",
        DamagedEmbeddersTest::useSparse,
        _ -> {},
        "dense vector",
        "none sparse");
    refused(
        "splade_max",
        DamagedEmbeddersTest::useSparse,
        with("config_sentence_transformers.json", "{\"similarity_fn_name\": \"maxsim\"}"),
        "similarity_fn_name",
        "dot");
  }

  @Test
  void routers() throws IOException {
    var file = "router_config.json";
    refused("sparse_router", DamagedEmbeddersTest::useSparse, without(file), "config.json");
    refused("sparse_router", DamagedEmbeddersTest::useSparse, text(file, "[]"), file);
    refused(
        "sparse_router",
        DamagedEmbeddersTest::useSparse,
        with(file, "{\"types\": {}}"),
        "types",
        "missing");
    refused(
        "sparse_router",
        DamagedEmbeddersTest::useSparse,
        with(file, "{\"structure\": {}}"),
        "routes");
    refused(
        "sparse_router",
        DamagedEmbeddersTest::useSparse,
        with(file, "{\"structure\": {\"query\": []}}"),
        "query");
    refused(
        "sparse_router",
        DamagedEmbeddersTest::useSparse,
        with(file, "{\"parameters\": {\"default_route\": \"passage\"}}"),
        "no route passage",
        "query, document");
    refused(
        "sparse_router",
        DamagedEmbeddersTest::useSparse,
        with(file, "{\"parameters\": {\"route_mappings\": {\"query\": \"query\"}}}"),
        "route_mappings",
        "('query', 'text')");
    refused(
        "sparse_router",
        DamagedEmbeddersTest::useSparse,
        with(file, "{\"parameters\": {\"allow_empty_key\": false}}"),
        "no route for a text without a role");
    refused(
        "sparse_router",
        DamagedEmbeddersTest::useSparse,
        with(
            file,
            "{\"types\": {\"../x\": \"a.SparseStaticEmbedding\"}, \"structure\": {\"query\":"
                + " [\"../x\"]}}"),
        "leaves the folder");
    var table = "query_0_SparseStaticEmbedding/model.safetensors";
    refused("sparse_router", DamagedEmbeddersTest::useSparse, without(table), "no weights");
    refused(
        "sparse_router",
        folder -> {
          try (var embedder = SparseEmbedder.load(folder, OPTIONS)) {
            embedder.forQueries().predict("paris");
          }
        },
        unusable(table),
        "NaN");
    refused(
        "sparse_router",
        DamagedEmbeddersTest::useSparse,
        with("query_0_SparseStaticEmbedding/config.json", "{\"path\": \"idf.json\"}"),
        "no file idf.json");
    refused(
        "sparse_router",
        DamagedEmbeddersTest::useDense,
        _ -> {},
        "module 0",
        "Router",
        "Transformer");
  }

  /** A route that maps a role, and a table of weights in JSON. */
  @Test
  void routesAreFound() throws IOException {
    try (var folder = new ChangedFolder(FOLDERS.resolve("embedder_sparse_router"))) {
      with("query_0_SparseStaticEmbedding/config.json", "{\"path\": \"idf.json\"}").to(folder);
      text("idf.json", "{\"paris\": 2.5, \"rome\": 0}").to(folder);
      with(
              "router_config.json",
              "{\"parameters\": {\"default_route\": \"query\", \"route_mappings\":"
                  + " {\"('document', None)\": \"query\"}}}")
          .to(folder);
      try (var embedder = SparseEmbedder.load(folder.path(), OPTIONS)) {
        for (var each : List.of(embedder, embedder.forQueries(), embedder.forDocuments())) {
          var vector = each.predict("paris paris rome");
          assertThat(vector.weights()).containsExactly(2.5f);
          assertThat(each.token(vector.indices()[0])).isEqualTo("paris");
        }
      }
      text("idf.json", "{\"atlantis\": 1}").to(folder);
      assertThatThrownBy(() -> useSparse(folder.path())).hasMessageContaining("atlantis");
    }
  }

  @Test
  void autoEncoders() throws IOException {
    var file = "2_SparseAutoEncoder/config.json";
    refused(
        "sparse_autoencoder",
        DamagedEmbeddersTest::useSparse,
        with(file, "{\"k\": 24}"),
        "k",
        "1 to 23");
    refused(
        "sparse_autoencoder",
        DamagedEmbeddersTest::useSparse,
        with(file, "{\"input_dim\": 11}"),
        "encoder.weight");
    refused(
        "sparse_autoencoder",
        DamagedEmbeddersTest::useSparse,
        with(file, "{\"input_dim\": null}"),
        "input_dim");
    refused(
        "sparse_autoencoder",
        DamagedEmbeddersTest::useDense,
        _ -> {},
        "SparseAutoEncoder",
        "sparse");
    refused(
        "sparse_autoencoder",
        DamagedEmbeddersTest::useSparse,
        unusable("2_SparseAutoEncoder/model.safetensors"),
        "NaN");
  }

  @Test
  void layers() throws IOException {
    var file = "1_WeightedLayerPooling/config.json";
    refused(
        "pooling_list",
        DamagedEmbeddersTest::useDense,
        with(file, "{\"num_hidden_layers\": 3}"),
        "layer_weights");
    refused(
        "pooling_list",
        DamagedEmbeddersTest::useDense,
        with(file, "{\"layer_start\": 3}"),
        "layer_start");
    var more = "{\"num_hidden_layers\": 3, \"layer_start\": 2}";
    refused(
        "pooling_list",
        DamagedEmbeddersTest::useDense,
        with(file, more),
        "num_hidden_layers is 3",
        "2 layers");
    try (var folder = new ChangedFolder(FOLDERS.resolve("embedder_pooling_list"))) {
      // A model that does not give its layers leaves the module without an effect.
      with(file, more).to(folder);
      with("config.json", "{\"output_hidden_states\": false}").to(folder);
      useDense(folder.path());
    }
  }

  @Test
  void stanfordColbert() throws IOException {
    var file = "artifact.metadata";
    refused("colbert_stanford", DamagedEmbeddersTest::useLate, text(file, "no JSON"), file);
    refused(
        "colbert_stanford",
        DamagedEmbeddersTest::useLate,
        with(file, "{\"dim\": 128}"),
        "dim",
        "5 rows");
    refused(
        "colbert_stanford",
        DamagedEmbeddersTest::useLate,
        with(file, "{\"similarity\": \"l2\"}"),
        "similarity");
    refused(
        "colbert_stanford",
        DamagedEmbeddersTest::useLate,
        with(file, "{\"interaction\": \"flipr\"}"),
        "interaction");
    refused(
        "colbert_stanford",
        DamagedEmbeddersTest::useLate,
        with(file, "{\"query_maxlen\": 21}"),
        "21",
        "at most 20");
    refused(
        "colbert_stanford",
        DamagedEmbeddersTest::useLate,
        with(file, "{\"query_maxlen\": \"x\"}"),
        "query_maxlen");
    refused(
        "colbert_stanford",
        DamagedEmbeddersTest::useLate,
        with(file, "{\"doc_token_id\": \"[D]\"}"),
        "doc_token_id",
        "[D]");
    refused(
        "colbert_stanford",
        DamagedEmbeddersTest::useLate,
        with("config.json", "{\"architectures\": [\"BertModel\"]}"),
        "HF_ColBERT");
    refused(
        "colbert_stanford",
        DamagedEmbeddersTest::useLate,
        unusable("model.safetensors"),
        "NaN",
        "not usable");
  }

  @Test
  void multiVectors() throws IOException {
    var settings = "config_sentence_transformers.json";
    refused(
        "colbert_pylate",
        DamagedEmbeddersTest::useLate,
        with(settings, "{\"query_prefix\": \"[X] \"}"),
        "[X]");
    refused(
        "colbert_pylate",
        DamagedEmbeddersTest::useLate,
        with(settings, "{\"query_length\": 0}"),
        "query_length");
    refused(
        "colbert_pylate",
        DamagedEmbeddersTest::useLate,
        with(settings, "{\"query_length\": 99}"),
        "99",
        "at most 20");
    refused(
        "colbert_pylate",
        DamagedEmbeddersTest::useLate,
        with(settings, "{\"skiplist_words\": \".\"}"),
        "skiplist_words");
    refused(
        "colbert_pylate",
        DamagedEmbeddersTest::useLate,
        with(settings, "{\"similarity_fn_name\": \"euclidean\"}"),
        "similarity_fn_name");
    refused(
        "colbert_pylate",
        DamagedEmbeddersTest::useLate,
        without("1_Dense/model.safetensors"),
        "1_Dense");
    refused(
        "colbert_pylate",
        DamagedEmbeddersTest::useLate,
        with("1_Dense/config.json", "{\"bias\": true}"),
        "bias");
    refused(
        "colbert_pylate",
        DamagedEmbeddersTest::useLate,
        with("1_Dense/config.json", "{\"in_features\": 11}"),
        "linear.weight");
    refused("colbert_pylate", DamagedEmbeddersTest::useDense, _ -> {}, "Pooling");
    var model = "sentence_bert_config.json";
    refused(
        "multi_vector",
        DamagedEmbeddersTest::useLate,
        with(model, "{\"query_expansion\": {\"strategy\": \"max\", \"length\": 8}}"),
        "strategy",
        "fixed, min");
    refused(
        "multi_vector",
        DamagedEmbeddersTest::useLate,
        with(model, "{\"query_expansion\": {\"strategy\": \"min\"}}"),
        "length",
        "missing");
    refused(
        "multi_vector",
        DamagedEmbeddersTest::useLate,
        with(model, "{\"query_expansion\": {\"strategy\": \"min\", \"length\": 8, \"x\": 1}}"),
        "x: it is not known");
    refused(
        "multi_vector",
        DamagedEmbeddersTest::useLate,
        with(
            model,
            "{\"query_expansion\": {\"strategy\": \"min\", \"length\": 8, \"token\": \"[X]\"}}"),
        "[X]");
    refused(
        "multi_vector",
        DamagedEmbeddersTest::useLate,
        with(model, "{\"query_length\": 7}"),
        "query_length",
        "8");
    refused(
        "multi_vector",
        DamagedEmbeddersTest::useLate,
        with("3_Normalize/config.json", "{\"module_input_name\": \"sentence_embedding\"}"),
        "module_input_name");
    refused(
        "multi_vector",
        DamagedEmbeddersTest::useLate,
        folder -> folder.keepModules(1),
        "module 0",
        "alone");
    refused(
        "multi_vector",
        DamagedEmbeddersTest::useLate,
        text(
            "modules.json",
            "[{\"path\": \"\", \"type\": \"x.Transformer\"},"
                + " {\"path\": \"1_Dense\", \"type\": \"x.HierarchicalTokenPooling\"}]"),
        "HierarchicalTokenPooling");
  }

  /** Without the module that masks, what fills a query does not count unless it is attended to. */
  @Test
  void expansionCountsByTheMask() throws IOException {
    try (var folder = new ChangedFolder(FOLDERS.resolve("embedder_multi_vector"))) {
      var model = "sentence_bert_config.json";
      var seen =
          "{\"query_expansion\": {\"strategy\": \"fixed\", \"length\": 8, \"attend\": true}}";
      with(model, seen).to(folder);
      assertThat(vectors(folder)).isEqualTo(8);
      with(model, seen.replace("true", "false")).to(folder);
      assertThat(vectors(folder)).isEqualTo(8);
      folder.keepModules(2);
      assertThat(vectors(folder)).as("[CLS], [Q], paris, [SEP]").isEqualTo(4);
      with(model, seen).to(folder);
      assertThat(vectors(folder)).isEqualTo(8);
      with(model, "{\"query_expansion\": null, \"query_length\": 3}").to(folder);
      assertThat(vectors(folder)).isEqualTo(3);
    }
  }

  private static int vectors(ChangedFolder folder) {
    try (var reranker = LateReranker.load(folder.path(), OPTIONS)) {
      return reranker.queryVectors(List.of("paris")).getFirst().shape().size(0);
    }
  }

  @Test
  void onlySomeTokensOfDocumentsCount() throws IOException {
    try (var folder = new ChangedFolder(FOLDERS.resolve("embedder_multi_vector"))) {
      with("2_MultiVectorMask/config.json", "{\"keep_only_token_ids\": [3]}").to(folder);
      try (var reranker = LateReranker.load(folder.path(), OPTIONS)) {
        assertThat(reranker.documentVectors(List.of("paris")).getFirst().shape().size(0))
            .as("[SEP]")
            .isEqualTo(1);
      }
      with("2_MultiVectorMask/config.json", "{\"keep_only_token_ids\": [36]}").to(folder);
      try (var reranker = LateReranker.load(folder.path(), OPTIONS)) {
        var empty = Tensor.of(new float[0], 0, reranker.size());
        var query = reranker.queryVectors(List.of("paris")).getFirst();
        assertThat(reranker.score(query, empty)).isLessThan(-1e7f);
        assertThatThrownBy(() -> reranker.score(query, Tensor.of(new float[3], 1, 3)))
            .isInstanceOf(LanewiseException.class)
            .hasMessageContaining("cannot be compared");
      }
    }
  }

  @Test
  void bgeM3() throws IOException {
    for (var file : List.of("sparse_linear.pt", "colbert_linear.pt")) {
      Consumer<Path> use =
          file.startsWith("sparse")
              ? DamagedEmbeddersTest::useSparse
              : DamagedEmbeddersTest::useLate;
      refused("bge_m3", use, text(file, "no zip"), file);
      refused("bge_m3", DamagedEmbeddersTest::useDense, text(file, "no zip"), file);
    }
    refused("bge_m3", DamagedEmbeddersTest::useSparse, without("sparse_linear.pt"), "dense vector");
    refused("bge_m3", DamagedEmbeddersTest::useLate, without("colbert_linear.pt"), "Pooling");
    Damage swapped =
        folder ->
            Files.copy(
                folder.path().resolve("colbert_linear.pt"),
                folder.path().resolve("sparse_linear.pt"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    refused("bge_m3", DamagedEmbeddersTest::useSparse, swapped, "weight", "[12, 12]", "[1, 12]");
    try (var embedder = Embedder.load(FOLDERS.resolve("embedder_pooling_list"), OPTIONS)) {
      assertThatThrownBy(() -> embedder.predictForms(List.of("paris")))
          .isInstanceOf(LanewiseException.class)
          .hasMessageContaining("sparse_linear.pt");
    }
  }

  @Test
  void crossEncoders() throws IOException {
    var file = "config_sentence_transformers.json";
    Damage own = text("config_sentence_transformers.json", "{}");
    for (var name : List.of("os.system", "torch.nn.Softmax", "torch.nn.RReLU", "mine.Tanh")) {
      var json = "\"" + name + "\"";
      var title = name.substring(name.lastIndexOf('.') + 1);
      refused(
          "cross_one",
          DamagedEmbeddersTest::useCross,
          with("config.json", "{\"sentence_transformers\": {\"activation_fn\": " + json + "}}"),
          "activation_fn",
          title);
      refused(
          "cross_one",
          DamagedEmbeddersTest::useCross,
          with("config.json", "{\"sbert_ce_default_activation_function\": " + json + "}"),
          "sbert_ce_default_activation_function",
          title);
      refused(
          "cross_one",
          DamagedEmbeddersTest::useCross,
          text(file, "{\"activation_fn\": " + json + "}"),
          file,
          title);
    }
    refused(
        "cross_one",
        DamagedEmbeddersTest::useCross,
        text(file, "{\"prompts\": {\"query\": \"q: \"}, \"default_prompt_name\": \"query\"}"),
        "default_prompt_name");
    refused(
        "cross_one",
        DamagedEmbeddersTest::useCross,
        text(
            "modules.json",
            "[{\"path\": \"\", \"type\": \"x.Transformer\"},"
                + " {\"path\": \"\", \"type\": \"x.LogitScore\"}]"),
        "module 0");
    refused(
        "cross_one",
        DamagedEmbeddersTest::useCross,
        folder -> {
          text("modules.json", "[{\"path\": \"\", \"type\": \"x.Transformer\"}]").to(folder);
          text("sentence_bert_config.json", "{\"transformer_task\": \"text-generation\"}")
              .to(folder);
        },
        "transformer_task");
    try (var folder = new ChangedFolder(FOLDERS.resolve("embedder_cross_one"))) {
      own.to(folder);
      with("config.json", "{\"sentence_transformers\": {\"activation_fn\": \"torch.nn.Tanh\"}}")
          .to(folder);
      assertThat(function(folder)).isEqualTo("Tanh");
      with(file, "{\"activation_fn\": \"torch.nn.modules.linear.Identity\"}").to(folder);
      assertThat(function(folder)).isEqualTo("Identity");
    }
  }

  private static String function(ChangedFolder folder) {
    try (var reranker = Reranker.load(folder.path(), OPTIONS)) {
      return reranker.function();
    }
  }
}
