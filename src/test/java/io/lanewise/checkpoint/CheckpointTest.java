package io.lanewise.checkpoint;

import static io.lanewise.checkpoint.HandMade.entry;
import static io.lanewise.checkpoint.HandMade.floats;
import static io.lanewise.checkpoint.HandMade.safetensors;
import static io.lanewise.checkpoint.HandMade.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.checkpoint.weights.Weights.Init;
import io.lanewise.memory.Region;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  @TempDir private Path folder;
  private final Region region = Region.open();

  @AfterEach
  void free() {
    region.close();
  }

  private void refused(String message) {
    for (var loading : Loading.values()) {
      assertThatThrownBy(() -> OpenedFolder.open(folder, loading, region))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(message);
    }
  }

  private static byte[] oneFloat(String name, float value) {
    return safetensors("{" + entry(name, "F32", "[1]", 0, 4) + "}", floats(value));
  }

  @Test
  void aFolderIsNeeded() {
    var nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> OpenedFolder.open(nowhere, Loading.MAP, region))
        .hasMessage(
            "there is no folder "
                + nowhere
                + ": give the folder that holds config.json and the weights");
    var file = write(folder, "model.safetensors", oneFloat("a", 1));
    assertThatThrownBy(() -> OpenedFolder.open(file, Loading.MAP, region))
        .hasMessage(file + " is a file: give the folder that holds config.json and the weights");
    assertThatThrownBy(() -> OpenedFolder.open(Path.of(""), Loading.MAP, region))
        .isInstanceOf(CheckpointException.class);
  }

  @Test
  void aConfigIsNeeded() throws IOException {
    refused("there is no config.json in " + folder + ": it is no model folder");
    var inner = Files.createDirectory(folder.resolve("snapshot"));
    write(inner, "config.json", "{}");
    refused("there is no config.json in " + folder + ", but in " + inner);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{}{}", "{\"a\":1,\"a\":2}", "nonsense", "\ufeff"})
  void theConfigIsStrictJson(String config) {
    var file = write(folder, "config.json", config);
    assertThatThrownBy(() -> OpenedFolder.open(folder, Loading.MAP, region))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void aPointerInPlaceOfTheConfigIsRecognised() {
    var file = write(folder, "config.json", "version https://git-lfs.github.com/spec/v1\n");
    refused(file + " is a Git LFS pointer, not the file itself: run \"git lfs pull\"");
  }

  @Test
  void weightsAreNeeded() {
    write(folder, "config.json", "{}");
    var lookedFor =
        "there are no weights in "
            + folder
            + ": looked for model.safetensors, model.safetensors.index.json, ";
    assertThatThrownBy(() -> OpenedFolder.open(folder, Loading.MAP, region))
        .hasMessageStartingWith(lookedFor);
    write(folder, "model.fp16.safetensors", "");
    assertThatThrownBy(() -> OpenedFolder.open(folder, Loading.MAP, region))
        .hasMessageStartingWith(lookedFor)
        .hasMessageEndingWith("; there is model.fp16.safetensors");
  }

  @ParameterizedTest
  @EnumSource
  void oneFile(Loading loading) {
    write(folder, "config.json", "{\"model_type\": \"albert\"}");
    write(folder, "model.safetensors", oneFloat("a", 2.5f));
    write(folder, "model.safetensors.index.json", "not looked at");
    try (var checkpoint = OpenedFolder.open(folder, loading, region)) {
      assertThat(checkpoint.config().text("model_type", "")).isEqualTo("albert");
      assertThat(checkpoint.files()).containsExactly("model.safetensors");
      assertThat(checkpoint.totalBytes()).isEqualTo(4);
      assertThat(checkpoint.tensors()).hasToString("[a F32[1] in model.safetensors]");
      var a = checkpoint.weights().vector("a", 1, Init.ZEROS);
      assertThat(a.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(2.5f);
    }
  }

  @Test
  void usersSeeWhatIsOpened() {
    write(folder, "config.json", "{\"model_type\": \"albert\"}");
    write(folder, "generation_config.json", "{\"num_beams\": 3}");
    assertThatThrownBy(() -> Checkpoint.open(folder))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("no weights");
    write(folder, "model.safetensors", oneFloat("a", 2.5f));
    try (var checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.folder()).isEqualTo(folder);
      assertThat(checkpoint.config().text("model_type")).contains("albert");
      assertThat(checkpoint.format()).isEqualTo("safetensors");
      assertThat(checkpoint.files()).containsExactly("model.safetensors");
      assertThat(checkpoint.tensors()).hasToString("[a F32[1] in model.safetensors]");
      assertThat(checkpoint.totalBytes()).isEqualTo(4);
    }
    assertThat(Checkpoint.config(folder).has("model_type")).isTrue();
    assertThat(Checkpoint.generation(folder).orElseThrow().positive("num_beams", 1)).isEqualTo(3);
  }

  private void index(String weightMap) {
    write(folder, "config.json", "{}");
    write(folder, "model.safetensors.index.json", "{\"weight_map\": " + weightMap + "}");
  }

  @ParameterizedTest
  @EnumSource
  void severalFiles(Loading loading) throws IOException {
    Files.createDirectory(folder.resolve("part"));
    write(folder, "one.safetensors", oneFloat("a", 1));
    write(folder, "part/two.safetensors", oneFloat("b", 2));
    index("{\"b\": \"part/two.safetensors\", \"a\": \"one.safetensors\"}");
    try (var checkpoint = OpenedFolder.open(folder, loading, region)) {
      assertThat(checkpoint.files()).containsExactly("part/two.safetensors", "one.safetensors");
      assertThat(checkpoint.tensors())
          .extracting(TensorInfo::name, TensorInfo::file)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("b", "part/two.safetensors"),
              org.assertj.core.groups.Tuple.tuple("a", "one.safetensors"));
      var b = checkpoint.weights().vector("b", 1, Init.ZEROS);
      assertThat(b.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(2);
      assertThatThrownBy(() -> checkpoint.weights().vector("c", 1, Init.ZEROS))
          .hasMessageStartingWith("missing tensor c [1] in model.safetensors.index.json");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../x.safetensors",
        "a/../../x.safetensors",
        "a//x.safetensors",
        "./x.safetensors",
        "..",
        "",
        "..\\\\x.safetensors",
        "C:x.safetensors",
        "a\\u0000b",
        "a/"
      })
  void shardsStayInsideTheFolder(String name) {
    index("{\"a\": \"" + name + "\"}");
    assertThatThrownBy(() -> OpenedFolder.open(folder, Loading.MAP, region))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(folder.resolve("model.safetensors.index.json") + ": tensor a would")
        .hasMessageEndingWith("the name of a file inside the folder is needed")
        .hasMessageNotContaining("\0");
  }

  @Test
  void theIndexIsAMapOfNames() {
    var file = folder.resolve("model.safetensors.index.json");
    for (var map : new String[] {"{}", "[]", "3", "null"}) {
      index(map);
      refused(file + " has no weight_map from tensors to files");
    }
    index("{\"a\": 3}");
    refused(file + ": tensor a would be in 3: the name of a file inside the folder is needed");
  }

  @Test
  void theIndexTellsTheTruth() {
    index("{\"a\": \"one\", \"b\": \"two\"}");
    write(folder, "one", oneFloat("a", 1));
    refused(
        folder.resolve("two")
            + " does not exist, but model.safetensors.index.json names it: one of 2 files has not"
            + " been fetched");
    write(folder, "two", oneFloat("a", 1));
    refused("tensor a is in two files, one and two");
    write(folder, "two", oneFloat("c", 1));
    refused(folder.resolve("model.safetensors.index.json") + ": tensor b is not in two");
    write(folder, "one", oneFloat("b", 1));
    write(folder, "two", oneFloat("a", 1));
    refused(folder.resolve("model.safetensors.index.json") + ": tensor a is not in one but in two");
  }

  /** In the cache of the Hub a snapshot is a folder of links to files named by their digest. */
  @ParameterizedTest
  @EnumSource
  void theCacheOfTheHubIsLinks(Loading loading) throws IOException {
    var blobs = Files.createDirectory(folder.resolve("blobs"));
    var snapshot = Files.createDirectories(folder.resolve("snapshots/abc"));
    write(blobs, "01", "{}");
    write(blobs, "02", oneFloat("a", 3));
    write(blobs, "03", "{\"weight_map\": {\"a\": \"model-00001-of-00001.safetensors\"}}");
    Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/01"));
    Files.createSymbolicLink(
        snapshot.resolve("model-00001-of-00001.safetensors"), Path.of("../../blobs/02"));
    Files.createSymbolicLink(
        snapshot.resolve("model.safetensors.index.json"), Path.of("../../blobs/03"));
    try (var checkpoint = OpenedFolder.open(snapshot, loading, region)) {
      var a = checkpoint.weights().vector("a", 1, Init.ZEROS);
      assertThat(a.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(3);
    }
    Files.delete(blobs.resolve("02"));
    assertThatThrownBy(() -> OpenedFolder.open(snapshot, loading, region))
        .isInstanceOf(CheckpointException.class);
  }

  @Test
  void aCopyOutlivesTheFile() throws IOException {
    write(folder, "config.json", "{}");
    var file = write(folder, "model.safetensors", oneFloat("a", 2.5f));
    var checkpoint = OpenedFolder.open(folder, Loading.COPY, region);
    var matrix = checkpoint.weights().vector("a", 1, Init.ZEROS);
    truncate(file, 0);
    assertThat(matrix.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(2.5f);
    assertThat(region.mappedBytes()).isZero();
    checkpoint.close();
    assertThat(matrix.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(2.5f);
  }

  @Test
  void aFileCutWhileItIsCopiedIsAnError() throws IOException {
    write(folder, "config.json", "{}");
    var file = write(folder, "model.safetensors", oneFloat("a", 2.5f));
    long size = Files.size(file);
    try (var checkpoint = OpenedFolder.open(folder, Loading.COPY, region)) {
      truncate(file, size - 1);
      assertThatThrownBy(() -> checkpoint.weights().vector("a", 1, Init.ZEROS))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              "%s was cut while it was read: it had %d bytes, now it ends at %d",
              file, size, size - 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileReplacedWhileItIsOpenChangesNothing(Loading loading) {
    write(folder, "config.json", "{}");
    var file = write(folder, "model.safetensors", oneFloat("a", 1));
    try (var checkpoint = OpenedFolder.open(folder, loading, region)) {
      var other = new java.util.LinkedHashMap<String, io.lanewise.tensor.Tensor>();
      other.put("a", io.lanewise.tensor.Tensor.of(new float[] {2}, 1));
      Safetensors.write(file, other);
      var a = checkpoint.weights().vector("a", 1, Init.ZEROS);
      assertThat(a.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(1);
    }
  }

  private static void truncate(Path file, long size) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }
}
