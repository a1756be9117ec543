package io.lanewise.checkpoint.weights;

import static io.lanewise.checkpoint.HandMade.entry;
import static io.lanewise.checkpoint.HandMade.safetensors;
import static io.lanewise.checkpoint.HandMade.write;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.HandMade;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.checkpoint.weights.Weights.Init;
import io.lanewise.memory.Region;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightsTest {
  @TempDir private Path folder;
  private final Region region = Region.open();

  @AfterEach
  void free() {
    region.close();
  }

  /** Float tensors [2, 3] of these names, filled with 0, 1, 2 … across all of them. */
  private Weights weights(Loading loading, String... names) {
    var entries = new ArrayList<String>();
    var data = new float[6 * names.length];
    for (int i = 0; i < names.length; i++) {
      entries.add(entry(names[i], "F32", "[2, 3]", 24L * i, 24L * i + 24));
    }
    for (int i = 0; i < data.length; i++) {
      data[i] = i;
    }
    return open(loading, "{" + String.join(",", entries) + "}", HandMade.floats(data)).weights();
  }

  private OpenedFolder open(Loading loading, String header, byte[] data) {
    write(folder, "config.json", "{}");
    write(folder, "model.safetensors", safetensors(header, data));
    return OpenedFolder.open(folder, loading, region);
  }

  @ParameterizedTest
  @EnumSource
  void walksNames(Loading loading) {
    var weights = weights(loading, "a.layer.0.x", "a.layer.1.x");
    var layer = weights.at("a").at("layer.1");
    assertThat(layer.has("x")).isTrue();
    assertThat(layer.has("y")).isFalse();
    assertThat(layer.matrix("x", 2, 3).toArray()).containsExactly(6, 7, 8, 9, 10, 11);
    assertThat(weights.at("a.layer").at("0").matrix("x", 2, 3).get(1, 2)).isEqualTo(5);
    assertThat(layer).hasToString("model.safetensors at a.layer.1");
  }

  @Test
  void aMatrixIsTheMappedFileItself() {
    var matrix = weights(Loading.MAP, "a").matrix("a", 2, 3);
    assertThat(matrix.data().isMapped()).isTrue();
    assertThat(matrix.data().isReadOnly()).isTrue();
    assertThat(region.allocatedBytes()).isZero();
    try (var scratch = Region.scratch()) {
      var weights = weights(Loading.MAP, "a");
      var borrowed = weights.borrow("a", 2, 3, scratch);
      assertThat(borrowed.data().isMapped()).isTrue();
      weights.release(borrowed);
      assertThat(borrowed.toArray()).containsExactly(0, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void aCopiedMatrixLivesWhereItIsWanted() {
    try (var scratch = Region.scratch()) {
      var weights = weights(Loading.COPY, "a");
      var borrowed = weights.borrow("a", 2, 3, scratch);
      assertThat(scratch.allocatedBytes()).isEqualTo(24);
      assertThat(region.allocatedBytes()).isZero();
      weights.release(borrowed);
      assertThat(weights.matrix("a", 2, 3).toArray()).containsExactly(borrowed.toArray());
      assertThat(region.allocatedBytes()).isEqualTo(24);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oddPlacesReadRight(Loading loading) {
    var data = ByteBuffer.allocate(1 + 24 + 12 + 6).order(ByteOrder.LITTLE_ENDIAN).put((byte) 7);
    for (int i = 0; i < 6; i++) {
      data.putFloat(i + 0.5f);
    }
    data.putFloat(-1).putFloat(-2).putFloat(-3);
    data.putShort((short) 0x3c00).putShort((short) 0xc000).putShort((short) 1);
    var header =
        "{"
            + String.join(
                ",",
                entry("byte", "U8", "[1]", 0, 1),
                entry("m", "F32", "[2,3]", 1, 25),
                entry("v", "F32", "[3]", 25, 37),
                entry("h", "F16", "[1,3]", 37, 43))
            + "}";
    var weights = open(loading, header, data.array()).weights();
    assertThat(weights.matrix("m", 2, 3).toArray())
        .containsExactly(0.5f, 1.5f, 2.5f, 3.5f, 4.5f, 5.5f);
    assertThat(weights.vector("v", 3, Init.ZEROS).toArray(JAVA_FLOAT)).containsExactly(-1, -2, -3);
    assertThat(weights.matrix("h", 1, 3).toArray()).containsExactly(1, -2, 0x1p-24f);
    assertThat(weights.matrix("m", 2, 3).rows(1, 1).toArray()).containsExactly(3.5f, 4.5f, 5.5f);
  }

  @Test
  void vectorsAreCopiedToAlignedMemory() {
    var header = "{" + entry("x", "U8", "[1]", 0, 1) + "," + entry("v", "F32", "[2]", 1, 9) + "}";
    var vector = open(Loading.MAP, header, new byte[9]).weights().vector("v", 2, Init.ONES);
    assertThat(vector.isMapped()).isFalse();
    assertThat(vector.address() % 64).isZero();
    assertThat(vector.toArray(JAVA_FLOAT)).containsExactly(0, 0);
  }

  @Test
  void aWrongShapeNamesBoth() {
    var weights = weights(Loading.MAP, "a.b");
    var message = "tensor a.b in model.safetensors has shape [2, 3], config.json asks for ";
    assertThatThrownBy(() -> weights.at("a").matrix("b", 3, 2))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(message + "[3, 2]");
    assertThatThrownBy(() -> weights.vector("a.b", 6, Init.ZEROS)).hasMessage(message + "[6]");
    assertThatThrownBy(() -> weights.allowNew(true).matrix("a.b", 2, 2))
        .hasMessage(message + "[2, 2]");
  }

  @Test
  void integersAreNoWeights() {
    for (var dtype : List.of("I64", "BOOL", "U8", "F8_E4M3")) {
      int width = dtype.equals("I64") ? 8 : 1;
      var weights =
          open(Loading.MAP, "{" + entry("a", dtype, "[1,1]", 0, width) + "}", new byte[width])
              .weights();
      assertThatThrownBy(() -> weights.matrix("a", 1, 1))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "tensor a in model.safetensors holds " + dtype + ": F32, F16, BF16 or F64 is needed");
    }
  }

  @Test
  void oldNamesOfLayerNorms() {
    var weights =
        weights(Loading.MAP, "LayerNorm.gamma", "x.norm.beta", "both.gamma", "both.weight");
    assertThat(weights.at("LayerNorm").has("weight")).isTrue();
    assertThat(weights.at("LayerNorm").matrix("weight", 2, 3).get(0, 0)).isEqualTo(0);
    assertThat(weights.at("x.norm").matrix("bias", 2, 3).get(0, 0)).isEqualTo(6);
    assertThat(weights.has("x.norm.weight")).isFalse();
    assertThat(weights.matrix("both.weight", 2, 3).get(0, 0)).isEqualTo(18);
    assertThat(weights.report().unexpected()).containsExactly("both.gamma");
  }

  @Test
  void theBasePrefixMayBeThereOrNot() {
    var head = weights(Loading.MAP, "bert.x", "cls.y");
    assertThat(head.base("bert").matrix("x", 2, 3).get(0, 0)).isZero();
    var base = weights(Loading.MAP, "x", "bertram.y");
    assertThat(base.base("bert").matrix("x", 2, 3).get(0, 0)).isZero();
  }

  @Test
  void aMissingTensorIsToldWithItsNeighbours() {
    var weights =
        weights(
            Loading.MAP,
            "bert.encoder.layer.0.attention.key.weight",
            "bert.encoder.layer.0.attention.value.weight",
            "bert.encoder.layer.1.attention.key.weight",
            "bert.pooler.weight");
    missing(
        weights,
        "bert.encoder.layer.2.attention.key.weight",
        "under bert.encoder.layer it holds 2, 0 to 1; does config.json fit?");
    missing(
        weights,
        "bert.encoder.layer.0.attention.query.weight",
        "under bert.encoder.layer.0.attention it holds only key, value");
    missing(
        weights,
        "bert.encoder.layer.0.attention.key.bias",
        "under bert.encoder.layer.0.attention.key it holds only weight");
    missing(
        weights,
        "cls.predictions.bias",
        "the checkpoint holds no tensor under cls, only bert; a head that it does not have can be"
            + " initialised (Options.withAllowNewHead(true))");
    missing(
        weights,
        "bert.embeddings.word_embeddings.weight",
        "the checkpoint holds no tensor under bert.embeddings, only encoder, pooler; a head that"
            + " it does not have can be initialised (Options.withAllowNewHead(true))");
  }

  private static void missing(Weights weights, String name, String hint) {
    assertThatThrownBy(() -> weights.matrix(name, 8, 9))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("missing tensor " + name + " [8, 9] in model.safetensors: " + hint);
  }

  @Test
  void theReport() {
    var weights =
        weights(
            Loading.MAP,
            "bert.embeddings.position_ids",
            "bert.embeddings.token_type_ids",
            "encoder.version",
            "nezha.attention.relative_positions_encoding.positions_encoding",
            "bert.x",
            "cls.decoder.weight",
            "cls.seq.weight",
            "skipped");
    weights.at("bert").matrix("x", 2, 3);
    weights.tied("cls.decoder.weight", "bert.x");
    weights.at("cls").tied("decoder.bias", "cls.bias");
    weights.skip("skipped");
    weights.allowNew(true).at("new").vector("bias", 4, Init.ZEROS);
    var report = weights.report();
    assertThat(report.unexpected()).containsExactly("cls.seq.weight");
    assertThat(report.missing()).containsExactly("new.bias");
    assertThat(report.initialised()).containsExactly("new.bias");
    assertThat(report.tied())
        .containsExactly("cls.decoder.weight = bert.x", "cls.decoder.bias = cls.bias");
  }

  @Test
  void aNewHeadIsMadeOnlyWhereAllowed() {
    var weights = weights(Loading.MAP, "bert.x").allowNew(true);
    assertThat(weights.vector("v0", 3, Init.ZEROS).toArray(JAVA_FLOAT)).containsExactly(0, 0, 0);
    assertThat(weights.vector("v1", 3, Init.ONES).toArray(JAVA_FLOAT)).containsExactly(1, 1, 1);
    assertThat(weights.matrix("m", 2, 2).toArray()).doesNotContain(0);
    assertThat(weights.matrix("z", 1, 2, Init.ZEROS).toArray()).containsExactly(0, 0);
    assertThat(weights.has("m")).isFalse();
    assertThatThrownBy(() -> weights.allowNew(false).vector("v2", 3, Init.ZEROS))
        .isInstanceOf(CheckpointException.class);
    assertThat(weights.report().initialised()).containsExactly("v0", "v1", "m", "z");
  }

  @Test
  void nothingThatIsAskedForIsTooLargeForAnError() {
    var weights = Weights.random(0, 1, region);
    assertThatThrownBy(() -> weights.matrix("a", 1 << 24, 1 << 24))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            "tensor a [16777216, 16777216] needs 1125899906842624 bytes outside of the Java heap");
  }
}
