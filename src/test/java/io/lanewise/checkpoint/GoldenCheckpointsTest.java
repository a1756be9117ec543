package io.lanewise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.checkpoint.weights.Weights;
import io.lanewise.json.Json;
import io.lanewise.memory.Matrix;
import io.lanewise.memory.Region;
import io.lanewise.tensor.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with checkpoints and tensors written by Hugging Face's libraries. */
class GoldenCheckpointsTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens");

  /** Python writes NaN and Infinity into its JSON. */
  private static final JsonMapper PYTHON_JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Bad cases with valid files, which fail when their tensors are loaded or the model runs. */
  private static final List<String> BAD_LATER =
      List.of(
          "bad_missing_tensor",
          "bad_wrong_shape",
          "bad_too_long",
          "bad_vocab_range",
          "bad_zero_length",
          "bad_unknown_model_type");

  static Stream<Path> readable() throws IOException {
    try (var cases = Files.list(GOLDENS)) {
      return cases
          .filter(
              folder -> {
                var name = folder.getFileName().toString();
                return (Files.exists(folder.resolve("model.safetensors"))
                        || Files.exists(folder.resolve("model.safetensors.index.json"))
                        || Files.exists(folder.resolve("pytorch_model.bin")))
                    && (!name.startsWith("bad_") || BAD_LATER.contains(name));
              })
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("readable")
  void opensAndReads(Path folder) throws IOException {
    try (var mapped = Region.open();
        var copied = Region.open();
        var byMap = OpenedFolder.open(folder, Loading.MAP, mapped);
        var byCopy = OpenedFolder.open(folder, Loading.COPY, copied)) {
      assertThat(byMap.tensors()).isEqualTo(byCopy.tensors()).isNotEmpty();
      var fromMap = byMap.weights();
      var fromCopy = byCopy.weights();
      for (var tensor : byMap.tensors()) {
        if (tensor.shape().rank() == 2 && tensor.dtype().isFloat()) {
          assertThat(matrix(fromMap, tensor).toArray())
              .containsExactly(matrix(fromCopy, tensor).toArray());
        }
      }
      assertThat(fromMap.report()).isEqualTo(fromCopy.report());
      assertThat(byMap.config().labels()).isNotEmpty();
    }
  }

  private static Matrix matrix(Weights weights, TensorInfo tensor) {
    return weights.matrix(tensor.name(), tensor.shape().size(0), tensor.shape().size(1));
  }

  @ParameterizedTest
  @MethodSource("readable")
  void inputsAndExpectedTensorsAreRead(Path folder) throws IOException {
    var described = PYTHON_JSON.readTree(folder.resolve("case.json").toFile());
    for (var what : List.of("inputs", "expected")) {
      var file = folder.resolve(what + ".safetensors");
      if (!Files.exists(file)) {
        continue;
      }
      var tensors = Safetensors.read(file);
      for (var entry : described.get(what)) {
        var tensor = tensors.get(entry.get("name").asText());
        assertThat(tensor).as(entry.get("name").asText()).isNotNull();
        assertThat(tensor.shape().dims())
            .containsExactly(PYTHON_JSON.convertValue(entry.get("shape"), long[].class));
        assertThat(tensor.dtype())
            .isEqualTo(entry.get("dtype").asText().startsWith("int") ? DType.I64 : DType.F32);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bad_config_malformed | config.json is not valid JSON at line ",
        "bad_header_too_long | model.safetensors: its header would have ",
        "bad_overlap | model.safetensors: tensor encoder.layer.0.attention.self.value.bias ",
        "bad_truncated | : the file has been cut, fetch it again",
        "bad_unknown_dtype | has the unknown dtype \"F7\", known are [BOOL, "
      })
  void badFilesAreRefused(String name, String message) {
    for (var loading : Loading.values()) {
      try (var region = Region.open()) {
        assertThatThrownBy(() -> OpenedFolder.open(GOLDENS.resolve(name), loading, region))
            .isInstanceOf(CheckpointException.class)
            .hasMessageContaining(GOLDENS.resolve(name).toString())
            .hasMessageContaining(message);
      }
    }
  }

  @Test
  void aShapeThatDoesNotFitTheConfigIsRefused() {
    try (var region = Region.open();
        var checkpoint =
            OpenedFolder.open(GOLDENS.resolve("bad_wrong_shape"), Loading.MAP, region)) {
      var config = checkpoint.config();
      var layer =
          checkpoint.weights().base("albert").at("encoder.albert_layer_groups.0.albert_layers.0");
      assertThatThrownBy(
              () ->
                  layer.matrix(
                      "ffn.weight",
                      config.positive("intermediate_size", 16384),
                      config.positive("hidden_size", 4096)))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "tensor albert.encoder.albert_layer_groups.0.albert_layers.0.ffn.weight in"
                  + " model.safetensors has shape [40, 36], config.json asks for [44, 36]");
    }
  }

  @Test
  void shardsAreOneCheckpoint() {
    var folder = GOLDENS.resolve("albert_seqcls_multilabel_sharded");
    try (var region = Region.open();
        var checkpoint = OpenedFolder.open(folder, Loading.MAP, region)) {
      assertThat(checkpoint.files()).hasSizeGreaterThan(1);
      var index = Json.read(folder.resolve("model.safetensors.index.json"));
      assertThat(checkpoint.tensors())
          .hasSize(index.get("weight_map").size())
          .allSatisfy(
              tensor ->
                  assertThat(tensor.file())
                      .isEqualTo(index.get("weight_map").get(tensor.name()).asText()));
      assertThat(checkpoint.totalBytes())
          .isEqualTo(index.get("metadata").get("total_size").asLong());
    }
  }
}
