package io.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lanewise.CheckpointException;
import io.lanewise.checkpoint.folder.Companions;
import io.lanewise.task.SequenceReferencesTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A converted folder is the whole of what it was made from. */
class ConvertedTasksTest {
  private static final Path TASKS = Path.of("src/test/resources/tasks");

  @TempDir private Path folder;

  private Path converted(Path from, String... more) {
    var out = folder.resolve("out");
    var arguments = new java.util.ArrayList<>(List.of("convert", "-m", from.toString()));
    arguments.addAll(List.of("--out", out.toString()));
    arguments.addAll(List.of(more));
    Run.of(arguments.toArray(String[]::new)).succeeded();
    return out;
  }

  /** Every task of every kind of folder answers as before. */
  @ParameterizedTest
  @MethodSource("io.lanewise.task.SequenceReferencesTest#cases")
  void answersAreThoseOfTheOriginal(String name) {
    SequenceReferencesTest.check(converted(TASKS.resolve(name)));
  }

  private void write(String name) throws IOException {
    var file = folder.resolve("model").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  private List<String> names(Path of) {
    return Companions.of(of, of, folder.resolve("model/out")).keySet().stream()
        .map(path -> path.toString().replace('\\', '/'))
        .toList();
  }

  @Test
  void allButWeightsAndCachesIsCopied() throws IOException {
    var kept =
        List.of(
            "1_Pooling/config.json",
            "2_Dense/model.safetensors",
            "3_Dense/pytorch_model.bin",
            "README.md",
            "adapter_model.safetensors",
            "additional_chat_templates/tool.jinja",
            "chat_template.jinja",
            "colbert_linear.pt",
            "modules.json",
            "sentencepiece.bpe.model",
            "sparse_linear.pt",
            "spiece.model",
            "tokenizer.json",
            "training_args.bin");
    var left =
        List.of(
            ".cache/x",
            ".git/config",
            "checkpoint-500/model.safetensors",
            "config.json",
            "flax_model.msgpack",
            "model-00001-of-00002.safetensors",
            "model.onnx",
            "model.safetensors",
            "model.safetensors.index.json",
            "onnx/model.onnx",
            "openvino/openvino_model.xml",
            "optimizer.pt",
            "out/tokenizer.json",
            "pytorch_model.bin",
            "rust_model.ot",
            "tf_model.h5");
    for (var name : kept) {
      write(name);
    }
    for (var name : left) {
      write(name);
    }
    assertThat(names(folder.resolve("model"))).isEqualTo(kept);
  }

  /** The Hub's cache has links to blobs elsewhere; a copy has the bytes themselves. */
  @Test
  void linksAreFollowed() throws IOException {
    var snapshot = Files.createDirectories(folder.resolve("snapshots/abc"));
    var blobs = Files.createDirectories(folder.resolve("blobs"));
    var from = TASKS.resolve("classes-roberta-embed");
    try (var files = Files.walk(from)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var blob = blobs.resolve(String.valueOf(file.hashCode()));
        Files.copy(file, blob);
        var link = snapshot.resolve(from.relativize(file).toString());
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, blob);
      }
    }
    var out = converted(snapshot);
    try (var files = Files.walk(out)) {
      assertThat(files).hasSizeGreaterThan(10).noneMatch(Files::isSymbolicLink);
    }
    SequenceReferencesTest.check(out);
  }

  @Test
  void aLinkInACircleIsTold() throws IOException {
    write("config.json");
    Files.createSymbolicLink(folder.resolve("model/again"), folder.resolve("model"));
    assertThatThrownBy(() -> names(folder.resolve("model")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("again", "cannot be read");
  }

  /** Into a folder that holds files already, folder by folder. */
  @Test
  void aCopyIsWrittenOver() throws IOException {
    var from = TASKS.resolve("classes-albert-embed");
    Files.createDirectories(folder.resolve("out/2_Dense"));
    Files.writeString(folder.resolve("out/2_Dense/config.json"), "{}");
    Files.writeString(folder.resolve("out/mine"), "mine");
    var out = converted(from, "--overwrite");
    SequenceReferencesTest.check(out);
    converted(from, "--overwrite", "--max-shard-size", "9KB");
    SequenceReferencesTest.check(out);
    assertThat(out.resolve("mine")).hasContent("mine");
    assertThat(out.resolve("0_Transformer/model.safetensors")).doesNotExist();
  }
}
