package io.lanewise.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.lanewise.checkpoint.Config;
import io.lanewise.checkpoint.Safetensors;
import io.lanewise.checkpoint.folder.OpenedFolder;
import io.lanewise.checkpoint.format.Loading;
import io.lanewise.cli.Main;
import io.lanewise.cli.Run;
import io.lanewise.memory.Region;
import io.lanewise.model.Head;
import io.lanewise.model.Inputs;
import io.lanewise.model.KernelChoice;
import io.lanewise.model.Model;
import io.lanewise.model.Options;
import io.lanewise.model.Precision;
import io.lanewise.tensor.DType;
import io.lanewise.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertCommandTest {
  private static final Path GOLDENS = Path.of("src", "test", "resources", "goldens");

  private static final Set<String> OTHERS =
      Set.of("flax_model.msgpack", "tf_model.h5", "pytorch_model.bin");

  @TempDir Path folder;

  private static int run(StringWriter err, String... arguments) {
    var in = new ByteArrayInputStream(new byte[0]);
    return Main.run(arguments, in, new ByteArrayOutputStream(), new PrintWriter(err, true));
  }

  private Path convert(Path from, String... more) {
    var out = folder.resolve("out");
    var arguments = new String[5 + more.length];
    System.arraycopy(
        new String[] {"convert", "--model", from.toString(), "--out", out.toString()},
        0,
        arguments,
        0,
        5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    var err = new StringWriter();
    assertThat(run(err, arguments)).as(err.toString()).isZero();
    return out;
  }

  private static SequencedMap<String, Tensor> results(Path model, Path golden, Head head) {
    var inputs = Inputs.of(Safetensors.read(golden.resolve("inputs.safetensors")));
    try (var loaded = Model.load(model, Options.DEFAULT.withThreads(1).withHead(head))) {
      return loaded.forward(inputs).tensors();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "bert_nsp_legacy_bin, NEXT_SENTENCE_PREDICTION",
    "bert_qa_bin, QUESTION_ANSWERING",
    "bert_model_from_mlm_oldnames, MODEL",
    "albert_seqcls_multilabel_sharded, SEQUENCE_CLASSIFICATION",
    "albert_mlm_embeds_bf16, MASKED_LM"
  })
  void whatIsConvertedGivesTheSame(String name, Head head) throws IOException {
    var golden = GOLDENS.resolve(name);
    var out = convert(golden);
    assertThat(results(out, golden, head)).isEqualTo(results(golden, golden, head));
    assertThat(out).isDirectoryContaining("glob:**/model.safetensors");
    assertThat(Safetensors.read(out.resolve("model.safetensors")).keySet())
        .noneMatch(tensor -> tensor.endsWith("gamma") || tensor.endsWith("position_ids"));
  }

  static List<Path> otherFrameworks() throws IOException {
    var found = new ArrayList<Path>();
    for (var set : List.of(GOLDENS, GOLDENS.resolveSibling("families"))) {
      try (var files = Files.walk(set, 2)) {
        files.filter(file -> OTHERS.contains(file.getFileName().toString())).forEach(found::add);
      }
    }
    return found;
  }

  /** A model whose weights are in a file of another framework, or in a pickle, and nowhere else. */
  @ParameterizedTest
  @MethodSource("otherFrameworks")
  void otherFrameworksAreConverted(Path weights) throws IOException {
    if (weights.toString().contains("bad_")) {
      return; // refused, as GoldenTest shows
    }
    var alone = Files.createDirectories(folder.resolve("alone"));
    Files.copy(weights.resolveSibling("config.json"), alone.resolve("config.json"));
    Files.copy(weights, alone.resolve(weights.getFileName()));
    var out = convert(alone);
    try (var before = Model.load(alone, Options.DEFAULT.withThreads(1));
        var after = Model.load(out, Options.DEFAULT.withThreads(1))) {
      assertThat(after.report().unexpected()).isEqualTo(before.report().unexpected());
      var ids = Inputs.ids(new long[][] {{3, 5, 7, 2}});
      assertThat(after.forward(ids).tensors()).isEqualTo(before.forward(ids).tensors());
    }
  }

  @Test
  void narrowsWidensAndSplits() {
    var golden = GOLDENS.resolve("bert_qa_bin");
    var out = convert(golden, "--dtype", "bf16", "--max-shard-size", "20KB");
    assertThat(out.resolve("model.safetensors.index.json")).exists();
    assertThat(Config.read(out.resolve("config.json")).json()).contains("bfloat16");
    convert(out, "--dtype", "F32", "--overwrite");
    assertThat(out.resolve("model.safetensors")).exists();
    assertThat(out.resolve("model.safetensors.index.json")).doesNotExist();
    assertThat(Config.read(out.resolve("config.json")).json()).contains("float32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bert_qa_bin", "albert_seqcls_multilabel_sharded"})
  void int8LoadsToTheBitsThatItHasWhenMadeAtLoad(String name) {
    var golden = GOLDENS.resolve(name);
    var out = convert(golden, "--dtype", "int8");
    try (var region = Region.open();
        var saved = OpenedFolder.open(out, Loading.MAP, region)) {
      var tensors = saved.tensors();
      long narrow = tensors.stream().filter(tensor -> tensor.dtype() == DType.I8).count();
      long scales = tensors.stream().filter(tensor -> tensor.name().endsWith("_scale")).count();
      assertThat(narrow).isPositive().isEqualTo(scales);
    }
    var inputs = Inputs.of(Safetensors.read(golden.resolve("inputs.safetensors")));
    for (var kernels : List.of(KernelChoice.SCALAR, KernelChoice.VECTOR, KernelChoice.AUTO)) {
      var options =
          Options.DEFAULT.withThreads(1).withPrecision(Precision.INT8).withBackend(kernels);
      try (var made = Model.load(golden, options);
          var loaded = Model.load(out, options)) {
        assertThat(loaded.report().unexpected()).isEqualTo(made.report().unexpected());
        assertThat(loaded.forward(inputs).tensors()).isEqualTo(made.forward(inputs).tensors());
      }
    }
  }

  @Test
  void int8IsShownByInspectAndLoadedAsSuch() {
    var out = convert(GOLDENS.resolve("bert_qa_bin"), "--dtype", "int8");
    var shown = Run.of("inspect", "--model", out.toString()).succeeded().out();
    assertThat(shown)
        .contains("\"format\":\"lanewise-int8\"")
        .containsPattern("output.dense.weight +I8 ")
        .containsPattern("output.dense.weight_scale +F32 ")
        .containsPattern("kernels +.*int8");
    var back = convert(out, "--dtype", "f32", "--overwrite");
    assertThat(Run.of("inspect", "--model", back.toString()).succeeded().out())
        .doesNotContain("int8", " I8 ", "_scale");
  }

  @Test
  void weightsThatAreQuantisedOtherwiseAreRefused() throws IOException {
    var out = convert(GOLDENS.resolve("bert_qa_bin"), "--dtype", "int8");
    var config = out.resolve("config.json");
    var text = Files.readString(config);
    Files.writeString(config, text.replace("lanewise-int8", "lanewise-int3"));
    refused(out, "config.json", "lanewise-int3", "lanewise-int8 is known");
    var foreign = "{\"quantization_config\": {\"quant_method\": \"gptq\"},";
    Files.writeString(config, foreign + text.substring(1));
    refused(out, "quantization_config", "another engine (gptq)", "in int8 (--dtype)");
    Files.writeString(config, text);
    var weights = out.resolve("model.safetensors");
    var tensors = new LinkedHashMap<>(Safetensors.read(weights));
    var missing = "bert.encoder.layer.0.output.dense.weight_scale";
    assertThat(tensors.remove(missing)).isNotNull();
    tensors.values().removeIf(tensor -> tensor.dtype() != DType.F32);
    Safetensors.write(weights, tensors);
    refused(out, "missing tensor");
  }

  private static void refused(Path folder, String... parts) {
    var run = Run.of("inspect", "--model", folder.toString());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains(parts);
  }

  @ParameterizedTest
  @CsvSource({
    "--dtype, f8, 2, give f32",
    "--max-shard-size, 2XB, 2, such as 500MB",
    "--max-shard-size, 0, 2, such as 500MB",
    "--max-shard-size, 99999999999GB, 2, such as 500MB"
  })
  void wrongUsageIsTold(String option, String value, int code, String why) {
    var golden = GOLDENS.resolve("bert_qa_bin").toString();
    var out = folder.resolve("out").toString();
    var err = new StringWriter();
    assertThat(run(err, "convert", "--model", golden, "--out", out, option, value)).isEqualTo(code);
    assertThat(err.toString()).contains(why);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void aFullFolderIsLeftAlone() throws IOException {
    Files.writeString(folder.resolve("mine"), "mine");
    var err = new StringWriter();
    var golden = GOLDENS.resolve("bert_qa_bin").toString();
    assertThat(run(err, "convert", "--model", golden, "--out", folder.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("not empty");
  }

  @Test
  void settingsCanBeSet() throws IOException {
    var golden = GOLDENS.resolve("albert_multichoice");
    var err = new StringWriter();
    var model = golden.toString();
    assertThat(run(err, "inspect", "--model", model, "--set", "hidden_act=swoosh")).isEqualTo(1);
    assertThat(err.toString()).contains("hidden_act").contains("swoosh");
    assertThat(run(new StringWriter(), "inspect", "--model", model, "--set", "hidden_act=relu"))
        .isZero();
    assertThat(run(new StringWriter(), "inspect", "-m", model, "--set", "num_labels=3")).isZero();
  }
}
