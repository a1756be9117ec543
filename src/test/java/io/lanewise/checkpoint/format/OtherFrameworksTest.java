package io.lanewise.checkpoint.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.HandMade;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.memory.Region;
import io.lanewise.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The same weights in the formats of Flax and TensorFlow. */
class OtherFrameworksTest {
  private static final Path FILES = Path.of("src/test/resources/weight-files");
  private static final List<Path> GOLDENS =
      List.of(Path.of("src/test/resources/goldens"), Path.of("src/test/resources/families"));

  @TempDir private Path folder;

  static Stream<Path> files() throws IOException {
    var found = new ArrayList<Path>();
    for (var set : GOLDENS) {
      try (var files = Files.walk(set, 2)) {
        files
            .filter(file -> file.toString().matches(".*[.](h5|msgpack)"))
            .filter(file -> Files.exists(file.resolveSibling("model.safetensors")))
            .sorted()
            .forEach(found::add);
      }
    }
    return found.stream();
  }

  private static Map<String, Tensor> read(Path file, Loading loading) {
    try (var region = Region.open();
        var opened =
            WeightFiles.open(file.getParent(), file.getFileName().toString(), loading, region)) {
      var tensors = new LinkedHashMap<String, Tensor>();
      opened.tensors().forEach((name, tensor) -> tensors.put(name, HeapTensors.of(tensor)));
      return tensors;
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void holdsTheSameTensors(Path file) {
    var expected = read(file.resolveSibling("model.safetensors"), Loading.MAP);
    if (file.endsWith("flax_model.msgpack")) {
      expected.remove("roformer.encoder.embed_positions.weight"); // Flax computes this table
    }
    for (var loading : Loading.values()) {
      var actual = read(file, loading);
      // Tensors of TensorFlow's base models have the prefix that PyTorch's lack.
      expected.forEach(
          (name, tensor) ->
              assertThat(actual.containsKey(name) ? actual.get(name) : actual.get("bert." + name))
                  .as(name)
                  .isEqualTo(tensor));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "flax.msgpack, flax.safetensors",
    "keras.h5, keras.safetensors",
    "keras_shard.h5, keras.safetensors"
  })
  void holdsExactlyThese(String name, String same) {
    var expected = read(FILES.resolve(same), Loading.COPY);
    for (var loading : Loading.values()) {
      assertThat(read(FILES.resolve(name), loading)).containsExactlyInAnyOrderEntriesOf(expected);
    }
  }

  @Test
  void whatIsNotInTheFileAsItStandsIsRefused() {
    refused("keras_compressed.h5", "weight model/dense/kernel:0 is stored in chunks");
    refused("keras_link.h5", "weight kernel:0 is a link: only what is in the file is read");
  }

  private static void refused(String name, String message) {
    assertThatThrownBy(() -> read(FILES.resolve(name), Loading.COPY))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(FILES.resolve(name).toString())
        .hasMessageContaining(message);
  }

  private void refused(String name, byte[] content, String message) {
    var file = HandMade.write(folder, name, content);
    assertThatThrownBy(() -> read(file, Loading.COPY))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void brokenMessagePackIsRefused() {
    refused("x.msgpack", new byte[0], "is empty");
    refused("x.msgpack", hex("93"), "it is no MessagePack map");
    refused("x.msgpack", hex("81"), "its MessagePack is broken at byte");
    refused("x.msgpack", hex("8000"), "1 bytes follow its map");
    refused("x.msgpack", hex("81a161" + "d405" + "00"), "array a has the unknown extension type 5");
    refused("x.msgpack", hex("81a161" + "c740019391"), "array a is cut");
    refused("x.msgpack", hex("81a161".repeat(40) + "01"), "deeper than 32");
    refused("x.msgpack", hex("81daffff"), "a name in it has 65535 bytes");
    // Ten bytes of [shape [2], "int8", bytes 1 2], with different errors.
    refused("x.msgpack", array("9391" + "03" + "a4696e7438" + "c4020102"), "but has 2 bytes");
    refused("x.msgpack", array("9391" + "ff" + "a4696e7438" + "c4020102"), "impossible shape [-1]");
    refused("x.msgpack", array("9391" + "02" + "a4696e7437" + "c4020102"), "unknown type \"int7\"");
    refused("x.msgpack", array("9391" + "02" + "a4696e7438" + "c4010102"), "do not end where it");
    refused("x.msgpack", array("9291" + "02" + "a4696e7438"), "no array of shape, type and bytes");
    refused("x.msgpack", hex("82" + "a161" + GOOD + "a161" + GOOD), "array a is there twice");
    assertThat(read(HandMade.write(folder, "x.msgpack", hex("81a161" + GOOD)), Loading.MAP))
        .containsExactly(Map.entry("a", Tensor.of(new long[] {1, 2}, 2)));
  }

  @Test
  void arraysInPiecesAreWhole() {
    var chunked = "b95f5f6d73677061636b5f6368756e6b65645f61727261795f5f" + "c3";
    var shape = "a57368617065" + "81a13002";
    refused("x.msgpack", hex("81a161" + "82" + chunked + shape), "not all are there");
    var second = "a66368756e6b73" + "81a131" + GOOD;
    refused("x.msgpack", hex("81a161" + "83" + chunked + shape + second), "not all are there");
    var odd = "a66368756e6b73" + "81a178" + GOOD;
    refused("x.msgpack", hex("81a161" + "83" + chunked + shape + odd), "one of them called \"x\"");
    var good = "a66368756e6b73" + "81a130" + GOOD;
    assertThat(
            read(
                HandMade.write(folder, "x.msgpack", hex("81a161" + "83" + chunked + shape + good)),
                Loading.COPY))
        .containsExactly(Map.entry("a", Tensor.of(new long[] {1, 2}, 2)));
  }

  /** Extension type 1 around [[2], "int8", bytes 1 2]. */
  private static final String GOOD = "c70c01" + "9391" + "02" + "a4696e7438" + "c4020102";

  private static byte[] array(String content) {
    return hex("81a161" + "c7%02x01".formatted(content.length() / 2) + content);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  @Test
  void brokenHdf5IsRefused() throws IOException {
    var content = Files.readAllBytes(FILES.resolve("keras.h5"));
    refused("x.h5", new byte[0], "is empty");
    refused("x.h5", "version https://git-lfs".getBytes(UTF_8), "git lfs pull");
    refused("x.h5", "PK\3\4 and more".getBytes(UTF_8), "is a zip archive");
    for (int length = 1; length < content.length; length += length < 100 ? 7 : 509) {
      refused("x.h5", Arrays.copyOf(content, length), "");
    }
  }

  @Test
  void messagePackCutAnywhereIsRefused() throws IOException {
    var content = Files.readAllBytes(FILES.resolve("flax.msgpack"));
    for (int length = 0; length < content.length; length += length < 900 ? 1 : 37) {
      refused("x.msgpack", Arrays.copyOf(content, length), "");
    }
  }

  @Test
  void theOrderOfPreference() throws IOException {
    HandMade.write(folder, "config.json", "{}");
    var names =
        Map.of(
            "pytorch_model.bin", "torch_zip.bin",
            "tf_model.h5", "keras.h5",
            "flax_model.msgpack", "flax.msgpack",
            "model.safetensors", "torch.safetensors");
    for (var name :
        List.of("pytorch_model.bin", "tf_model.h5", "flax_model.msgpack", "model.safetensors")) {
      Files.copy(FILES.resolve(names.get(name)), folder.resolve(name));
      try (var region = Region.open();
          var checkpoint = OpenedFolder.open(folder, Loading.COPY, region)) {
        assertThat(checkpoint.files()).containsExactly(name);
      }
    }
    try (var region = Region.open();
        var checkpoint = OpenedFolder.open(folder, "tf_model.h5", Loading.COPY, region)) {
      assertThat(checkpoint.files()).containsExactly("tf_model.h5");
    }
    assertThatThrownBy(() -> OpenedFolder.open(folder, "x.h5", Loading.COPY, Region.open()))
        .hasMessage("there is no x.h5 in " + folder);
    assertThatThrownBy(() -> OpenedFolder.open(folder, "config.json", Loading.COPY, Region.open()))
        .hasMessageContaining("its name ends like none of the formats of weights");
  }

  @Test
  void shardsOfOtherFrameworks() throws IOException {
    HandMade.write(folder, "config.json", "{}");
    Files.copy(FILES.resolve("keras_shard.h5"), folder.resolve("tf_model-00001-of-00001.h5"));
    HandMade.write(
        folder,
        "tf_model.h5.index.json",
        "{\"weight_map\": {\"bert/embeddings/word_embeddings/weight:0\":"
            + " \"tf_model-00001-of-00001.h5\"}}");
    try (var region = Region.open();
        var checkpoint = OpenedFolder.open(folder, Loading.MAP, region)) {
      assertThat(checkpoint.tensors()).hasSize(10);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tf_x/bert/encoder/layer_._3/output/dense/kernel:0, bert.encoder.layer.3.output.dense.weight",
    "tf_x/model/decoder/layers.2/fc1/bias:0, model.decoder.layers.2.fc1.bias",
    "tf_x/nsp___cls/seq_relationship/bias:0, cls.seq_relationship.bias",
    "tf_x/roberta/embeddings/word_embeddings/weight:0, roberta.embeddings.word_embeddings.weight",
    "final_logits_bias:0, final_logits_bias"
  })
  void namesOfTensorFlow(String name, String expected) {
    assertThat(ForeignNames.tensorFlow(name)).isEqualTo(expected);
  }
}
